import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { evaluationNotFound } from '../errors.ts';
import { completeRuns } from '../runs/run-status.ts';
import { lockEvaluation, markEvaluationDeleted } from './evaluation-queries.ts';
import { listRunIds } from './member-queries.ts';
import { releaseRuns } from './release-runs.ts';

/**
 * Deletes an Evaluation. Its Runs that are in no other are cancelled. Logs and judgments stay.
 *
 * @throws `evaluation_not_found`.
 */
export async function deleteEvaluation(workspace: Workspace, id: string): Promise<void> {
  const elsewhere = await inTransaction(workspace, async (workspace) => {
    if (!(await lockEvaluation(workspace, id))) throw evaluationNotFound(id);
    const runIds = await listRunIds(workspace, id);
    await markEvaluationDeleted(workspace, id);
    return releaseRuns(workspace, runIds);
  });
  await completeRuns(workspace, elsewhere);
}
