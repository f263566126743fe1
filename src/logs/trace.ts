import type { Workspace } from '../database/workspace.ts';
import { kindOf } from '../files/kinds/index.ts';
import { secondsBetween, timestamp } from '../kernel/clock.ts';
import { logNotFound, traceComplete } from './errors.ts';
import { findWithRoot, type LockedLog, lockLog, updateLog } from './log-queries.ts';
import type { LogRecord } from './log-record.ts';

/** The place of a log in its trace. */
export type TracePlace = Pick<LogRecord, 'trace_id' | 'trace_parent_id' | 'trace_flow_id'>;

/** When a log began and ended. */
type Times = Pick<LogRecord, 'start_time' | 'end_time'>;

/** How long a complete log still accepts logs below it. */
export interface Grace {
  readonly now: Date;
  readonly seconds: number;
}

/**
 * The place of a new log below a parent. Locks the parent and the root until the transaction ends,
 * so that neither can be completed before the new log is committed.
 *
 * If the root is a flow, its start and end are widened to include the new log.
 *
 * @param workspace in a transaction.
 * @param grace undefined: a complete log accepts no logs.
 * @throws `log_not_found` for an unknown parent; `trace_complete` (conflict) when the parent or the
 *   root is complete, and the grace is over.
 */
export async function placeBelow(
  workspace: Workspace,
  parentId: string,
  child: Times,
  grace?: Grace,
): Promise<TracePlace> {
  const seen = await findWithRoot(workspace, parentId);
  if (!seen) throw logNotFound(parentId);
  const rootId = seen.root.id;
  // Choose the lock before taking it: two transactions that hold a share lock, and then both change
  // the log, would deadlock. Lock the root first, in the same order as the deletion of a trace.
  const isToChange = hasChanges(rootChanges(seen.root, child));
  const root = await lockLog(workspace, rootId, isToChange ? 'change' : 'share');
  const parent = rootId === parentId ? root : await lockLog(workspace, parentId, 'share');
  if (!root || !parent) throw logNotFound(parentId);
  for (const log of [parent, root]) {
    if (isClosed(log, grace)) throw traceComplete(log.id);
  }
  // Compute the changes again from the locked row: if the root was completed meanwhile, its end
  // stays.
  if (isToChange) await updateLog(workspace, rootId, rootChanges(root, child));
  return {
    trace_id: rootId,
    trace_parent_id: parent.id,
    trace_flow_id: isWholeTrace(root) ? root.file_id : null,
  };
}

/** How a new log changes the root of its trace. */
function rootChanges(root: LockedLog, child: Times): Partial<LogRecord> {
  const moments = [child.start_time, child.end_time].filter((moment) => moment !== null);
  const [first, last] = [moments[0], moments.at(-1)];
  const { start_time: start, end_time: end } = root;
  const widens = isWholeTrace(root);
  const isEarlier = widens && start !== null && first !== undefined && first < start;
  const isLater = widens && end !== null && last !== undefined && last > end;
  return {
    ...(root.trace_id === null ? { trace_id: root.id } : {}),
    ...(isEarlier ? { start_time: first } : {}),
    ...(isLater ? { end_time: last } : {}),
  };
}

function hasChanges(changes: Partial<LogRecord>): boolean {
  return Object.keys(changes).length > 0;
}

/** Whether a log accepts no logs below it. A log without an end ended when it was created. */
function isClosed(log: LockedLog, grace: Grace | undefined): boolean {
  if (log.log_status !== 'complete') return false;
  if (!grace) return true;
  return secondsBetween(log.end_time ?? log.created_at, timestamp(grace.now)) > grace.seconds;
}

function isWholeTrace({ type }: LockedLog): boolean {
  return kindOf(type).log?.isWholeTrace === true;
}

/** The place of a log without a parent. */
export function rootPlace(id: string, type: string): TracePlace {
  const beginsTrace = kindOf(type).log?.beginsTrace === true;
  return { trace_id: beginsTrace ? id : null, trace_parent_id: null, trace_flow_id: null };
}
