import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { providerKeyRequest, providerKeyResponse } from '../../contract/provider-keys.ts';
import { trialResponse, vendorTrialRequest } from '../../contract/provider-trials.ts';
import { isModelProvider } from '../../contract/providers.ts';
import { providerKeyNotFound } from '../../provider-keys/errors.ts';
import type { ModelParts } from '../../runtime/models/model-parts.ts';
import { tryModel } from '../../runtime/models/try-model.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { providerKeyBody } from '../wire/provider-key.ts';
import { trialBody } from '../wire/provider-trial.ts';

const operation = nameOperations({ collection: 'provider_keys' });

/** An organization's keys for model vendors: `/v5/provider-keys`. No answer contains a key. */
export function providerKeyRoutes(
  parts: Pick<ModelParts, 'endpoints' | 'keyring' | 'providers'>,
): FastifyPluginAsyncTypebox {
  const { keyring } = parts;
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

    app.post(
      '/:provider/test',
      {
        schema: {
          ...operation('test'),
          params: Type.Object({ provider: Type.String() }),
          body: vendorTrialRequest,
          ...answers(200, trialResponse),
        },
      },
      async ({ caller, params: { provider }, body }) => {
        if (!isModelProvider(provider)) throw providerKeyNotFound(provider);
        return trialBody(await tryModel(parts, caller.workspace, provider, body.model));
      },
    );
  };
}
