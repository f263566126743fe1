import type { Workspace } from '../../database/workspace.ts';
import { endEvaluationRun } from '../runs/end-evaluation-run.ts';
import { lockRuns } from '../runs/lock-queries.ts';
import { dropTasks } from '../tasks/task-queries.ts';
import { findRunsInEvaluations } from './member-queries.ts';

/**
 * Does what follows when an Evaluation no longer has Runs: those that are in no other Evaluation are
 * cancelled, and the others lose the tasks that nobody else wants.
 *
 * @param workspace in the transaction that took the Runs out of the Evaluation.
 * @returns the Runs that are in other Evaluations. Nothing may be open in them any more: complete
 *   them after the commit.
 */
export async function releaseRuns(
  workspace: Workspace,
  runIds: readonly string[],
): Promise<readonly string[]> {
  const runs = await lockRuns(workspace, runIds, 'change');
  const elsewhere = await findRunsInEvaluations(workspace, runIds);
  for (const { id, status } of runs) {
    const isOpen = status === 'pending' || status === 'running';
    if (isOpen && !elsewhere.has(id)) await endEvaluationRun(workspace, id, 'cancelled', null);
  }
  await dropTasks(workspace, [...elsewhere]);
  return [...elsewhere];
}
