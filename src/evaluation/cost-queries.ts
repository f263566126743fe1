import { sql } from 'kysely';
import type { Workspace } from '../database/workspace.ts';
import { fileKinds } from '../files/kinds/index.ts';

/** US dollars; null when a part is unknown. */
export interface RunCost {
  readonly generation: number | null;
  readonly judging: number | null;
}

/** The kinds whose runs call models, and so cost something. */
const costing = fileKinds.filter(({ log }) => log?.turns).map(({ type }) => type);

/**
 * What the logs of Runs, with all logs below them, and the judgments of these logs have cost so far,
 * by the ids of the Runs. A log or judgment with an error costs nothing unless it says so.
 */
export async function sumCosts(
  { organizationId, db }: Workspace,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunCost>> {
  const { rows } = await sql<
    RunCost & { id: string }
  >`/* hot */ SELECT r.id, generation.sum AS generation, judging.sum AS judging
    FROM evaluation_run r
    CROSS JOIN LATERAL (
      SELECT CASE WHEN coalesce(bool_or(l.type = ANY(${costing}::text[]) AND l.cost IS NULL
            AND l.error IS NULL AND l.is_complete), false)
          OR NOT r.orchestrated AND count(l.cost) = 0 THEN NULL
        ELSE coalesce(sum(l.cost), 0) END AS sum
      FROM evaluation_slot s CROSS JOIN LATERAL (
        SELECT type, coalesce(prompt_cost + output_cost, prompt_cost, output_cost) AS cost, error,
          log_status IS DISTINCT FROM 'incomplete' AS is_complete
        FROM log WHERE organization_id = ${organizationId} AND id = s.log_id
        UNION ALL
        SELECT type, coalesce(prompt_cost + output_cost, prompt_cost, output_cost), error,
          log_status IS DISTINCT FROM 'incomplete'
        FROM log WHERE organization_id = ${organizationId} AND trace_id = s.log_id
          AND trace_parent_id IS NOT NULL) l
      WHERE s.organization_id = ${organizationId} AND s.run_id = r.id AND s.log_id IS NOT NULL
    ) generation
    CROSS JOIN LATERAL (
      SELECT CASE WHEN coalesce(bool_or(wanted.is_model AND j.cost IS NULL
          AND j.outcome <> 'error'), false) THEN NULL ELSE coalesce(sum(j.cost), 0) END AS sum
      FROM (SELECT DISTINCT e.evaluator_version_id,
            v.spec -> 'spec' ->> 'evaluator_type' = 'llm' AS is_model
          FROM evaluation_member m
          JOIN evaluation_evaluator e ON e.organization_id = ${organizationId}
            AND e.evaluation_id = m.evaluation_id
          JOIN version v ON v.organization_id = ${organizationId} AND v.id = e.evaluator_version_id
          WHERE m.organization_id = ${organizationId} AND m.run_id = r.id) wanted
        CROSS JOIN evaluation_slot s
        JOIN judgment j ON j.organization_id = ${organizationId} AND j.log_id = s.log_id
          AND j.evaluator_version_id = wanted.evaluator_version_id
        WHERE s.organization_id = ${organizationId} AND s.run_id = r.id
    ) judging
    WHERE r.organization_id = ${organizationId} AND r.id = ANY(${[...runIds]}::text[])`.execute(db);
  return new Map(rows.map(({ id, ...cost }) => [id, cost]));
}
