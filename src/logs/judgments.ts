import type { Workspace } from '../database/workspace.ts';
import { listJudgmentIds, loadLogs } from './log-queries.ts';
import type { LogView } from './log-record.ts';

/** What evaluators said of some logs, by the id of the judged log, in the order it was said. */
export async function judgmentsOf(
  workspace: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly LogView[]>> {
  const views = await loadLogs(workspace, await listJudgmentIds(workspace, ids));
  return Map.groupBy(views, ({ record }) => record.parent_id ?? '');
}
