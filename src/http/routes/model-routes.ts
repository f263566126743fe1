import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { vendorModels } from '../../contract/models.ts';
import { knownModels } from '../../runtime/models/known-models.ts';
import { answers, nameOperations } from '../document/openapi.ts';

const operation = nameOperations({ collection: 'models' });

/** The models that the server knows: `/v5/models`. */
export const modelRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/',
    { schema: { ...operation('list'), ...answers(200, Type.Array(vendorModels)) } },
    async () => knownModels(),
  );
};
