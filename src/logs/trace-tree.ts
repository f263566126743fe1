import type { Workspace } from '../database/workspace.ts';
import type { Sized } from '../kernel/readable-batches.ts';
import { listDescendants, loadLogs } from './log-queries.ts';
import type { LogView } from './log-record.ts';
import { exactBytes, logSizes } from './size-queries.ts';

/**
 * The child logs of some logs, by the id of the parent, oldest first; null when the parent is so
 * deep that its children were not read.
 */
export type TraceTree = ReadonlyMap<string, readonly LogView[] | null>;

/**
 * The most levels of a tree that are read. Each level adds two to the nesting of the JSON answer,
 * and Python's parser refuses more than a thousand.
 */
export const deepest = 400;

/** The most bytes of logs below others that are in memory for one answer. */
const mostTraced = 64 * 1024 * 1024;

/**
 * Reads all logs below these; none, with null as the children, when they are too large to be in
 * memory together. `traceTexts` reads such a trace.
 */
export async function traceBelow(workspace: Workspace, ids: readonly string[]): Promise<TraceTree> {
  const below = await listDescendants(workspace, ids, deepest);
  if (!(await isWithin(workspace, below, mostTraced))) return new Map(ids.map((id) => [id, null]));
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

async function isWithin(
  workspace: Workspace,
  logs: readonly { readonly id: string }[],
  most: number,
): Promise<boolean> {
  if (logs.length === 0) return true;
  const ids = logs.map(({ id }) => id);
  const sizes = await logSizes(workspace, ids);
  // The sizes are what compressed payloads may have at the most, so a large one is looked at.
  return sumOf(sizes) <= most || (await exactBytes(workspace, ids)) <= most;
}

function sumOf(sizes: readonly Sized[]): number {
  return sizes.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A log below another, without its payloads. */
export interface OutlinedLog {
  readonly id: string;
  /** A child has the depth 1. */
  readonly depth: number;
  /** True when it is so deep that the logs below it are not read. */
  readonly isCut: boolean;
}

/** All logs below one, each right before those below it, and siblings oldest first. */
export async function outlineBelow(
  workspace: Workspace,
  id: string,
): Promise<readonly OutlinedLog[]> {
  const below = await listDescendants(workspace, [id], deepest);
  const childrenOf = Map.groupBy(below, ({ parentId }) => parentId);
  const outline: OutlinedLog[] = [];
  const waiting = [...(childrenOf.get(id) ?? [])].reverse();
  for (let log = waiting.pop(); log; log = waiting.pop()) {
    outline.push({ id: log.id, depth: log.depth, isCut: log.depth === deepest });
    waiting.push(...(childrenOf.get(log.id) ?? []).toReversed());
  }
  return outline;
}
