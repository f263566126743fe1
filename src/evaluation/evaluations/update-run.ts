import type { EvaluationRunUpdate } from '../../contract/evaluation-run.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { evaluationNotFound, evaluationRunEnded, evaluationRunNotFound } from '../errors.ts';
import { endEvaluationRun } from '../runs/end-evaluation-run.ts';
import { lockRuns } from '../runs/lock-queries.ts';
import { lockEvaluation, touchEvaluation } from './evaluation-queries.ts';
import type { EvaluationRun } from './evaluation-run.ts';
import { setControl } from './member-queries.ts';
import { getRun } from './read-runs.ts';
import { listMemberRows } from './run-queries.ts';

/**
 * Makes a Run the control of an Evaluation, or ends it, or both; nothing, if one of them is refused.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`; `evaluation_run_ended` (conflict).
 */
export async function updateRun(
  workspace: Workspace,
  { evaluationId, runId }: { readonly evaluationId: string; readonly runId: string },
  { control, status }: EvaluationRunUpdate,
): Promise<EvaluationRun> {
  await inTransaction(workspace, async (workspace) => {
    if (!(await lockEvaluation(workspace, evaluationId))) throw evaluationNotFound(evaluationId);
    const [member] = await listMemberRows(workspace, evaluationId, [runId]);
    if (!member) throw evaluationRunNotFound(runId);
    if (control != null && control !== member.isControl) {
      await setControl(workspace, evaluationId, { runId, isControl: control });
      await touchEvaluation(workspace, evaluationId);
    }
    if (status == null) return;
    const [run] = await lockRuns(workspace, [runId], 'change');
    if (run?.status === 'completed' || run?.status === 'cancelled') {
      throw evaluationRunEnded(runId, run.status);
    }
    await endEvaluationRun(workspace, runId, status, null);
    await touchEvaluation(workspace, evaluationId);
  });
  return getRun(workspace, evaluationId, runId);
}
