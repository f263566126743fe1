import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { shownPercentiles } from '../../statistics/describe-numbers.ts';
import { countsFor } from '../attached-queries.ts';

/** The judgments of one evaluator on the logs of one Run, added up. */
export interface JudgmentNumbers {
  readonly runId: string;
  readonly evaluatorVersionId: string;
  /** The evaluator logs that count: those with a judgment, without one, and with an error. */
  readonly total: number;
  readonly judged: number;
  readonly nulls: number;
  readonly errors: number;
  /** How many different logs they are on. */
  readonly logs: number;
  /** Of judgments that are numbers; of booleans, with true = 1 and false = 0. Null without any. */
  readonly sum: number | null;
  readonly mean: number | null;
  /** Of the sample, n − 1; null below two. */
  readonly std: number | null;
  /** In the order of `shownPercentiles`; null without any. */
  readonly percentiles: readonly number[] | null;
  /** How often each option was chosen; options that nobody chose are left out. */
  readonly perOption: Readonly<Record<string, number>> | null;
  /** What judging models cost, in US dollars, as far as that is known; null when nothing is. */
  readonly cost: number | null;
  /** Of the judgments whose latency is known, in seconds; `latencies` is how many these are. */
  readonly latencySum: number | null;
  readonly latencies: number;
}

const fractions = shownPercentiles.map((percentile) => Number(percentile) / 100);

/**
 * The judgments of an Evaluation's evaluators on the logs of Runs. There is no row where nothing was
 * judged.
 */
export async function addUpJudgments(
  workspace: Workspace,
  evaluationId: string,
  runIds: readonly string[],
): Promise<readonly JudgmentNumbers[]> {
  if (runIds.length === 0) return [];
  const { rows } = await sql<JudgmentNumbers>`
    WITH counted AS MATERIALIZED (${countedJudgments(workspace, evaluationId, runIds)}),
    chosen AS (
      SELECT run_id, evaluator_version_id, jsonb_object_agg(option, times) AS per_option
      FROM (SELECT run_id, evaluator_version_id, option, count(*) AS times
        FROM counted CROSS JOIN unnest(options) AS option WHERE outcome = 'judged'
        GROUP BY run_id, evaluator_version_id, option) each
      GROUP BY run_id, evaluator_version_id)
    SELECT c.run_id AS "runId", c.evaluator_version_id AS "evaluatorVersionId",
      count(*) AS total, count(*) FILTER (WHERE outcome = 'judged') AS judged,
      count(*) FILTER (WHERE outcome = 'null') AS nulls,
      count(*) FILTER (WHERE outcome = 'error') AS errors,
      count(DISTINCT log_id) AS logs,
      sum(value) FILTER (WHERE outcome = 'judged') AS sum,
      avg(value) FILTER (WHERE outcome = 'judged') AS mean,
      stddev_samp(value) FILTER (WHERE outcome = 'judged') AS std,
      percentile_cont(${fractions}::float8[]) WITHIN GROUP (ORDER BY value)
        FILTER (WHERE outcome = 'judged') AS percentiles,
      (SELECT per_option FROM chosen WHERE chosen.run_id = c.run_id
        AND chosen.evaluator_version_id = c.evaluator_version_id) AS "perOption",
      sum(cost) AS cost, sum(latency) AS "latencySum", count(latency) AS latencies
    FROM counted c GROUP BY c.run_id, c.evaluator_version_id`.execute(workspace.db);
  return rows;
}

/**
 * The judged numbers of evaluators on the logs of a Run, in ascending order, by the id of the
 * attached version.
 */
export async function collectValues(
  workspace: Workspace,
  evaluationId: string,
  runId: string,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await sql<{ id: string; values: number[] }>`
    WITH counted AS (${countedJudgments(workspace, evaluationId, [runId])})
    SELECT evaluator_version_id AS id, array_agg(value ORDER BY value) AS values
    FROM counted WHERE outcome = 'judged' AND value IS NOT NULL
    GROUP BY evaluator_version_id`.execute(workspace.db);
  return new Map(rows.map(({ id, values }) => [id, values]));
}

/**
 * What the log of a slot `s` is about. Logs of two Runs are a pair when it is the same: a Datapoint,
 * the log that a replay replays, or the log itself.
 */
export const item = sql`coalesce(s.datapoint_id, s.replayed_log_id, s.log_id)`;

/** The SELECT of the judgments that count in an Evaluation. */
export function countedJudgments(
  { organizationId }: Workspace,
  evaluationId: string,
  runIds: readonly string[],
): RawBuilder<unknown> {
  return sql`
    SELECT DISTINCT ON (s.run_id, e.evaluator_version_id, s.log_id, j.judge)
      s.run_id, e.evaluator_version_id, s.log_id, ${item} AS item, j.evaluator_log_id, j.judge,
      j.outcome, j.value, j.options, j.cost, j.latency
    FROM evaluation_slot s
    JOIN judgment j ON j.organization_id = s.organization_id AND j.log_id = s.log_id
    JOIN evaluation_evaluator e ON e.organization_id = s.organization_id
      AND e.evaluation_id = ${evaluationId} AND ${countsFor('e')}
    WHERE s.organization_id = ${organizationId} AND s.run_id = ANY(${[...runIds]}::text[])
      AND s.log_id IS NOT NULL
    ORDER BY s.run_id, e.evaluator_version_id, s.log_id, j.judge,
      j.judged_at DESC, j.evaluator_log_id DESC`;
}
