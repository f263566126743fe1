import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Pair } from '../../statistics/compare-pairs.ts';
import { countedJudgments, item } from '../stats/judgment-numbers-queries.ts';
import { measuredLogs } from '../stats/run-metrics-queries.ts';
import type { StatsScope } from '../stats/scope-queries.ts';
import { positiveOptions } from './valence.ts';

/** The two Runs of a comparison. */
export interface ComparedRuns {
  readonly runId: string;
  readonly baselineId: string;
}

/** The values of two Runs that belong together. */
export interface Paired {
  /** In the order of the items. */
  readonly pairs: readonly Pair[];
  readonly items: readonly string[];
  /** Items that have a value in one of the Runs alone. */
  readonly onlyRun: number;
  readonly onlyBaseline: number;
}

export const noPairs: Paired = { pairs: [], items: [], onlyRun: 0, onlyBaseline: 0 };

interface PairedRow {
  readonly name: string;
  readonly items: readonly string[] | null;
  readonly baseline: readonly number[] | null;
  readonly candidate: readonly number[] | null;
  readonly onlyRun: number;
  readonly onlyBaseline: number;
}

/** The judged values of each evaluator, by the id of the attached version. */
export async function pairJudgments(
  workspace: Workspace,
  scope: StatsScope,
  runs: ComparedRuns,
): Promise<ReadonlyMap<string, Paired>> {
  const values = judgedValues(workspace, scope, runs);
  return pairUp(
    workspace,
    runs,
    sql`
    SELECT run_id, evaluator_version_id AS name, item, avg(value) AS value
    FROM (${values}) judged GROUP BY run_id, evaluator_version_id, item`,
  );
}

/** The costs in US dollars and the latencies in seconds of the logs. */
export async function pairMetrics(
  workspace: Workspace,
  runs: ComparedRuns,
): Promise<Readonly<Record<'cost' | 'latency', Paired>>> {
  const paired = await pairUp(
    workspace,
    runs,
    sql`
    SELECT run_id, name, item, avg(value) AS value
    FROM (${measuredLogs(workspace, [runs.runId, runs.baselineId])}) measured
    CROSS JOIN LATERAL (VALUES ('cost', cost), ('latency', latency)) metric (name, value)
    WHERE value IS NOT NULL GROUP BY run_id, name, item`,
  );
  return { cost: paired.get('cost') ?? noPairs, latency: paired.get('latency') ?? noPairs };
}

/**
 * The SELECT of the judgments of two Runs as numbers: true is 1, and so is a choice with a positive
 * option. Judgments that cannot be compared are left out.
 */
export function judgedValues(
  workspace: Workspace,
  { id, evaluators }: StatsScope,
  { runId, baselineId }: ComparedRuns,
): RawBuilder<unknown> {
  const positive = Object.fromEntries(
    evaluators.flatMap(({ versionId, spec }) => {
      const options = positiveOptions(spec);
      return options.length > 0 ? [[versionId, options]] : [];
    }),
  );
  return sql`
    SELECT * FROM (
      SELECT c.run_id, c.evaluator_version_id, c.item, c.log_id, c.evaluator_log_id,
        CASE WHEN c.options IS NULL THEN c.value
          ELSE (SELECT (c.options && array_agg(option))::integer FROM jsonb_array_elements_text(
            ${JSON.stringify(positive)}::jsonb -> c.evaluator_version_id) option) END AS value
      FROM (${countedJudgments(workspace, id, [runId, baselineId])}) c
      WHERE c.outcome = 'judged') valued
    WHERE value IS NOT NULL`;
}

/** @param values a SELECT of run_id, name, item and value. */
async function pairUp(
  { db }: Workspace,
  { runId, baselineId }: ComparedRuns,
  values: RawBuilder<unknown>,
): Promise<ReadonlyMap<string, Paired>> {
  const { rows } = await sql<PairedRow>`
    WITH each AS MATERIALIZED (${values})
    SELECT name, array_agg(item ORDER BY item) FILTER (WHERE is_pair) AS items,
      array_agg(b.value ORDER BY item) FILTER (WHERE is_pair) AS baseline,
      array_agg(c.value ORDER BY item) FILTER (WHERE is_pair) AS candidate,
      count(*) FILTER (WHERE b.value IS NULL) AS "onlyRun",
      count(*) FILTER (WHERE c.value IS NULL) AS "onlyBaseline"
    FROM (SELECT name, item, value FROM each WHERE run_id = ${baselineId}) b
    FULL JOIN (SELECT name, item, value FROM each WHERE run_id = ${runId}) c USING (name, item)
    CROSS JOIN LATERAL (SELECT b.value IS NOT NULL AND c.value IS NOT NULL AS is_pair) found
    GROUP BY name`.execute(db);
  return new Map(
    rows.map(({ name, items, baseline, candidate, onlyRun, onlyBaseline }) => [
      name,
      {
        items: items ?? [],
        pairs: (baseline ?? []).map((value, index) => ({
          baseline: Number(value),
          candidate: Number(candidate?.[index]),
        })),
        onlyRun,
        onlyBaseline,
      },
    ]),
  );
}

/** An input of what each item is about, as text, by item. Items without it are left out. */
export async function findClusters(
  { organizationId, db }: Workspace,
  { runId, baselineId }: ComparedRuns,
  inputPath: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ item: string; name: string }>`
    SELECT DISTINCT ON (item) item, name FROM (
      SELECT ${item} AS item, coalesce(d.inputs, l.inputs) #>> ${[...inputPath]}::text[] AS name
      FROM evaluation_slot s
      LEFT JOIN log l ON l.organization_id = s.organization_id AND l.id = s.log_id
      LEFT JOIN datapoint d ON d.organization_id = s.organization_id AND d.id = s.datapoint_id
      WHERE s.organization_id = ${organizationId} AND s.run_id IN (${runId}, ${baselineId})
    ) named WHERE name IS NOT NULL ORDER BY item, name`.execute(db);
  return new Map(rows.map(({ item, name }) => [item, name]));
}
