import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';

/** What an evaluator says of the logs of a version, in one number. */
export interface EvaluatorAggregate {
  /** The mean of numbers; of booleans the share of true; of options the share of positive ones. */
  readonly value: number;
  readonly evaluator_id: string;
  readonly evaluator_version_id: string;
  /** Of the first judgment, and of the last. */
  readonly created_at: Timestamp;
  readonly updated_at: Timestamp;
}

/**
 * The aggregates of versions, by version id. They are over the judgments of logs that were not made
 * for a Run. Evaluators that return text, or options without a valence, have none; nor have deleted
 * ones.
 */
export async function loadAggregates(
  { organizationId, db }: Workspace,
  versionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly EvaluatorAggregate[]>> {
  if (versionIds.length === 0) return new Map();
  // Add up numbers and booleans from the index alone. Only options are read from the table. Version by
  // version: Postgres would share the work among processes otherwise, which takes longer.
  const { rows } = await sql<EvaluatorAggregate & { version_id: string }>`
    WITH traffic AS MATERIALIZED (
      SELECT version.id AS version_id, of_version.*
      FROM unnest(${[...new Set(versionIds)]}::text[]) AS version (id) CROSS JOIN LATERAL (
        SELECT evaluator_version_id, avg(value) AS mean,
          count(*) FILTER (WHERE outcome = 'judged') AS judged,
          min(judged_at) AS created_at, max(judged_at) AS updated_at
        FROM judgment
        WHERE organization_id = ${organizationId} AND version_id = version.id AND is_traffic
        GROUP BY evaluator_version_id) AS of_version)
    SELECT t.version_id, v.file_id AS evaluator_id, t.evaluator_version_id, t.created_at,
      t.updated_at, said.value
    FROM traffic t
    JOIN version v ON v.organization_id = ${organizationId} AND v.id = t.evaluator_version_id
      AND v.deleted_at IS NULL
    JOIN file f ON f.organization_id = v.organization_id AND f.id = v.file_id
      AND f.deleted_at IS NULL
    CROSS JOIN LATERAL (
      SELECT v.spec -> 'spec' ->> 'return_type' AS returns, (v.spec -> 'spec' -> 'options')::jsonb AS options
    ) spec
    CROSS JOIN LATERAL (SELECT CASE
      WHEN t.judged = 0 THEN NULL
      WHEN returns IN ('boolean', 'number') THEN t.mean
      WHEN returns IN ('select', 'multi_select')
        AND jsonb_path_exists(options, '$[*] ? (@.valence != null)') THEN (
        SELECT avg((j.options && positive)::integer)::float8 FROM judgment j
        CROSS JOIN (SELECT array_agg(option ->> 'name') AS positive
          FROM jsonb_array_elements(options) option WHERE option ->> 'valence' = 'positive') p
        WHERE j.organization_id = ${organizationId} AND j.version_id = t.version_id
          AND j.evaluator_version_id = t.evaluator_version_id AND j.is_traffic
          AND j.outcome = 'judged') END AS value) said
    WHERE said.value IS NOT NULL
    ORDER BY t.created_at, t.evaluator_version_id`.execute(db);
  const aggregates = rows.map(({ version_id, ...aggregate }) => [version_id, aggregate] as const);
  return new Map(
    [...Map.groupBy(aggregates, ([versionId]) => versionId)].map(([versionId, some]) => [
      versionId,
      some.map(([, aggregate]) => aggregate),
    ]),
  );
}
