import type { Workspace } from '../database/workspace.ts';
import { jsonWithRepeats } from '../kernel/json-with-repeats.ts';
import { readableBatches } from '../kernel/readable-batches.ts';
import { logSizes } from '../logs/size-queries.ts';
import { type OutlinedLog, outlineBelow } from '../logs/trace-tree.ts';
import { findVersionedLogs, type VersionedLog } from '../logs/versioned-log.ts';
import { type LogBodiesOptions, logBodies } from './log-bodies.ts';

/** The JSON of a log with all logs below it. */
export interface TraceTexts {
  /** Whether all of it may be in memory at once. */
  readonly isSmall: boolean;
  /** The text, in pieces of which each is in memory by itself. */
  readonly pieces: AsyncGenerator<string>;
}

/**
 * Writes a log, with the raw requests and responses of its turns and all logs below it, group by
 * group: a trace may have more payloads than fit into memory. Logs that are deleted meanwhile are
 * left out; the logs below them were deleted with them.
 */
export async function traceTexts(
  workspace: Workspace,
  root: VersionedLog,
  options: TraceOptions = { rawTurns: true },
): Promise<TraceTexts> {
  const below = await outlineBelow(workspace, root.view.record.id);
  const sizes = await logSizes(
    workspace,
    below.map(({ id }) => id),
  );
  const groups = readableBatches(sizes);
  const trace = { below, groups, options };
  return { isSmall: groups.length <= 1, pieces: write(workspace, root, trace) };
}

/** What is shown of each log. */
type TraceOptions = Pick<LogBodiesOptions, 'rawTurns' | 'withJudged'>;

interface Below {
  readonly below: readonly OutlinedLog[];
  readonly groups: readonly (readonly string[])[];
  readonly options: TraceOptions;
}

async function* write(
  workspace: Workspace,
  root: VersionedLog,
  { below, groups, options }: Below,
): AsyncGenerator<string> {
  const outlined = new Map(below.map((log) => [log.id, log]));
  let last = { depth: 0, isCut: false };
  yield (await openTexts(workspace, [root], options)).join();
  for (const ids of groups) {
    const logs = await findVersionedLogs(workspace, ids);
    const texts = await openTexts(workspace, logs, { ...options, withJudged: false });
    for (const [place, { view }] of logs.entries()) {
      const log = outlined.get(view.record.id) as OutlinedLog;
      yield (log.depth > last.depth ? '[' : `${closed(last, log.depth)},`) + texts[place];
      last = log;
    }
  }
  yield closed(last, 0);
}

/** Ends a log that has none below it, and those above it, down to a depth. */
function closed({ depth, isCut }: Pick<OutlinedLog, 'depth' | 'isCut'>, downTo: number): string {
  return `${isCut ? 'null' : '[]'}}${']}'.repeat(depth - downTo)}`;
}

/** The texts of logs up to the list of the logs below them, which comes last. */
async function openTexts(
  workspace: Workspace,
  logs: readonly VersionedLog[],
  options: TraceOptions,
): Promise<readonly string[]> {
  const written = new Map<string, Record<string, unknown>>();
  const bodies = await logBodies(workspace, logs, {
    ...options,
    withTrace: new Map(),
    written,
  });
  const open = bodies.map(({ trace_children, ...body }) => body);
  return jsonWithRepeats(open, written.values()).map(
    (text) => `${text.slice(0, -1)},"trace_children":`,
  );
}
