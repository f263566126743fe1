import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { providerKeyRequest, providerKeyResponse } from '../../contract/provider-keys.ts';
import type { ProviderKeyring } from '../../provider-keys/provider-keyring.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { providerKeyBody } from '../wire/provider-key.ts';

const operation = nameOperations({ collection: 'provider_keys' });

/** An organization's keys for model vendors: `/v5/provider-keys`. No answer contains a key. */
export function providerKeyRoutes(keyring: ProviderKeyring): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/',
      { schema: { ...operation('list'), ...answers(200, Type.Array(providerKeyResponse)) } },
      async ({ caller }) => (await keyring.list(caller.workspace)).map(providerKeyBody),
    );

    app.post(
      '/',
      {
        schema: {
          ...operation('set'),
          body: providerKeyRequest,
          ...answers(200, providerKeyResponse),
        },
      },
      async ({ caller, body }) => providerKeyBody(await keyring.set(caller.workspace, body)),
    );

    app.delete(
      '/:provider',
      {
        schema: {
          ...operation('delete'),
          params: Type.Object({ provider: Type.String() }),
          ...answers(204, Type.Null()),
        },
      },
      async ({ caller, params }, reply) => {
        await keyring.delete(caller.workspace, params.provider);
        void reply.code(204);
        return null;
      },
    );
  };
}
