import type { Database } from '../../database/database.ts';
import { inTransaction, openWorkspace, type Workspace } from '../../database/workspace.ts';
import { deleteStats } from '../judgments/judgment-queries.ts';
import { endEvaluationRun } from './end-evaluation-run.ts';
import { lockRuns } from './lock-queries.ts';
import {
  type CancelReason,
  listExpensiveRuns,
  listFinishedRuns,
  listRunsToCancel,
  type Patience,
  reopenCompleted,
  setEnded,
} from './status-queries.ts';

/**
 * Sets completed Runs to `running` again because something was added that is to be judged. Other Runs
 * keep their status. The stored statistics of all are deleted.
 *
 * @param workspace in a transaction that has locked the Runs for a change.
 */
export async function reopenRuns(workspace: Workspace, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  await reopenCompleted(workspace, runIds);
  await deleteStats(workspace, runIds);
}

/**
 * Completes those of these Runs in which nothing is open. In transactions of its own. Runs that wait
 * for external evaluators are left to {@link sweepRuns}.
 */
export async function completeRuns(workspace: Workspace, runIds: readonly string[]): Promise<void> {
  if (runIds.length === 0) return;
  const among = { organizationId: workspace.organizationId, ids: runIds };
  const finished = await listFinishedRuns(workspace.db, among, noGrace);
  for (const { id } of finished) await complete(workspace, id, noGrace);
}

/** A hundred years. */
const noGrace = { graceSeconds: 3_153_600_000 };

/**
 * Completes every open Run in which nothing is open, and cancels those that nobody can use or finish
 * any more. The work of other processes is included: whoever closes the last thing of a Run may die
 * before it says so.
 */
export async function sweepRuns(database: Database, patience: Patience): Promise<void> {
  for (const { organizationId, id } of await listFinishedRuns(database.db, undefined, patience)) {
    await complete(openWorkspace(database, organizationId), id, patience);
  }
  for (const cancel of await listRunsToCancel(database.db, patience)) {
    await cancelFor(openWorkspace(database, cancel.organizationId), cancel, patience);
  }
}

/** Cancels every open Run that has cost more than it may. */
export async function cancelExpensiveRuns(database: Database, patience: Patience): Promise<void> {
  for (const { organizationId, id } of await listExpensiveRuns(database.db)) {
    const workspace = openWorkspace(database, organizationId);
    await cancelFor(workspace, { id, reason: 'too_expensive' }, patience);
  }
}

/** Completes a Run unless something was added to it since it was seen to be finished. */
function complete(
  workspace: Workspace,
  id: string,
  patience: Pick<Patience, 'graceSeconds'>,
): Promise<void> {
  return inTransaction(workspace, async (workspace) => {
    const [run] = await lockRuns(workspace, [id], 'change');
    const among = { organizationId: workspace.organizationId, ids: [id] };
    const [finished] = await listFinishedRuns(workspace.db, among, patience);
    if (!run || !finished) return;
    const end = { status: 'completed', error: null, isClosed: run.is_closed } as const;
    await setEnded(workspace, id, end);
  });
}

function cancelFor(
  workspace: Workspace,
  { id, reason }: Pick<CancelReason, 'id' | 'reason'>,
  { idleHours }: Patience,
): Promise<void> {
  return inTransaction(workspace, async (workspace) => {
    const [run] = await lockRuns(workspace, [id], 'change');
    if (run?.status !== 'pending' && run?.status !== 'running') return;
    const texts = {
      idle: `The Run was cancelled because no log and no judgment came for ${idleHours} h.`,
      file_deleted: 'The Run was cancelled because its file was deleted.',
      unreachable: 'The Run was cancelled because it is in no Evaluation any more.',
      too_expensive: 'The Run was cancelled because it has cost more than its `max_cost`.',
    };
    await endEvaluationRun(workspace, id, 'cancelled', texts[reason]);
  });
}
