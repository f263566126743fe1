import { plannedLogs } from './check-logs.ts';
import type { ModelCall } from './model-server.ts';
import { type PlanOptions, placeOf } from './plan.ts';
import { roleOf } from './servers.ts';
import type { StoredLog, StoredRuns } from './stored-runs.ts';
import type { Story } from './story.ts';
import type { ToolUse } from './tool-server.ts';

/**
 * Milliseconds that a request may come after its step was written: Postgres notes the time within
 * the statement, before the commit, and requests are on their way for a while. A run is taken over
 * much later.
 */
const slackMs = 300;

/** What models and tools have seen. */
export interface Work {
  readonly calls: readonly ModelCall[];
  readonly uses: readonly ToolUse[];
}

/**
 * Holds what models and tools were asked for against what was stored when they were asked: a step
 * that is finished is never done again, and one that was under way is done again only by somebody
 * who took the run over. A server that lost a run and does not know it yet may ask for what another
 * one has finished; what comes of it is not stored.
 *
 * @returns what is wrong, one sentence each.
 */
export function flawsOfWork(
  stored: StoredRuns,
  stories: readonly Story[],
  { calls, uses }: Work,
  options: PlanOptions,
): readonly string[] {
  const planned = plannedLogs(stored, stories, options);
  const logOf = new Map(planned.map(({ log, plan }) => [plan.seed, log]));
  const drives = drivesOf(stored);
  const driven = (log: StoredLog) => drives(log.id) + drives(rootOf(log));
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
    if (!isDriver(stored, log, roleOf(slot), at)) continue;
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
    const log = logOf.get(placeOf(key)?.seed ?? -1);
    if (!log) continue;
    if (used.length > driven(log)) flaws.push(`${key} was called ${used.length} times`);
    const storedAt = resultAt.get(key);
    const isLate = used.some(({ at }) => storedAt !== undefined && at > storedAt + slackMs);
    // Who calls a tool does not say which server it is: what is known is of runs that stayed with one.
    if (isLate && rolesOf(stored, log).size === 1)
      flaws.push(`${key} was called after its result was stored`);
  }
  return flaws;
}

function rootOf({ id, trace_id }: StoredLog): string | undefined {
  return trace_id === id ? undefined : (trace_id ?? undefined);
}

/** How often a run was begun, taken over or continued. */
function drivesOf({ observed }: StoredRuns): (logId: string | undefined) => number {
  const leases = Map.groupBy(observed.leases, ({ log_id }) => log_id);
  return (logId) => new Set((leases.get(logId ?? '') ?? []).map(({ token }) => token)).size;
}

/** The servers that drove a run, or the one that it is below. */
function rolesOf({ observed }: StoredRuns, log: StoredLog): ReadonlySet<string> {
  const ofRun = observed.leases.filter(({ log_id }) => [log.id, log.trace_id].includes(log_id));
  return new Set(ofRun.map(({ role }) => role));
}

/** Whether a server was the one that took a run last. */
function isDriver({ observed }: StoredRuns, { id }: StoredLog, role: string, at: number): boolean {
  const last = observed.leases.findLast((lease) => lease.log_id === id && lease.at <= at);
  return last?.role === role;
}
