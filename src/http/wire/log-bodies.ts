import type { Caller } from '../../accounts/authenticate.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { loadLinkedFiles } from '../../files/linked-files.ts';
import { findJudgments } from '../../logs/judgments.ts';
import { loadLogs } from '../../logs/log-queries.ts';
import type { LogView } from '../../logs/log-record.ts';
import { traceBelow } from '../../logs/trace-tree.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { type LogContext, logBody } from './log.ts';

type Workspace = Caller['workspace'];

/** What answers about logs show. */
export interface LogBodiesOptions
  extends Pick<LogContext, 'returnInputs' | 'rawTurns' | 'written'> {
  /** True: all logs below, at any depth. */
  readonly withTrace: boolean;
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
 * The bodies of logs with everything around them: logs below, judgments, and linked files of
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
  const trace = withTrace ? await traceBelow(workspace, own.map(idOf)) : undefined;
  const shown = [...own, ...[...(trace?.values() ?? [])].flatMap((views) => views ?? [])];
  const judgments = withJudgments ? await findJudgments(workspace, shown.map(idOf)) : undefined;
  const judged = withJudged ? await judgedBy(workspace, own) : undefined;
  const others = [
    ...shown.slice(own.length),
    ...[...(judgments?.values() ?? [])].flat(),
    ...(judged?.values() ?? []),
  ];
  const versions = new Map([
    ...(await findVersionsById(workspace, others.map(versionOf))),
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

/** Logs with their versions. A log whose version does not exist is left out. */
export async function withVersions(
  workspace: Workspace,
  views: readonly LogView[],
): Promise<readonly VersionedLog[]> {
  const versions = await findVersionsById(workspace, views.map(versionOf));
  return views.flatMap((view) => {
    const version: FileVersion | undefined = versions.get(versionOf(view));
    return version ? [{ view, version }] : [];
  });
}

/** The logs that the judgments among some logs are about. */
async function judgedBy(
  workspace: Workspace,
  views: readonly LogView[],
): Promise<ReadonlyMap<string, LogView>> {
  const ids = views.flatMap(({ record }) => record.parent_id ?? []);
  const judged = await loadLogs(workspace, [...new Set(ids)]);
  return new Map(judged.map((view) => [view.record.id, view]));
}

function idOf({ record }: LogView): string {
  return record.id;
}

function versionOf({ record }: LogView): string {
  return record.version_id;
}
