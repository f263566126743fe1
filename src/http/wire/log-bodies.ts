import type { Caller } from '../../accounts/authenticate.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { loadLinkedFiles } from '../../files/linked-files.ts';
import { judgmentsOf } from '../../logs/judgments.ts';
import { loadLogs } from '../../logs/log-queries.ts';
import type { LogView } from '../../logs/log-record.ts';
import { traceBelow } from '../../logs/trace-tree.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { type LogContext, logBody } from './log.ts';

type Workspace = Caller['workspace'];

/** How answers about logs are to be shown. */
export interface LogBodiesOptions
  extends Pick<LogContext, 'returnInputs' | 'rawTurns' | 'written'> {
  /** True: with every log below, however deep. */
  readonly withTrace: boolean;
  /** False: without what evaluators said, which is not looked up then. */
  readonly withJudgments?: boolean;
  /** True: judgments show the log that they are about. */
  readonly withJudged?: boolean;
  /** What the answer about each of the logs is made by; not given: `logBody`. */
  readonly write?:
    | ((log: VersionedLog, context: LogContext) => Record<string, unknown>)
    | undefined;
}

/** Answers about logs, whole: with the logs below, what evaluators said, and what versions link to. */
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
  const judgments = withJudgments ? await judgmentsOf(workspace, shown.map(idOf)) : undefined;
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

/** Logs with the versions that made them; one whose version does not exist is left out. */
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

/** The logs that are judged by those of evaluators among some logs. */
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
