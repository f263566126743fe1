import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { conditions, cost, isFailed, latency, tokens } from './condition-queries.ts';
import type { LogFilter } from './log-filter.ts';

/**
 * What logs of about one size add up to: those of a bucket of time that took about as long, or those of
 * all times that cost about as much.
 */
export interface StatsRow {
  /** Whether the row is of logs that cost about as much. */
  readonly is_by_cost: boolean;
  /** The start of the bucket; null when there are none, and for a row by cost. */
  readonly from: Timestamp | null;
  readonly count: number;
  readonly errors: number;
  /** How many of them have a latency, and the sum of these in seconds. */
  readonly timed: number;
  readonly seconds: number | null;
  /** How many of them have a cost, and the sum of these in US dollars. */
  readonly priced: number;
  readonly cost: number | null;
  readonly tokens: number | null;
}

/** The first and the last log that match, by the time of their creation. */
export async function findTimeRange(
  workspace: Workspace,
  filter: LogFilter,
): Promise<{ readonly first: Timestamp | null; readonly last: Timestamp | null }> {
  const end = (direction: RawBuilder<unknown>) => sql`(SELECT l.created_at FROM log l
    WHERE ${conditions(workspace, filter)}
    ORDER BY l.created_at ${direction}, l.id ${direction} LIMIT 1)`;
  const { rows } = await sql<{ first: Timestamp | null; last: Timestamp | null }>`
    SELECT ${end(sql`ASC`)} AS first, ${end(sql`DESC`)} AS last`.execute(workspace.db);
  return rows[0] ?? { first: null, last: null };
}

/**
 * What the logs that match add up to.
 *
 * Logs are put together that differ by at most 2 % in latency, or in cost. The percentiles of a
 * million logs then come from some thousands of rows, where a sort would go through the disk.
 *
 * @param seconds how long a bucket is; undefined: there is one. Buckets begin at multiples of it.
 */
export async function loadStats(
  workspace: Workspace,
  filter: LogFilter,
  seconds: number | undefined,
): Promise<readonly StatsRow[]> {
  const { organizationId, db } = workspace;
  const bucket =
    seconds === undefined
      ? sql`NULL::timestamptz`
      : sql`date_bin(make_interval(secs => ${seconds}), l.created_at, '1970-01-01Z')`;
  const { rows } = await sql<StatsRow>`
    SELECT grouping("from") = 1 AS is_by_cost, "from", count(*) AS count,
      count(*) FILTER (WHERE is_failed) AS errors, count(latency) AS timed, sum(latency) AS seconds,
      count(cost) AS priced, sum(cost) AS cost, sum(tokens)::bigint AS tokens
    FROM (
      SELECT "from", latency, cost, tokens, is_failed, ${size(sql`latency`)} AS latency_size,
        ${size(sql`cost`)} AS cost_size
      FROM (
        SELECT ${bucket} AS "from", ${latency} AS latency, ${cost} AS cost, ${tokens} AS tokens,
          failed.id IS NOT NULL AS is_failed
        FROM log l
        LEFT JOIN (SELECT l.created_at, l.id FROM log l
          WHERE l.organization_id = ${organizationId} AND ${isFailed}) failed
          ON failed.created_at = l.created_at AND failed.id = l.id
        WHERE ${conditions(workspace, filter)}) l) l
    GROUP BY GROUPING SETS (("from", latency_size), (cost_size))`.execute(db);
  return rows;
}

/** Equal for values that differ by at most 2 %. Everything below a millionth is one. */
function size(value: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`floor(50 * ln(greatest(${value}, 0.000001)))::integer`;
}
