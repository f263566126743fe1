import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { isTest } from './traffic-queries.ts';

/** Who judged, in SQL. */
interface JudgedBy {
  /** Rows of evaluator logs. */
  readonly from: RawBuilder<unknown>;
  /** True: the server judged the log as it is now. The row of the evaluator log is `e`. */
  readonly isCurrent: RawBuilder<unknown>;
  /** The datapoint that the server judged the log with. */
  readonly datapointId: RawBuilder<unknown>;
}

/** The judgments of clients and people. */
const byClient = { isCurrent: sql`false`, datapointId: sql`NULL::text` };

/**
 * The INSERT of judgments. A judgment replaces an older one of the same log, evaluator version and
 * judge; what is newer stays. Of several new ones the newest is inserted.
 */
export function upsertJudgments({ from, isCurrent, datapointId }: JudgedBy): RawBuilder<unknown> {
  return sql`INSERT INTO judgment (organization_id, log_id, evaluator_version_id, judge, evaluator_id,
      evaluator_log_id, file_id, version_id, is_traffic, outcome, value, options, cost, latency,
      is_current, datapoint_id, log_created_at, judged_at)
    SELECT DISTINCT ON (e.organization_id, e.parent_id, e.version_id, coalesce(e."user", ''))
      e.organization_id, e.parent_id, e.version_id, coalesce(e."user", ''), e.file_id, e.id,
      l.file_id, l.version_id, NOT ${isTest('l')}, said.outcome,
      CASE WHEN said.outcome = 'judged' THEN CASE json_typeof(e.judgment)
        WHEN 'number' THEN (e.judgment #>> '{}')::double precision
        WHEN 'boolean' THEN (e.judgment #>> '{}')::boolean::integer END END,
      CASE WHEN said.outcome = 'judged' THEN CASE v.spec -> 'spec' ->> 'return_type'
        WHEN 'select' THEN ARRAY[e.judgment #>> '{}']
        WHEN 'multi_select' THEN ARRAY(SELECT json_array_elements_text(e.judgment)) END END,
      e.prompt_cost + e.output_cost,
      coalesce(e.provider_latency, extract(epoch FROM e.end_time - e.start_time)::float8),
      ${isCurrent}, ${datapointId}, l.created_at, e.created_at
    FROM ${from} e
    JOIN log l ON l.organization_id = e.organization_id AND l.id = e.parent_id
    JOIN version v ON v.organization_id = e.organization_id AND v.id = e.version_id
    CROSS JOIN LATERAL (SELECT CASE WHEN e.error IS NOT NULL THEN 'error'
      WHEN e.judgment IS NULL THEN 'null' ELSE 'judged' END AS outcome) said
    ORDER BY e.organization_id, e.parent_id, e.version_id, coalesce(e."user", ''),
      e.created_at DESC, e.id DESC
    ON CONFLICT (organization_id, log_id, evaluator_version_id, judge) DO UPDATE SET
      evaluator_log_id = excluded.evaluator_log_id, file_id = excluded.file_id,
      version_id = excluded.version_id, is_traffic = excluded.is_traffic,
      outcome = excluded.outcome, value = excluded.value, options = excluded.options,
      cost = excluded.cost, latency = excluded.latency, is_current = excluded.is_current,
      datapoint_id = excluded.datapoint_id, log_created_at = excluded.log_created_at, judged_at = excluded.judged_at,
      written_at = excluded.written_at
    WHERE (judgment.judged_at, judgment.evaluator_log_id)
      <= (excluded.judged_at, excluded.evaluator_log_id)`;
}

/** Makes judgments count that clients have logged. */
export async function insertClientJudgments(
  { db, organizationId }: Workspace,
  evaluatorLogIds: readonly string[],
): Promise<void> {
  const from = sql`(SELECT * FROM log WHERE organization_id = ${organizationId}
    AND id = ANY(${[...evaluatorLogIds]}::text[]) AND parent_id IS NOT NULL)`;
  await upsertJudgments({ ...byClient, from }).execute(db);
}

/** What a judgment is of: of the judgments of one judge the newest counts. */
interface JudgmentKey {
  readonly logId: string;
  readonly versionId: string;
  readonly judge: string;
}

/** The judgments that count of evaluator logs that are deleted, if the judged log stays. */
export async function listCountingAmong(
  { db, organizationId }: Workspace,
  deletedIds: readonly string[],
): Promise<readonly JudgmentKey[]> {
  const ids = sql`${[...deletedIds]}::text[]`;
  const { rows } = await sql<JudgmentKey>`SELECT log_id AS "logId",
      evaluator_version_id AS "versionId", judge FROM judgment
    WHERE organization_id = ${organizationId} AND evaluator_log_id = ANY(${ids})
      AND log_id <> ALL(${ids})`.execute(db);
  return rows;
}

/** The logs that stay when others are deleted, and that lose a judgment. */
export async function listJudgedBy(
  { db, organizationId }: Workspace,
  deletedIds: readonly string[],
): Promise<readonly string[]> {
  const ids = sql`${[...deletedIds]}::text[]`;
  const { rows } = await sql<{ id: string }>`SELECT DISTINCT parent_id AS id FROM log
    WHERE organization_id = ${organizationId} AND id = ANY(${ids})
      AND parent_id IS NOT NULL AND parent_id <> ALL(${ids})`.execute(db);
  return rows.map(({ id }) => id);
}

/** Deletes the judgments that these evaluator logs made. */
export async function deleteJudgmentsBy(
  { db, organizationId }: Workspace,
  evaluatorLogIds: readonly string[],
): Promise<void> {
  await sql`DELETE FROM judgment WHERE organization_id = ${organizationId}
    AND evaluator_log_id = ANY(${[...evaluatorLogIds]}::text[])`.execute(db);
}

/** Makes of each key the newest judgment count that is not among some evaluator logs. */
export async function upsertJudgmentsBefore(
  { db, organizationId }: Workspace,
  keys: readonly JudgmentKey[],
  withoutIds: readonly string[],
): Promise<void> {
  const from = sql`(SELECT log.* FROM unnest(${keys.map(({ logId }) => logId)}::text[],
      ${keys.map(({ versionId }) => versionId)}::text[], ${keys.map(({ judge }) => judge)}::text[])
      AS key (log_id, version_id, judge)
    JOIN log ON log.organization_id = ${organizationId} AND log.parent_id = key.log_id
      AND log.version_id = key.version_id AND coalesce(log."user", '') = key.judge
    WHERE log.id <> ALL(${[...withoutIds]}::text[]))`;
  await upsertJudgments({ ...byClient, from }).execute(db);
}

/** The Runs that have these logs. */
export async function listRunsOfLogs(
  { db, organizationId }: Workspace,
  logIds: readonly string[],
): Promise<readonly string[]> {
  if (logIds.length === 0) return [];
  const { rows } = await sql<{
    id: string;
  }>`/* hot */ SELECT DISTINCT run_id AS id FROM evaluation_slot
    WHERE organization_id = ${organizationId} AND log_id = ANY(${[...logIds]}::text[])`.execute(db);
  return rows.map(({ id }) => id);
}

/** Deletes the stored statistics of Runs, because a judgment has changed. */
export async function deleteStats(
  { db, organizationId }: Workspace,
  runIds: readonly string[],
): Promise<void> {
  if (runIds.length === 0) return;
  await sql`/* hot */ DELETE FROM evaluation_run_stats WHERE organization_id = ${organizationId}
    AND run_id = ANY(${[...runIds]}::text[])`.execute(db);
}
