import { sql } from 'kysely';
import type { EvaluatorDetails } from '../../contract/kinds/evaluator.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';

export interface SeriesFilter {
  readonly fileId: string;
  /** When the judged logs were made; both inclusive. */
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly interval: 'hour' | 'day' | 'week';
  readonly evaluatorVersionId: string | undefined;
  readonly versionId: string | undefined;
}

const lengthOf = { hour: '1 hour', day: '1 day', week: '7 days' } as const;

/** The judgments of one evaluator on logs of one hour, day or week. */
export interface SeriesPoint {
  readonly evaluatorId: string;
  readonly evaluatorVersionId: string;
  readonly returns: EvaluatorDetails['return_type'];
  /** When the hour, day or week begins, in UTC. Weeks begin on Mondays. */
  readonly at: Timestamp;
  readonly total: number;
  readonly judged: number;
  readonly nulls: number;
  readonly errors: number;
  /** Of numbers, and of booleans with true = 1; null when nothing was judged. */
  readonly mean: number | null;
  /** How often each option was chosen; null for evaluators without options. */
  readonly perOption: Readonly<Record<string, number>> | null;
}

/**
 * The judgments of a file's traffic over time, by evaluator version, then time. Intervals without
 * judgments are left out.
 *
 * @param most the most points to read.
 */
export async function listSeriesPoints(
  { organizationId, db }: Workspace,
  filter: SeriesFilter,
  most: number,
): Promise<readonly SeriesPoint[]> {
  const { fileId, from, to, interval, evaluatorVersionId, versionId } = filter;
  const judged = sql`j.organization_id = ${organizationId} AND j.file_id = ${fileId}
    AND j.is_traffic AND j.log_created_at BETWEEN ${from} AND ${to}
    ${evaluatorVersionId === undefined ? sql`` : sql`AND j.evaluator_version_id = ${evaluatorVersionId}`}
    ${versionId === undefined ? sql`` : sql`AND j.version_id = ${versionId}`}`;
  // date_bin takes half the time of date_trunc. 2001 began on a Monday.
  const at = sql`date_bin(${lengthOf[interval]}::interval, j.log_created_at, '2001-01-01Z')`;
  // Add up from the index alone. Only the judgments of evaluators with options are read from the
  // table, by evaluator: OFFSET 0 keeps Postgres from reading those of all evaluators.
  const { rows } = await sql<SeriesPoint>`
    WITH point AS MATERIALIZED (
      SELECT evaluator_version_id, ${at} AS at, count(*) AS total,
        count(*) FILTER (WHERE outcome = 'judged') AS judged,
        count(*) FILTER (WHERE outcome = 'null') AS nulls,
        count(*) FILTER (WHERE outcome = 'error') AS errors, avg(value) AS mean
      FROM judgment j WHERE ${judged} GROUP BY 1, 2),
    evaluator AS MATERIALIZED (
      SELECT v.id, v.file_id, v.spec -> 'spec' ->> 'return_type' AS returns FROM version v
      WHERE v.organization_id = ${organizationId}
        AND v.id IN (SELECT evaluator_version_id FROM point)),
    chosen AS MATERIALIZED (
      SELECT evaluator_version_id, at, jsonb_object_agg(option, times) AS per_option
      FROM (SELECT j.evaluator_version_id, j.at, option, count(*) AS times
        FROM evaluator e CROSS JOIN LATERAL (
          SELECT j.evaluator_version_id, ${at} AS at, j.options FROM judgment j
          WHERE ${judged} AND j.evaluator_version_id = e.id OFFSET 0) j
        CROSS JOIN unnest(j.options) AS option
        WHERE e.returns IN ('select', 'multi_select')
        GROUP BY 1, 2, 3) each
      GROUP BY 1, 2)
    SELECT e.file_id AS "evaluatorId", e.id AS "evaluatorVersionId", e.returns, p.at, p.total,
      p.judged, p.nulls, p.errors, p.mean, c.per_option AS "perOption"
    FROM point p JOIN evaluator e ON e.id = p.evaluator_version_id
    LEFT JOIN chosen c ON c.evaluator_version_id = p.evaluator_version_id AND c.at = p.at
    ORDER BY e.id, p.at LIMIT ${most}`.execute(db);
  return rows;
}
