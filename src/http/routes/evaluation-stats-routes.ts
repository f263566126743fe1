import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { evaluationStats } from '../../contract/evaluation-stats.ts';
import { readEvaluationNumbers } from '../../evaluation/stats/evaluation-stats.ts';
import { statsBody } from '../../evaluation/stats/stats-body.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { isNodeSdk } from '../server/sdk-client.ts';

const operation = nameOperations({ collection: 'evaluations' });

/** Evaluations in numbers, below `/v5/evaluations`. */
export function evaluationStatsRoutes(urlOf: (id: string) => string): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/:id/stats',
      {
        schema: {
          ...operation('get_stats'),
          params: Type.Object({ id: Type.String() }),
          ...answers(200, evaluationStats),
        },
      },
      async ({ caller: { workspace }, params: { id }, headers }) =>
        statsBody(await readEvaluationNumbers(workspace, id), {
          url: urlOf(id),
          // The v5 SDK for Node moves the cursor of its terminal when there is progress, and ends
          // with an error where there is no terminal.
          showsProgress: !isNodeSdk(headers),
        }),
    );
  };
}
