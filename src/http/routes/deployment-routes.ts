import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { deployedFile, deploymentsQuery } from '../../contract/environments.ts';
import { pageSchema } from '../../contract/file.ts';
import { listDeployedFiles } from '../../files/list-deployed-files.ts';
import { answers, nameOperations } from '../document/openapi.ts';

const operation = nameOperations({ collection: 'deployments' });

/** What is deployed where, for all files together: `/v5/deployments`. */
export const deploymentRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    {
      schema: {
        ...operation('list'),
        querystring: deploymentsQuery,
        ...answers(200, pageSchema(deployedFile)),
      },
    },
    async ({ caller: { workspace }, query }) => {
      const { page, size } = query;
      return { ...(await listDeployedFiles(workspace, query)), page, size };
    },
  );
};
