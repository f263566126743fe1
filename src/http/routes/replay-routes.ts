import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { replayRequest, replayResponse } from '../../contract/replays.ts';
import { createReplay } from '../../evaluation/replays/create-replay.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { runBodies } from '../wire/evaluation.ts';

const operation = nameOperations({ collection: 'evaluations' });

/** Replays of past logs: `/v5/evaluations/{id}/replays`. */
export const replayRoutes =
  (parts: RuntimeParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/:id/replays',
      {
        schema: {
          ...operation('create_replay'),
          params: Type.Object({ id: Type.String() }),
          body: replayRequest,
          ...answers(200, replayResponse),
        },
      },
      async ({ caller: { workspace, keyId }, params: { id }, body: request }) => {
        const replay = await createReplay(parts, workspace, id, { request, keyId });
        const [run, baseline] = await runBodies(workspace, [replay.run, replay.baseline]);
        return { run, baseline };
      },
    );
  };
