import type { Workspace } from '../database/workspace.ts';
import { listJudgmentIds, loadLogs } from './log-queries.ts';
import type { LogView } from './log-record.ts';

/** The evaluator logs that judge these logs, by the id of the judged log, oldest first. */
export async function findJudgments(
  workspace: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly LogView[]>> {
  const views = await loadLogs(workspace, await listJudgmentIds(workspace, ids));
  return Map.groupBy(views, ({ record }) => record.parent_id ?? '');
}

/** The logs that the judgments among some logs are about, by id. */
export async function findJudged(
  workspace: Workspace,
  views: readonly LogView[],
): Promise<ReadonlyMap<string, LogView>> {
  const ids = views.flatMap(({ record }) => record.parent_id ?? []);
  const judged = await loadLogs(workspace, [...new Set(ids)]);
  return new Map(judged.map((view) => [view.record.id, view]));
}
