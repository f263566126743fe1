import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Caller } from '../../accounts/callers.ts';
import {
  evaluationRunRequest,
  evaluationRunResponse,
  evaluationRunUpdate,
  logsToAdd,
  retryRequest,
} from '../../contract/evaluation-run.ts';
import { addLogs } from '../../evaluation/evaluations/add-logs.ts';
import { createRun } from '../../evaluation/evaluations/create-run.ts';
import type { EvaluationRun } from '../../evaluation/evaluations/evaluation-run.ts';
import { getRun, listRuns, requireRun } from '../../evaluation/evaluations/read-runs.ts';
import { addExistingRun, removeRun } from '../../evaluation/evaluations/share-run.ts';
import { updateRun } from '../../evaluation/evaluations/update-run.ts';
import { retryEvaluationRun } from '../../evaluation/runs/retry-run.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { answers, nameOperations } from '../document/openapi.ts';
import { runBodies } from '../wire/evaluation.ts';
import { replayRoutes } from './replay-routes.ts';

const operation = nameOperations({ collection: 'evaluations' });
const params = Type.Object({ id: Type.String() });
const ofRun = Type.Object({ id: Type.String(), run_id: Type.String() });

/**
 * The Runs of Evaluations: `/v5/evaluations/{id}/runs`.
 *
 * @param wake makes the server look for work at once.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of routes, each of them short
export function evaluationRunRoutes(
  parts: RuntimeParts,
  wake: () => void,
): FastifyPluginAsyncTypebox {
  /** The answer to a request that may have made work. */
  const changedBody = async ({ workspace }: Caller, run: EvaluationRun) => {
    wake();
    const [body] = await runBodies(workspace, [run]);
    return body;
  };

  // biome-ignore lint/complexity/noExcessiveLinesPerFunction: as above
  return async (app) => {
    await app.register(replayRoutes(parts));
    app.get(
      '/:id/runs',
      {
        schema: {
          ...operation('list_runs_for_evaluation'),
          params,
          ...answers(
            200,
            Type.Object(
              { runs: Type.Array(evaluationRunResponse) },
              { additionalProperties: true, title: 'EvaluationRunsResponse' },
            ),
          ),
        },
      },
      async ({ caller: { workspace }, params: { id } }) => ({
        runs: await runBodies(workspace, await listRuns(workspace, id)),
      }),
    );

    app.post(
      '/:id/runs',
      {
        schema: {
          ...operation('create_run'),
          params,
          body: evaluationRunRequest,
          ...answers(200, evaluationRunResponse),
        },
      },
      async ({ caller, params: { id }, body: request }) => {
        const { workspace, keyId } = caller;
        return changedBody(caller, await createRun(parts, workspace, id, { request, keyId }));
      },
    );

    app.post(
      '/:id/runs/:run_id',
      {
        schema: {
          ...operation('add_existing_run'),
          params: ofRun,
          ...answers(200, evaluationRunResponse),
        },
      },
      async ({ caller, params: { id, run_id: runId } }) =>
        changedBody(caller, await addExistingRun(caller.workspace, id, runId)),
    );

    app.delete(
      '/:id/runs/:run_id',
      { schema: { ...operation('remove_run'), params: ofRun, ...answers(204, Type.Null()) } },
      async ({ caller: { workspace }, params: { id, run_id: runId } }, reply) => {
        await removeRun(workspace, id, runId);
        void reply.code(204);
        return null;
      },
    );

    app.patch(
      '/:id/runs/:run_id',
      {
        schema: {
          ...operation('update_evaluation_run'),
          params: ofRun,
          body: evaluationRunUpdate,
          ...answers(200, evaluationRunResponse),
        },
      },
      async ({ caller, params: { id: evaluationId, run_id: runId }, body }) =>
        changedBody(caller, await updateRun(caller.workspace, { evaluationId, runId }, body)),
    );

    app.post(
      '/:id/runs/:run_id/logs',
      {
        schema: {
          ...operation('add_logs_to_run'),
          params: ofRun,
          body: logsToAdd,
          ...answers(200, evaluationRunResponse),
        },
      },
      async ({ caller, params: { id: evaluationId, run_id: runId }, body }) =>
        changedBody(caller, await addLogs(caller.workspace, { evaluationId, runId }, body.log_ids)),
    );

    app.post(
      '/:id/runs/:run_id/retry',
      {
        schema: {
          ...operation('retry_run'),
          params: ofRun,
          body: retryRequest,
          ...answers(200, evaluationRunResponse),
        },
      },
      async ({ caller, params: { id, run_id: runId }, body }) => {
        const { workspace } = caller;
        await requireRun(workspace, id, runId);
        await retryEvaluationRun(workspace, runId, {
          what: body.what ?? 'errors',
          evaluators: body.evaluators ?? undefined,
          logs: body.logs ?? undefined,
        });
        return changedBody(caller, await getRun(workspace, id, runId));
      },
    );
  };
}
