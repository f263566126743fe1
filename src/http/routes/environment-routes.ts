import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import {
  environmentChange,
  environmentRequest,
  organizationEnvironment,
} from '../../contract/environments.ts';
import {
  changeEnvironment,
  createEnvironment,
  deleteEnvironment,
  listUsedEnvironments,
} from '../../files/manage-environments.ts';
import { answers, nameOperations } from '../document/openapi.ts';

const operation = nameOperations({ collection: 'environments' });
const params = Type.Object({ id: Type.String() });

/** Where versions are deployed to: `/v5/environments`. */
export const environmentRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    { schema: { ...operation('list'), ...answers(200, Type.Array(organizationEnvironment)) } },
    async ({ caller }) => listUsedEnvironments(caller.workspace),
  );

  app.post(
    '/',
    {
      schema: {
        ...operation('create'),
        body: environmentRequest,
        ...answers(201, organizationEnvironment),
      },
    },
    async ({ caller, body }, reply) => {
      const environment = await createEnvironment(caller.workspace, body);
      void reply.code(201);
      return environment;
    },
  );

  app.patch(
    '/:id',
    {
      schema: {
        ...operation('update'),
        params,
        body: environmentChange,
        ...answers(200, organizationEnvironment),
      },
    },
    async ({ caller, params: { id }, body }) => changeEnvironment(caller.workspace, id, body),
  );

  app.delete(
    '/:id',
    {
      schema: {
        ...operation('delete'),
        params,
        querystring: Type.Object({
          force: Type.Boolean({
            default: false,
            description: 'Delete it although files are deployed to it.',
          }),
        }),
        ...answers(204, Type.Null()),
      },
    },
    async ({ caller, params: { id }, query }, reply) => {
      await deleteEnvironment(caller.workspace, id, query);
      void reply.code(204);
      return null;
    },
  );
};
