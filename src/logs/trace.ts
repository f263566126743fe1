import type { Workspace } from '../database/workspace.ts';
import { secondsBetween, timestamp } from '../kernel/clock.ts';
import { logNotFound, traceComplete } from './errors.ts';
import { type LockedLog, lockLog, updateLog } from './log-queries.ts';
import type { LogRecord } from './log-record.ts';

/** Where in a trace a log stands. */
export type TracePlace = Pick<LogRecord, 'trace_id' | 'trace_parent_id' | 'trace_flow_id'>;

/** How long after a log was completed another may still be added below it. */
export interface Grace {
  readonly now: Date;
  readonly seconds: number;
}

/**
 * The place of a new log below a parent. Holds parent and root until the transaction ends, so that
 * neither can be completed before the new log is there.
 *
 * @param workspace in a transaction.
 * @param grace not given: none.
 * @throws `log_not_found` for an unknown parent; `trace_complete` (conflict) when the parent or
 *   the root of its trace is complete, and the grace is over.
 */
export async function placeBelow(
  workspace: Workspace,
  parentId: string,
  grace?: Grace,
): Promise<TracePlace> {
  const parent = await lockLog(workspace, parentId, 'share');
  if (!parent) throw logNotFound(parentId);
  const rootId = parent.trace_id ?? parent.id;
  const root = rootId === parent.id ? parent : await lockLog(workspace, rootId, 'share');
  for (const log of [parent, root]) {
    if (log && isClosed(log, grace)) throw traceComplete(log.id);
  }
  if (parent.trace_id === null) await updateLog(workspace, parent.id, { trace_id: parent.id });
  return {
    trace_id: rootId,
    trace_parent_id: parent.id,
    trace_flow_id: root?.type === 'flow' ? root.file_id : null,
  };
}

/** A log that was complete from the start may say nothing of its end: it ended when it was made. */
function isClosed(log: LockedLog, grace: Grace | undefined): boolean {
  if (log.log_status !== 'complete') return false;
  if (!grace) return true;
  return secondsBetween(log.end_time ?? log.created_at, timestamp(grace.now)) > grace.seconds;
}

/** The place of a log without a parent; agents and flows begin a trace. */
export function rootPlace(id: string, type: string): TracePlace {
  const beginsTrace = type === 'agent' || type === 'flow';
  return { trace_id: beginsTrace ? id : null, trace_parent_id: null, trace_flow_id: null };
}
