import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { evaluationNotFound, evaluationRunNotFound } from '../errors.ts';
import { lockRuns } from '../runs/lock-queries.ts';
import { completeRuns, reopenRuns } from '../runs/run-status.ts';
import { addTasks } from '../tasks/task-queries.ts';
import { lockEvaluation, touchEvaluation } from './evaluation-queries.ts';
import type { EvaluationRun } from './evaluation-run.ts';
import { requireFileOf, takeFile } from './file-of-evaluation.ts';
import { deleteMember, findRunsInEvaluations, insertMember } from './member-queries.ts';
import { getEvaluation } from './read-evaluations.ts';
import { getRun } from './read-runs.ts';
import { releaseRuns } from './release-runs.ts';

/**
 * Puts a Run that is in another Evaluation into this one, too, whose evaluators judge its logs. No
 * effect if it is there already.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`; `invalid` for a Run of another file;
 *   `evaluation_name_taken` when this Evaluation has no file, and that of the Run has another
 *   Evaluation with its name.
 */
export async function addExistingRun(
  workspace: Workspace,
  evaluationId: string,
  runId: string,
): Promise<EvaluationRun> {
  const evaluation = await getEvaluation(workspace, evaluationId);
  const isAdded = await inTransaction(workspace, async (workspace) => {
    const locked = await lockEvaluation(workspace, evaluationId);
    if (!locked) throw evaluationNotFound(evaluationId);
    const [run] = await lockRuns(workspace, [runId], 'change');
    const shared = await findRunsInEvaluations(workspace, [runId]);
    if (!run || !shared.has(runId)) throw evaluationRunNotFound(runId);
    if (run.file_id !== null) {
      requireFileOf(locked, run.file_id, ['path', 'run_id']);
      await takeFile(workspace, evaluation, run.file_id);
    }
    if (!(await insertMember(workspace, evaluationId, runId))) return false;
    await touchEvaluation(workspace, evaluationId);
    await reopenRuns(workspace, [runId]);
    await addTasks(workspace, [runId]);
    return true;
  });
  if (isAdded) await completeRuns(workspace, [runId]);
  return getRun(workspace, evaluationId, runId);
}

/**
 * Takes a Run out of an Evaluation. One that is in no other is cancelled, and cannot be read any
 * more.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`.
 */
export async function removeRun(
  workspace: Workspace,
  evaluationId: string,
  runId: string,
): Promise<void> {
  const elsewhere = await inTransaction(workspace, async (workspace) => {
    if (!(await lockEvaluation(workspace, evaluationId))) throw evaluationNotFound(evaluationId);
    if (!(await deleteMember(workspace, evaluationId, runId))) throw evaluationRunNotFound(runId);
    await touchEvaluation(workspace, evaluationId);
    return releaseRuns(workspace, [runId]);
  });
  await completeRuns(workspace, elsewhere);
}
