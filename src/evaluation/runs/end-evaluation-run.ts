import type { Workspace } from '../../database/workspace.ts';
import { markCancelled } from '../../runtime/leases/takeover-queries.ts';
import { deleteStats } from '../judgments/judgment-queries.ts';
import { dropTasks } from '../tasks/task-queries.ts';
import { emptyReservedSlots, listCallsUnderWay } from './end-queries.ts';
import { setEnded } from './status-queries.ts';

/**
 * Ends an open Run before its work is done. Its tasks are dropped and its empty slots stay empty. The
 * calls that the server makes for it are cancelled: from the commit on nothing is written for them,
 * and within seconds a server ends their logs with the error `cancelled`.
 *
 * A Run that is ended as completed waits for nothing any more. Judgments that come later still count.
 *
 * @param workspace in a transaction that has locked the Run for a change.
 * @param error why the server itself cancels it; null when a client asks.
 */
export async function endEvaluationRun(
  workspace: Workspace,
  runId: string,
  status: 'completed' | 'cancelled',
  error: string | null,
): Promise<void> {
  await setEnded(workspace, runId, { status, error, isClosed: status === 'completed' });
  // First empty the slots whose calls have not begun. A call that begins at this moment holds the row
  // of its slot: this statement waits for it, and then finds it among the calls under way.
  await emptyReservedSlots(workspace, runId);
  await markCancelled(workspace, await listCallsUnderWay(workspace, runId));
  await dropTasks(workspace, [runId]);
  await deleteStats(workspace, [runId]);
}
