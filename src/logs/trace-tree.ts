import type { Workspace } from '../database/workspace.ts';
import { listDescendants, loadLogs } from './log-queries.ts';
import type { LogView } from './log-record.ts';

/**
 * The child logs of some logs, by the id of the parent, oldest first; null when the parent is so
 * deep that its children were not read.
 */
export type TraceTree = ReadonlyMap<string, readonly LogView[] | null>;

/**
 * The most levels of a tree that are read. Each level adds two to the nesting of the JSON answer,
 * and Python's parser refuses more than a thousand.
 */
const deepest = 400;

/** Reads all logs below these. */
export async function traceBelow(workspace: Workspace, ids: readonly string[]): Promise<TraceTree> {
  const below = await listDescendants(workspace, ids, deepest);
  const views = await loadLogs(
    workspace,
    below.map(({ id }) => id),
  );
  const tree = new Map<string, readonly LogView[] | null>(
    Map.groupBy(views, ({ record }) => record.trace_parent_id ?? ''),
  );
  for (const { id, depth } of below) if (depth === deepest) tree.set(id, null);
  return tree;
}
