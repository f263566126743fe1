import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Callers } from '../../accounts/callers.ts';
import {
  changeKey,
  createKey,
  listKeys,
  revokeKey,
  rotateKey,
} from '../../accounts/keys/manage-keys.ts';
import {
  apiKeyChange,
  apiKeyRequest,
  apiKeyResponse,
  madeApiKey,
  rotation,
} from '../../contract/api-keys.ts';
import type { KindRuntime } from '../../runtime/kinds/runtime-parts.ts';
import { cancelRunsOfKey } from '../../runtime/runs/cancel-run.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { apiKeyBody, madeKeyBody } from '../wire/accounts.ts';

const operation = nameOperations({ collection: 'api_keys' });
const params = Type.Object({ id: Type.String() });

/** API keys of an organization: `/v5/api-keys`. The key itself is answered once, when it is made. */
export function apiKeyRoutes(callers: Callers, runtime: KindRuntime): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/',
      { schema: { ...operation('list'), ...answers(200, Type.Array(apiKeyResponse)) } },
      async ({ caller }) => (await listKeys(caller)).map(apiKeyBody),
    );

    app.post(
      '/',
      {
        config: { unkeyed: true },
        schema: { ...operation('create'), body: apiKeyRequest, ...answers(201, madeApiKey) },
      },
      async ({ caller, body }, reply) => {
        const made = await createKey(caller, body);
        void reply.code(201);
        return madeKeyBody(made);
      },
    );

    app.patch(
      '/:id',
      {
        schema: {
          ...operation('update'),
          params,
          body: apiKeyChange,
          ...answers(200, apiKeyResponse),
        },
      },
      async ({ caller, params: { id }, body }) => {
        const key = await changeKey(caller, id, body);
        callers.changed();
        return apiKeyBody(key);
      },
    );

    app.delete(
      '/:id',
      {
        config: { unkeyed: true },
        schema: {
          ...operation('delete'),
          params,
          querystring: Type.Object({
            cancel_runs: Type.Boolean({
              default: false,
              description: 'Also cancel the runs that the key began. Otherwise they go on.',
            }),
          }),
          ...answers(204, Type.Null()),
        },
      },
      async ({ caller, params: { id }, query }, reply) => {
        const keyId = await revokeKey(caller, id);
        callers.changed();
        if (query.cancel_runs) await cancelRunsOfKey(runtime, caller.workspace, keyId);
        void reply.code(204);
        return null;
      },
    );

    app.post(
      '/:id/rotate',
      {
        config: { unkeyed: true },
        schema: { ...operation('rotate'), params, body: rotation, ...answers(201, madeApiKey) },
      },
      async ({ caller, params: { id }, body }, reply) => {
        const made = await rotateKey(caller, id, body.overlap_hours ?? 24);
        callers.changed();
        void reply.code(201);
        return madeKeyBody(made);
      },
    );
  };
}
