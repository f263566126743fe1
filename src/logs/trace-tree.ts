import type { Workspace } from '../database/workspace.ts';
import { listDescendants, loadLogs } from './log-queries.ts';
import type { LogView } from './log-record.ts';

/** The logs below some logs, by the id of their parent, in the order they were made. */
export type TraceTree = ReadonlyMap<string, readonly LogView[]>;

/** Every log below these, however deep. */
export async function traceBelow(workspace: Workspace, ids: readonly string[]): Promise<TraceTree> {
  const below = await listDescendants(workspace, ids);
  const views = await loadLogs(
    workspace,
    below.map(({ id }) => id),
  );
  return Map.groupBy(views, ({ record }) => record.trace_parent_id ?? '');
}
