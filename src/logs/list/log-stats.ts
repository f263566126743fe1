import type { Workspace } from '../../database/workspace.ts';
import { secondsBetween, type Timestamp } from '../../kernel/clock.ts';
import { amongTexts } from './list-logs.ts';
import type { LogFilter } from './log-filter.ts';
import { findTimeRange, loadStats, type StatsRow } from './stats-queries.ts';

/** What the logs that match a filter add up to. */
export interface LogStats {
  readonly all: Figures;
  /** US dollars; null when no cost is known. */
  readonly costP95: number | null;
  readonly costP99: number | null;
  /** False when so many logs match a text that only the newest of them were added up. */
  readonly isExact: boolean;
  readonly from: Timestamp | null;
  readonly until: Timestamp | null;
  /** How long a bucket is; null when there are none. */
  readonly bucketSeconds: number | null;
  /** Those with logs, oldest first. */
  readonly buckets: readonly (Figures & { readonly from: Timestamp })[];
}

/** What some logs add up to. Percentiles are values of logs, exact to 2 %. */
export interface Figures {
  readonly count: number;
  readonly errors: number;
  /** Seconds; null when no latency is known. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** US dollars; null when no cost is known. */
  readonly cost: number | null;
  readonly withoutCost: number;
  readonly tokens: number | null;
}

/** Adds up the logs that match: all together, and in at most about `buckets` stretches of time. */
export async function readLogStats(
  workspace: Workspace,
  filter: LogFilter,
  buckets: number,
): Promise<LogStats> {
  const { filter: matching, isWhole } = await amongTexts(workspace, filter);
  const given = { first: filter.createdFrom ?? null, last: filter.createdUntil ?? null };
  const isGiven = given.first !== null && given.last !== null;
  const found = isGiven || buckets === 0 ? given : await findTimeRange(workspace, matching);
  const from = given.first ?? found.first;
  const until = given.last ?? found.last;
  const hasBuckets = buckets > 0 && from !== null && until !== null;
  const seconds = hasBuckets ? bucketLength(secondsBetween(from, until), buckets) : undefined;
  const rows = await loadStats(workspace, matching, seconds);
  const byCost = rows.filter((row) => row.is_by_cost);
  const byTime = rows.filter((row) => !row.is_by_cost);
  const byBucket = Map.groupBy(byTime, (row) => row.from ?? '');
  return {
    all: figures(byTime),
    costP95: percentile(byCost, 95, costs),
    costP99: percentile(byCost, 99, costs),
    isExact: isWhole,
    from,
    until,
    bucketSeconds: seconds ?? null,
    buckets: hasBuckets
      ? [...byBucket]
          .map(([from, rows]) => ({ from, ...figures(rows) }))
          .toSorted((a, b) => (a.from < b.from ? -1 : 1))
      : [],
  };
}

/** The figures when no log can match. */
export function noStats(): LogStats {
  return {
    all: figures([]),
    costP95: null,
    costP99: null,
    isExact: true,
    from: null,
    until: null,
    bucketSeconds: null,
    buckets: [],
  };
}

function figures(rows: readonly StatsRow[]): Figures {
  const count = total(rows.map(({ count }) => count));
  const priced = total(rows.map(({ priced }) => priced));
  const known = rows.flatMap(({ tokens }) => tokens ?? []);
  return {
    count,
    errors: total(rows.map(({ errors }) => errors)),
    p50: percentile(rows, 50, latencies),
    p95: percentile(rows, 95, latencies),
    p99: percentile(rows, 99, latencies),
    cost: priced === 0 ? null : total(rows.map(({ cost }) => cost ?? 0)),
    withoutCost: count - priced,
    tokens: known.length === 0 ? null : total(known),
  };
}

/** How many logs of a row have a value, and the sum of these. */
type Values = (row: StatsRow) => { readonly count: number; readonly sum: number };

const latencies: Values = ({ timed, seconds }) => ({ count: timed, sum: seconds ?? 0 });
const costs: Values = ({ priced, cost }) => ({ count: priced, sum: cost ?? 0 });

/** The value that so many of a hundred logs do not exceed; null when none has a value. */
function percentile(rows: readonly StatsRow[], percent: number, values: Values): number | null {
  const known = rows
    .map(values)
    .filter(({ count }) => count > 0)
    .map(({ count, sum }) => ({ count, mean: sum / count }))
    .toSorted((a, b) => a.mean - b.mean);
  const rank = Math.ceil((total(known.map(({ count }) => count)) * percent) / 100);
  let passed = 0;
  for (const { count, mean } of known) {
    passed += count;
    if (passed >= rank) return mean;
  }
  return null;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

const [minute, hour, day] = [60, 3_600, 86_400];
const lengths = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * day),
];

/**
 * A round number of seconds for which a stretch of time has at most `most` buckets. While logs come,
 * the same buckets stay, and one is added now and then.
 */
function bucketLength(seconds: number, most: number): number {
  const longest = lengths.at(-1) as number;
  return (
    lengths.find((length) => seconds / length <= most) ??
    longest * Math.ceil(seconds / longest / most)
  );
}
