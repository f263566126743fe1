import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { agreementQuery, agreementResponse } from '../../contract/agreement.ts';
import { measureAgreement } from '../../evaluation/agreement/agreement.ts';
import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import { answers, nameOperations } from '../document/openapi.ts';

const operation = nameOperations(evaluatorKind);

/** How far people, or two evaluators, agree: `/v5/evaluators/{id}/agreement`. */
export const agreementRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/:id/agreement',
    {
      schema: {
        ...operation('agreement'),
        params: Type.Object({ id: Type.String() }),
        querystring: agreementQuery,
        ...answers(200, agreementResponse),
      },
    },
    ({ caller: { workspace }, params: { id }, query }) => measureAgreement(workspace, id, query),
  );
};
