import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { countedJudgments, item } from '../stats/judgment-numbers-queries.ts';
import type { StatsScope } from '../stats/scope-queries.ts';
import { type ComparedRuns, judgedValues } from './pair-queries.ts';
import { betterValues } from './valence.ts';

/** How the value of an item changed; `changed` when its evaluator has no valence. */
export type Change = 'improvement' | 'regression' | 'changed' | 'same';

export interface ItemFilter {
  /** Undefined: all items. Otherwise those that an evaluator says this of. */
  readonly only: 'regressions' | 'improvements' | 'changed' | undefined;
  /** Undefined: every evaluator. */
  readonly evaluatorVersionId: string | undefined;
  readonly page: number;
  readonly size: number;
}

/** The items of two Runs on one page, in the order of the dataset, and how many there are in all. */
export async function listItems(
  workspace: Workspace,
  scope: StatsScope,
  runs: ComparedRuns,
  { only, evaluatorVersionId, page, size }: ItemFilter,
): Promise<{ readonly items: readonly string[]; readonly total: number }> {
  const wanted = {
    regressions: sql`change = 'regression'`,
    improvements: sql`change = 'improvement'`,
    changed: sql`change <> 'same'`,
  };
  const one = evaluatorVersionId === undefined ? sql`` : sql`AND name = ${evaluatorVersionId}`;
  const { rows } = await sql<{ item: string | null; total: number }>`
    WITH listed AS MATERIALIZED (
      SELECT ${item} AS item, min(s.position) AS position FROM evaluation_slot s
      WHERE s.organization_id = ${workspace.organizationId}
        AND s.run_id IN (${runs.runId}, ${runs.baselineId}) AND s.log_id IS NOT NULL
      GROUP BY 1),
    chosen AS MATERIALIZED (SELECT * FROM listed ${
      only === undefined
        ? sql``
        : sql`WHERE item IN (SELECT item FROM (${comparedValues(workspace, scope, runs)}) compared
            WHERE ${wanted[only]} ${one})`
    })
    SELECT shown.item, counted.total FROM (SELECT count(*) AS total FROM chosen) counted
    LEFT JOIN (SELECT * FROM chosen ORDER BY position, item
      LIMIT ${size} OFFSET ${(page - 1) * size}) shown ON true
    ORDER BY shown.position, shown.item`.execute(workspace.db);
  return { items: rows.flatMap(({ item }) => item ?? []), total: rows[0]?.total ?? 0 };
}

/** What an evaluator says of an item in both Runs. */
export interface ComparedItem {
  readonly item: string;
  readonly evaluatorVersionId: string;
  readonly run: number;
  readonly baseline: number;
  readonly change: Change;
}

/** The compared values of some items. */
export async function compareItems(
  workspace: Workspace,
  scope: StatsScope,
  runs: ComparedRuns,
  items: readonly string[],
): Promise<readonly ComparedItem[]> {
  const { rows } = await sql<ComparedItem>`
    SELECT item, name AS "evaluatorVersionId", run, baseline, change
    FROM (${comparedValues(workspace, scope, runs)}) compared
    WHERE item = ANY(${[...items]}::text[])`.execute(workspace.db);
  return rows;
}

/** A log of a Run, and the item that it is about. */
export interface ItemLog {
  readonly runId: string;
  readonly item: string;
  readonly datapointId: string | null;
  readonly logId: string;
}

/** The logs that two Runs have of some items: of each its trials in order. */
export async function listItemLogs(
  { organizationId, db }: Workspace,
  { runId, baselineId }: ComparedRuns,
  items: readonly string[],
): Promise<readonly ItemLog[]> {
  const { rows } = await sql<ItemLog>`
    SELECT s.run_id AS "runId", ${item} AS item, s.datapoint_id AS "datapointId",
      s.log_id AS "logId"
    FROM evaluation_slot s
    WHERE s.organization_id = ${organizationId} AND s.run_id IN (${runId}, ${baselineId})
      AND s.log_id IS NOT NULL AND ${item} = ANY(${[...items]}::text[])
    ORDER BY s.run_id, s.position, s.trial`.execute(db);
  return rows;
}

/** A judgment of a log. */
export interface ItemJudgment {
  readonly runId: string;
  readonly evaluatorVersionId: string;
  readonly logId: string;
  readonly evaluatorLogId: string;
  readonly judgment: unknown;
  readonly error: string | null;
}

/** The judgments that count on the logs of some items. */
export async function listItemJudgments(
  workspace: Workspace,
  { id }: StatsScope,
  { runId, baselineId }: ComparedRuns,
  items: readonly string[],
): Promise<readonly ItemJudgment[]> {
  const { organizationId, db } = workspace;
  const { rows } = await sql<ItemJudgment>`
    SELECT c.run_id AS "runId", c.evaluator_version_id AS "evaluatorVersionId",
      c.log_id AS "logId", c.evaluator_log_id AS "evaluatorLogId", l.judgment, l.error
    FROM (${countedJudgments(workspace, id, [runId, baselineId])}) c
    LEFT JOIN log l ON l.organization_id = ${organizationId} AND l.id = c.evaluator_log_id
    WHERE c.item = ANY(${[...items]}::text[])
    ORDER BY c.log_id, c.evaluator_log_id`.execute(db);
  return rows;
}

/** The SELECT of the items that both Runs have a value of, by evaluator. */
function comparedValues(
  workspace: Workspace,
  scope: StatsScope,
  runs: ComparedRuns,
): RawBuilder<unknown> {
  const better = Object.fromEntries(
    scope.evaluators.map(({ versionId, spec }) => [versionId, betterValues(spec)]),
  );
  return sql`
    WITH each AS MATERIALIZED (
      SELECT run_id, evaluator_version_id AS name, item, avg(value) AS value
      FROM (${judgedValues(workspace, scope, runs)}) judged GROUP BY 1, 2, 3)
    SELECT name, item, c.value AS run, b.value AS baseline, CASE
      WHEN c.value = b.value THEN 'same'
      WHEN ${JSON.stringify(better)}::jsonb ->> name IS NULL THEN 'changed'
      WHEN (c.value > b.value) = (${JSON.stringify(better)}::jsonb ->> name = 'higher')
        THEN 'improvement'
      ELSE 'regression' END AS change
    FROM (SELECT name, item, value FROM each WHERE run_id = ${runs.baselineId}) b
    JOIN (SELECT name, item, value FROM each WHERE run_id = ${runs.runId}) c USING (name, item)`;
}
