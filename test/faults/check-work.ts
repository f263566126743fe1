import { plannedLogs } from './check-logs.ts';
import type { ModelCall } from './model-server.ts';
import { type PlanOptions, parseCallId } from './plan.ts';
import { databaseRole } from './servers.ts';
import type { StoredLog, StoredRuns } from './stored-runs.ts';
import type { Story } from './story.ts';
import type { ToolUse } from './tool-server.ts';

/**
 * Milliseconds that a request may arrive after its step was written: Postgres records the time
 * within the statement, before the commit, and requests take a while to arrive. A takeover comes
 * much later.
 */
const slackMs = 300;

/** The requests that models and tools received. */
export interface Work {
  readonly calls: readonly ModelCall[];
  readonly uses: readonly ToolUse[];
}

/**
 * Compares requests to models and tools with what was stored at their time. A finished step must
 * never be repeated. A step that was under way may be repeated, but only by a process that took the
 * run over. A server that lost a run and does not know it yet may repeat a finished step; its
 * result is not stored.
 *
 * @returns what is wrong, one sentence each.
 */
export function checkWork(
  stored: StoredRuns,
  stories: readonly Story[],
  { calls, uses }: Work,
  options: PlanOptions,
): readonly string[] {
  const planned = plannedLogs(stored, stories, options);
  const logOf = new Map(planned.map(({ log, plan }) => [plan.seed, log]));
  const drives = countDrives(stored);
  const driven = (log: StoredLog) => drives(log.id) + drives(rootId(log));
  const turnAt = new Map(
    stored.observed.turns.map(({ log_id, number, at }) => [`${log_id} ${number}`, at]),
  );
  const resultAt = new Map(
    stored.observed.results.map(({ tool_call_id, at }) => [tool_call_id, at]),
  );
  const flaws: string[] = [];

  for (const { seed, turn, at, slot } of calls) {
    const log = logOf.get(seed);
    const storedAt = turnAt.get(`${log?.id} ${turn}`);
    if (!log || storedAt === undefined || at <= storedAt + slackMs) continue;
    if (!isDriver(stored, log, databaseRole(slot), at)) continue;
    const late = Math.round(at - storedAt);
    flaws.push(`the model of log ${log.id} was asked for turn ${turn} ${late} ms after that`);
  }
  const answered = calls.filter(({ trouble }) => trouble === undefined || trouble === 'slow');
  const ofTurns = Map.groupBy(answered, ({ seed, turn }) => `${seed} ${turn}`);
  for (const [place, { length }] of ofTurns) {
    const [seed, turn] = place.split(' ');
    const log = logOf.get(Number(seed));
    if (!log || length <= driven(log)) continue;
    flaws.push(`the model of log ${log.id} answered turn ${turn} ${length} times`);
  }
  for (const [key, used] of Map.groupBy(uses, (use) => use.key)) {
    const log = logOf.get(parseCallId(key)?.seed ?? -1);
    if (!log) continue;
    if (used.length > driven(log)) flaws.push(`${key} was called ${used.length} times`);
    const storedAt = resultAt.get(key);
    const isLate = used.some(({ at }) => storedAt !== undefined && at > storedAt + slackMs);
    // Calls of tools do not name their server, so only runs that stayed on one server can be
    // checked.
    if (isLate && drivingRoles(stored, log).size === 1)
      flaws.push(`${key} was called after its result was stored`);
  }
  return flaws;
}

function rootId({ id, trace_id }: StoredLog): string | undefined {
  return trace_id === id ? undefined : (trace_id ?? undefined);
}

/** How often a run was started, taken over or continued. */
function countDrives({ observed }: StoredRuns): (logId: string | undefined) => number {
  const leases = Map.groupBy(observed.leases, ({ log_id }) => log_id);
  return (logId) => new Set((leases.get(logId ?? '') ?? []).map(({ token }) => token)).size;
}

/** The servers that drove a run, or the run that it is nested in. */
function drivingRoles({ observed }: StoredRuns, log: StoredLog): ReadonlySet<string> {
  const ofRun = observed.leases.filter(({ log_id }) => [log.id, log.trace_id].includes(log_id));
  return new Set(ofRun.map(({ role }) => role));
}

/** Whether a server was the last one that took a run. */
function isDriver({ observed }: StoredRuns, { id }: StoredLog, role: string, at: number): boolean {
  const last = observed.leases.findLast((lease) => lease.log_id === id && lease.at <= at);
  return last?.role === role;
}
