import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  customEndpointRequest,
  customEndpointResponse,
  customEndpointUpdate,
} from '../../contract/custom-endpoints.ts';
import { endpointTrialRequest, trialResponse } from '../../contract/provider-trials.ts';
import type { ModelParts } from '../../runtime/models/model-parts.ts';
import { tryModel } from '../../runtime/models/try-model.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { customEndpointBody } from '../wire/custom-endpoint.ts';
import { trialBody } from '../wire/provider-trial.ts';

const operation = nameOperations({ collection: 'custom_endpoints' });
const params = Type.Object({ endpoint: Type.String() });

/** An organization's own model servers: `/v5/custom-endpoints`. No answer contains a secret. */
export function customEndpointRoutes(
  parts: Pick<ModelParts, 'endpoints' | 'keyring' | 'providers'>,
): FastifyPluginAsyncTypebox {
  const { endpoints } = parts;
  return async (app) => {
    app.get(
      '/',
      { schema: { ...operation('list'), ...answers(200, Type.Array(customEndpointResponse)) } },
      async ({ caller }) => (await endpoints.list(caller.workspace)).map(customEndpointBody),
    );

    app.post(
      '/',
      {
        schema: {
          ...operation('create'),
          body: customEndpointRequest,
          ...answers(201, customEndpointResponse),
        },
      },
      async ({ caller, body }, reply) => {
        const endpoint = await endpoints.create(caller.workspace, body);
        void reply.code(201);
        return customEndpointBody(endpoint);
      },
    );

    app.get(
      '/:endpoint',
      { schema: { ...operation('get'), params, ...answers(200, customEndpointResponse) } },
      async ({ caller, params }) =>
        customEndpointBody(await endpoints.get(caller.workspace, params.endpoint)),
    );

    app.patch(
      '/:endpoint',
      {
        schema: {
          ...operation('update'),
          params,
          body: customEndpointUpdate,
          ...answers(200, customEndpointResponse),
        },
      },
      async ({ caller, params, body }) =>
        customEndpointBody(await endpoints.update(caller.workspace, params.endpoint, body)),
    );

    app.delete(
      '/:endpoint',
      { schema: { ...operation('delete'), params, ...answers(204, Type.Null()) } },
      async ({ caller, params }, reply) => {
        await endpoints.delete(caller.workspace, params.endpoint);
        void reply.code(204);
        return null;
      },
    );

    app.post(
      '/:endpoint/test',
      {
        schema: {
          ...operation('test'),
          params,
          body: endpointTrialRequest,
          ...answers(200, trialResponse),
        },
      },
      async ({ caller: { workspace }, params: { endpoint }, body }) => {
        const { name } = await endpoints.get(workspace, endpoint);
        return trialBody(await tryModel(parts, workspace, name, body.model));
      },
    );
  };
}
