import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Caller } from '../../accounts/callers.ts';
import {
  evaluationListQuery,
  evaluationRequest,
  evaluationResponse,
  evaluatorsToAdd,
} from '../../contract/evaluation.ts';
import { evaluationLogResponse, evaluationLogsQuery } from '../../contract/evaluation-run.ts';
import { pageSchema } from '../../contract/file.ts';
import { addEvaluators, removeEvaluator } from '../../evaluation/evaluations/change-evaluators.ts';
import { createEvaluation } from '../../evaluation/evaluations/create-evaluation.ts';
import { deleteEvaluation } from '../../evaluation/evaluations/delete-evaluation.ts';
import type { Evaluation } from '../../evaluation/evaluations/evaluation.ts';
import { listEvaluationLogs } from '../../evaluation/evaluations/list-evaluation-logs.ts';
import { getEvaluation, listEvaluations } from '../../evaluation/evaluations/read-evaluations.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { sendList } from '../server/send-list.ts';
import { evaluationBodies, evaluationLogBodies } from '../wire/evaluation.ts';

const operation = nameOperations({ collection: 'evaluations' });
const params = Type.Object({ id: Type.String() });

/**
 * Evaluations: `/v5/evaluations`.
 *
 * @param urlOf the address of an Evaluation for people, by its id.
 * @param wake makes the server look for work at once.
 */
export function evaluationRoutes(
  urlOf: (id: string) => string,
  wake: () => void,
): FastifyPluginAsyncTypebox {
  const bodyOf = async ({ workspace }: Caller, evaluation: Evaluation) => {
    const [body] = await evaluationBodies(workspace, [evaluation], urlOf);
    return body;
  };

  return async (app) => {
    app.get(
      '/',
      {
        schema: {
          ...operation('list'),
          querystring: evaluationListQuery,
          ...answers(200, pageSchema(evaluationResponse)),
        },
      },
      async ({ caller: { workspace }, query: { file_id: fileId, page, size } }) => {
        const { records, total } = await listEvaluations(workspace, fileId, { page, size });
        return { records: await evaluationBodies(workspace, records, urlOf), page, size, total };
      },
    );

    app.post(
      '/',
      {
        schema: {
          ...operation('create'),
          body: evaluationRequest,
          ...answers(201, evaluationResponse),
        },
      },
      async ({ caller, body }, reply) => {
        const evaluation = await createEvaluation(caller.workspace, body);
        void reply.code(201);
        return bodyOf(caller, evaluation);
      },
    );

    app.get(
      '/:id',
      { schema: { ...operation('get'), params, ...answers(200, evaluationResponse) } },
      async ({ caller, params: { id } }) =>
        bodyOf(caller, await getEvaluation(caller.workspace, id)),
    );

    app.delete(
      '/:id',
      { schema: { ...operation('delete'), params, ...answers(204, Type.Null()) } },
      async ({ caller: { workspace }, params: { id } }, reply) => {
        await deleteEvaluation(workspace, id);
        void reply.code(204);
        return null;
      },
    );

    app.post(
      '/:id/evaluators',
      {
        schema: {
          ...operation('add_evaluators'),
          params,
          body: evaluatorsToAdd,
          ...answers(200, evaluationResponse),
        },
      },
      async ({ caller, params: { id }, body: { evaluators } }) => {
        const evaluation = await addEvaluators(caller.workspace, id, evaluators);
        wake();
        return bodyOf(caller, evaluation);
      },
    );

    app.delete(
      '/:id/evaluators/:evaluator_version_id',
      {
        schema: {
          ...operation('remove_evaluator'),
          params: Type.Object({ id: Type.String(), evaluator_version_id: Type.String() }),
          ...answers(200, evaluationResponse),
        },
      },
      async ({ caller, params: { id, evaluator_version_id: versionId } }) =>
        bodyOf(caller, await removeEvaluator(caller.workspace, id, versionId)),
    );

    await app.register(logsRoute);
  };
}

const logsRoute: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/:id/logs',
    {
      schema: {
        ...operation('get_logs'),
        params,
        querystring: evaluationLogsQuery,
        ...answers(200, pageSchema(evaluationLogResponse)),
      },
    },
    async ({ caller: { workspace }, params: { id }, query }, reply) => {
      const { page, size, run_id: runIds, include_trace_children: withTrace } = query;
      const options = { runIds, page, size, withTrace };
      const { groups, total, evaluators } = await listEvaluationLogs(workspace, id, options);
      return sendList(reply, {
        groups: groups.map(
          (read) => async () =>
            evaluationLogBodies(workspace, await read(), evaluators, { withTrace }),
        ),
        rest: () => ({ page, size, total }),
      });
    },
  );
};
