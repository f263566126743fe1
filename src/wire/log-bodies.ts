import type { Workspace } from '../database/workspace.ts';
import { loadLinkedFiles } from '../files/linked-files.ts';
import { findJudged, findJudgments } from '../logs/judgments.ts';
import type { LogView } from '../logs/log-record.ts';
import { type TraceTree, traceBelow } from '../logs/trace-tree.ts';
import { findLogVersions, type VersionedLog } from '../logs/versioned-log.ts';
import { type LogContext, logBody } from './log.ts';

/** Which data answers about logs contain. */
export interface LogBodiesOptions
  extends Pick<LogContext, 'returnInputs' | 'rawTurns' | 'written'> {
  /** True: all logs below, at any depth. A tree: those. */
  readonly withTrace: boolean | TraceTree;
  /** False: the judgments of evaluators are neither loaded nor shown. */
  readonly withJudgments?: boolean;
  /** True: judgments show the log that they judge. */
  readonly withJudged?: boolean;
  /** Writes the body of each log; the default is `logBody`. */
  readonly write?:
    | ((log: VersionedLog, context: LogContext) => Record<string, unknown>)
    | undefined;
}

/**
 * The bodies of logs, with the logs below them, their judgments, and the linked files of their
 * versions.
 */
export async function logBodies(
  workspace: Workspace,
  logs: readonly VersionedLog[],
  {
    withTrace,
    withJudgments = true,
    withJudged = false,
    write = logBody,
    ...options
  }: LogBodiesOptions,
): Promise<Record<string, unknown>[]> {
  const own = logs.map(({ view }) => view);
  const trace =
    withTrace === true ? await traceBelow(workspace, own.map(idOf)) : withTrace || undefined;
  const shown = [...own, ...[...(trace?.values() ?? [])].flatMap((views) => views ?? [])];
  const judgments = withJudgments ? await findJudgments(workspace, shown.map(idOf)) : undefined;
  const judged = withJudged ? await findJudged(workspace, own) : undefined;
  const others = [
    ...shown.slice(own.length),
    ...[...(judgments?.values() ?? [])].flat(),
    ...(judged?.values() ?? []),
  ];
  const versions = new Map([
    ...(await findLogVersions(workspace, others)),
    ...logs.map(({ version }) => [version.versionId, version] as const),
  ]);
  const linked = await loadLinkedFiles(workspace, [...versions.values()]);
  const context: LogContext = {
    ...options,
    trace,
    versions,
    linked,
    written: options.written ?? new Map(),
    ...(judgments && { judgments }),
    ...(judged && { judged }),
  };
  return logs.map((log) => write(log, context));
}

function idOf({ record }: LogView): string {
  return record.id;
}
