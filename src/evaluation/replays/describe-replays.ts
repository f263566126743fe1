import type { Workspace } from '../../database/workspace.ts';
import { findLog } from '../../logs/log-queries.ts';
import { firstDifference } from './first-difference.ts';
import { addMetadata, type ReplayedPair } from './replay-queries.ts';

/**
 * Notes in the metadata of logs that are replays where they first differ from the logs that they
 * replay: `first_difference`, null if they do not. Nothing is noted where the old log was deleted.
 *
 * @param workspace in a transaction that has locked no Run: it changes logs.
 */
export async function describeReplays(
  workspace: Workspace,
  replays: readonly ReplayedPair[],
): Promise<void> {
  // In the order of their ids, as everybody locks logs.
  for (const { logId, replayedLogId } of replays.toSorted((a, b) => (a.logId < b.logId ? -1 : 1))) {
    const before = await findLog(workspace, replayedLogId);
    const after = await findLog(workspace, logId);
    if (!before || !after || after.run) continue;
    await addMetadata(workspace, logId, { first_difference: firstDifference(before, after) });
  }
}
