import { plannedLogs } from './check-logs.ts';
import type { Story } from './client.ts';
import type { Blindness } from './fault-injector.ts';
import type { ModelCall } from './model-server.ts';
import { type PlanOptions, placeOf } from './plan.ts';
import type { StoredRuns } from './stored-runs.ts';
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
  readonly blindness: readonly Blindness[];
}

/**
 * Holds what models and tools were asked for against what was stored when they were asked: a step
 * that is finished is never done again, and one that was under way is done again only by somebody
 * who took the run over.
 *
 * @returns what is wrong, one sentence each.
 */
export function flawsOfWork(
  stored: StoredRuns,
  stories: readonly Story[],
  { calls, uses, blindness }: Work,
  options: PlanOptions,
): readonly string[] {
  const flaws: string[] = [];
  const planned = plannedLogs(stored, stories, options);
  const logOf = new Map(planned.map(({ log, plan }) => [plan.seed, log]));
  const turnAt = new Map(
    stored.observed.turns.map(({ log_id, number, at }) => [`${log_id} ${number}`, at]),
  );
  const resultAt = new Map(
    stored.observed.results.map(({ tool_call_id, at }) => [tool_call_id, at]),
  );
  const wasBlind = (at: number, slot?: number) =>
    blindness.some(
      (each) =>
        (slot === undefined || each.slot === slot) && each.from <= at && at <= each.until + slackMs,
    );

  for (const { seed, turn, at, slot } of calls) {
    const log = logOf.get(seed);
    const committedAt = log && turnAt.get(`${log.id} ${turn}`);
    if (committedAt === undefined || at <= committedAt + slackMs || wasBlind(at, slot)) continue;
    const late = Math.round(at - committedAt);
    flaws.push(
      `the model of log ${log?.id} was asked for turn ${turn} ${late} ms after it was stored`,
    );
  }
  for (const { key, at } of uses) {
    const storedAt = resultAt.get(key);
    if (storedAt === undefined || at <= storedAt + slackMs || wasBlind(at)) continue;
    flaws.push(
      `the tool was called as ${key} ${Math.round(at - storedAt)} ms after its result was stored`,
    );
  }
  const drives = drivesOf(stored);
  const answered = calls.filter(({ trouble }) => trouble === undefined || trouble === 'slow');
  for (const [place, { length }] of Map.groupBy(answered, ({ seed, turn }) => `${seed} ${turn}`)) {
    const log = logOf.get(Number(place.split(' ')[0]));
    if (log && length > drives(log.id, log.trace_id)) {
      flaws.push(
        `the model of log ${log.id} answered turn ${place.split(' ')[1]} ${length} times, though it was driven ${drives(log.id, log.trace_id)} times`,
      );
    }
  }
  for (const [key, { length }] of Map.groupBy(uses, (use) => use.key)) {
    const log = logOf.get(placeOf(key)?.seed ?? -1);
    if (log && length > drives(log.id, log.trace_id)) {
      flaws.push(
        `the tool was called as ${key} ${length} times, though its run was driven ${drives(log.id, log.trace_id)} times`,
      );
    }
  }
  return flaws;
}

/** How often a run was begun, taken over or continued, itself or the one that it is below. */
function drivesOf({ observed }: StoredRuns): (logId: string, traceId: string | null) => number {
  const tokens = Map.groupBy(observed.leases, ({ log_id }) => log_id);
  const countOf = (logId: string | null) =>
    new Set((tokens.get(logId ?? '') ?? []).map(({ token }) => token)).size;
  return (logId, traceId) => countOf(logId) + (traceId === logId ? 0 : countOf(traceId));
}
