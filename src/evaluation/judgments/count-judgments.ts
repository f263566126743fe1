import type { Workspace } from '../../database/workspace.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import { lockRuns } from '../runs/lock-queries.ts';
import {
  deleteJudgmentsBy,
  deleteStats,
  insertClientJudgments,
  listCountingAmong,
  listRunsOfLogs,
  upsertJudgmentsBefore,
} from './judgment-queries.ts';

/** An evaluator log and the log that it judges. */
export type JudgmentLog = Pick<LogRecord, 'id' | 'parent_id'>;

/**
 * Makes judgments count that clients have logged. No effect for logs that judge nothing, or if a
 * newer judgment of the same judge counts.
 *
 * @param workspace in a transaction.
 */
export async function countJudgments(
  workspace: Workspace,
  logs: readonly JudgmentLog[],
): Promise<void> {
  const judgments = logs.filter(({ parent_id: judgedId }) => judgedId !== null);
  if (judgments.length === 0) return;
  await changeJudgments(
    workspace,
    judgments.map(({ parent_id: judgedId }) => String(judgedId)),
    () =>
      insertClientJudgments(
        workspace,
        judgments.map(({ id }) => id),
      ),
  );
}

/**
 * Makes the judgments before count, where those that count are about to be deleted with these logs.
 *
 * @param workspace in a transaction.
 */
export async function uncountJudgments(
  workspace: Workspace,
  deletedIds: readonly string[],
): Promise<void> {
  const counting = await listCountingAmong(workspace, deletedIds);
  if (counting.length === 0) return;
  await changeJudgments(
    workspace,
    counting.map(({ logId }) => logId),
    async () => {
      await deleteJudgmentsBy(workspace, deletedIds);
      await upsertJudgmentsBefore(workspace, counting, deletedIds);
    },
  );
}

/** Changes judgments of logs, and drops what was added up from them. */
async function changeJudgments(
  workspace: Workspace,
  judgedIds: readonly string[],
  change: () => Promise<void>,
): Promise<void> {
  const runIds = await listRunsOfLogs(workspace, judgedIds);
  await lockRuns(workspace, runIds, 'judge');
  await change();
  await deleteStats(workspace, runIds);
}
