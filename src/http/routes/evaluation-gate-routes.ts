import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { gateRequest, gateResponse } from '../../contract/evaluation-gate.ts';
import { checkRun } from '../../evaluation/gate/gate.ts';
import { answers, nameOperations } from '../document/openapi.ts';

const operation = nameOperations({ collection: 'evaluations' });

/** Whether a Run of an Evaluation is good enough, below `/v5/evaluations`. */
export const evaluationGateRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/:id/runs/:run_id/gate',
    {
      schema: {
        ...operation('gate'),
        params: Type.Object({ id: Type.String(), run_id: Type.String() }),
        body: gateRequest,
        ...answers(200, gateResponse),
      },
    },
    async ({ caller: { workspace }, params, body }) => {
      const result = await checkRun(workspace, params.id, params.run_id, body);
      const { passed, status, runId, baselineId, checks } = result;
      return { passed, status, run_id: runId, baseline_run_id: baselineId, checks };
    },
  );
};
