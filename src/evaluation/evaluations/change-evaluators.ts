import { type EvaluatorReference, mostEvaluators } from '../../contract/evaluation.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { evaluationNotFound, evaluatorNotInEvaluation } from '../errors.ts';
import { lockRuns } from '../runs/lock-queries.ts';
import { completeRuns, reopenRuns } from '../runs/run-status.ts';
import { addTasks, dropTasks } from '../tasks/task-queries.ts';
import type { Evaluation } from './evaluation.ts';
import { lockEvaluation, touchEvaluation } from './evaluation-queries.ts';
import { deleteEvaluator, insertEvaluators, listEvaluatorRows } from './evaluator-queries.ts';
import { findEvaluators } from './evaluators.ts';
import { listRunIds } from './member-queries.ts';
import { getEvaluation } from './read-evaluations.ts';
import { requireEvaluation } from './read-runs.ts';

/**
 * Adds evaluators to an Evaluation. Those that are there already stay as they are. All Runs get the
 * judgments that are missing now; cancelled ones get none.
 *
 * @throws `evaluation_not_found`; what `findReferredVersion` throws; `invalid` for more than 50.
 */
export async function addEvaluators(
  workspace: Workspace,
  evaluationId: string,
  references: readonly EvaluatorReference[],
): Promise<Evaluation> {
  await requireEvaluation(workspace, evaluationId);
  const evaluators = await findEvaluators(workspace, references);
  const runIds = await inTransaction(workspace, async (workspace) => {
    if (!(await lockEvaluation(workspace, evaluationId))) throw evaluationNotFound(evaluationId);
    const before = await listEvaluatorRows(workspace, [evaluationId]);
    const known = new Set(before.map(({ versionId }) => versionId));
    const added = evaluators.filter(({ versionId }) => !known.has(versionId));
    if (added.length === 0) return [];
    if (before.length + added.length > mostEvaluators) {
      throw invalid(
        ['body', 'evaluators'],
        `An evaluation can have at most ${mostEvaluators} evaluators.`,
      );
    }
    await insertEvaluators(workspace, evaluationId, added);
    await touchEvaluation(workspace, evaluationId);
    const runIds = await listRunIds(workspace, evaluationId);
    await lockRuns(workspace, runIds, 'change');
    await reopenRuns(workspace, runIds);
    await addTasks(workspace, runIds);
    return runIds;
  });
  await completeRuns(workspace, runIds);
  return getEvaluation(workspace, evaluationId);
}

/**
 * Removes an evaluator from an Evaluation. Judgments that the server has not made yet are not made;
 * those that exist stay as logs.
 *
 * @throws `evaluation_not_found`, `version_not_found`.
 */
export async function removeEvaluator(
  workspace: Workspace,
  evaluationId: string,
  versionId: string,
): Promise<Evaluation> {
  const runIds = await inTransaction(workspace, async (workspace) => {
    if (!(await lockEvaluation(workspace, evaluationId))) throw evaluationNotFound(evaluationId);
    if (!(await deleteEvaluator(workspace, evaluationId, versionId))) {
      throw evaluatorNotInEvaluation(versionId);
    }
    await touchEvaluation(workspace, evaluationId);
    const runIds = await listRunIds(workspace, evaluationId);
    await lockRuns(workspace, runIds, 'change');
    await dropTasks(workspace, runIds);
    return runIds;
  });
  await completeRuns(workspace, runIds);
  return getEvaluation(workspace, evaluationId);
}
