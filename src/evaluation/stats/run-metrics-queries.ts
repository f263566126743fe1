import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { withDoubles } from '../../kernel/exact-json.ts';
import { item } from './judgment-numbers-queries.ts';

/** How many of a quantity there are, over the logs of a Run. */
interface Totals {
  /** Over the logs for which it is known; null when it is known for none. */
  readonly mean: number | null;
  readonly sum: number | null;
}

/** What the logs of a Run took, with everything below them in their traces. */
export interface RunMetrics {
  /** Logs that can be judged. */
  readonly logs: number;
  /** In seconds. */
  readonly latency: {
    readonly mean: number | null;
    readonly p50: number | null;
    readonly p90: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly max: number | null;
  };
  /** In US dollars. `unknown` logs are left out of mean and sum. */
  readonly cost: Totals & { readonly unknown: number };
  readonly prompt_tokens: Totals & { readonly unknown: number };
  readonly output_tokens: Totals & { readonly unknown: number };
  readonly model_calls: Totals;
  readonly tool_calls: Totals;
  readonly errors: { readonly count: number; readonly share: number | null };
}

/** The metrics of Runs, by the id of the Run. */
export async function measureRuns(
  { organizationId, db }: Workspace,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunMetrics>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await sql<{ runId: string; metrics: RunMetrics }>`
    SELECT run_id AS "runId", jsonb_build_object(
      'logs', count(*),
      'latency', jsonb_build_object('mean', avg(latency), 'max', max(latency),
        'p50', percentile_cont(0.5) WITHIN GROUP (ORDER BY latency),
        'p90', percentile_cont(0.9) WITHIN GROUP (ORDER BY latency),
        'p95', percentile_cont(0.95) WITHIN GROUP (ORDER BY latency),
        'p99', percentile_cont(0.99) WITHIN GROUP (ORDER BY latency)),
      'cost', jsonb_build_object('mean', avg(cost),
        'sum', sum(cost),
        'unknown', count(*) FILTER (WHERE cost IS NULL)),
      'prompt_tokens', jsonb_build_object(
        'mean', avg(prompt_tokens),
        'sum', sum(prompt_tokens),
        'unknown', count(*) FILTER (WHERE prompt_tokens IS NULL)),
      'output_tokens', jsonb_build_object(
        'mean', avg(output_tokens),
        'sum', sum(output_tokens),
        'unknown', count(*) FILTER (WHERE output_tokens IS NULL)),
      'model_calls', jsonb_build_object('mean', avg(model_calls), 'sum', sum(model_calls)),
      'tool_calls', jsonb_build_object('mean', avg(tool_calls), 'sum', sum(tool_calls)),
      'errors', jsonb_build_object('count', count(*) FILTER (WHERE has_error),
        'share', avg(CASE WHEN has_error THEN 1.0 ELSE 0.0 END)::float8)) AS metrics
    FROM (${measuredLogs({ organizationId }, runIds)}) measured GROUP BY run_id`.execute(db);
  // An average of integers is a decimal of Postgres, `12.0000000000000000`.
  return new Map(rows.map(({ runId, metrics }) => [runId, withDoubles(metrics) as RunMetrics]));
}

/**
 * The SELECT of the logs of Runs that can be judged, each with what it and everything below it took.
 * A cost or a number of tokens is null when that of a part is unknown.
 */
export function measuredLogs(
  { organizationId }: Pick<Workspace, 'organizationId'>,
  runIds: readonly string[],
): RawBuilder<unknown> {
  return sql`WITH RECURSIVE part AS (
      SELECT s.run_id, s.log_id AS root_id, ${item} AS item, l.id, l.type, l.prompt_cost,
        l.output_cost, l.prompt_tokens, l.output_tokens, l.tool_call_id,
        l.error IS NOT NULL AS has_error
      FROM evaluation_slot s
      JOIN log l ON l.organization_id = s.organization_id AND l.id = s.log_id
      WHERE s.organization_id = ${organizationId} AND s.run_id = ANY(${[...runIds]}::text[])
        AND s.state = 'ready'
      UNION ALL
      SELECT p.run_id, p.root_id, p.item, l.id, l.type, l.prompt_cost, l.output_cost,
        l.prompt_tokens, l.output_tokens, l.tool_call_id, l.error IS NOT NULL
      FROM part p JOIN log l ON l.organization_id = ${organizationId} AND l.trace_parent_id = p.id),
    summed AS (
      SELECT p.run_id, p.root_id, p.item,
        CASE WHEN NOT bool_or(asks_model AND p.prompt_cost IS NULL AND p.output_cost IS NULL)
          THEN sum(coalesce(p.prompt_cost, 0) + coalesce(p.output_cost, 0)) END AS cost,
        CASE WHEN NOT bool_or(asks_model AND p.prompt_tokens IS NULL)
          THEN sum(coalesce(p.prompt_tokens, 0)) END AS prompt_tokens,
        CASE WHEN NOT bool_or(asks_model AND p.output_tokens IS NULL)
          THEN sum(coalesce(p.output_tokens, 0)) END AS output_tokens,
        sum(CASE WHEN t.turns = 0 AND p.type = 'prompt' AND asks_model THEN 1 ELSE t.turns END)
          AS model_calls,
        -- The turns have the calls of an agent. Logs of tools that no model called are calls too.
        sum(t.calls + CASE WHEN p.type = 'tool' AND p.tool_call_id IS NULL AND p.id <> p.root_id
          THEN 1 ELSE 0 END) AS tool_calls
      FROM part p
      CROSS JOIN LATERAL (SELECT count(*) AS turns,
          coalesce(sum(json_array_length(CASE WHEN json_typeof(message -> 'tool_calls') = 'array'
            THEN message -> 'tool_calls' ELSE '[]' END)), 0) AS calls
        FROM turn WHERE turn.organization_id = ${organizationId} AND turn.log_id = p.id) t
      -- A log that failed before its first model call cost nothing.
      CROSS JOIN LATERAL (SELECT p.type IN ('agent', 'prompt')
        AND NOT (t.turns = 0 AND p.has_error) AS asks_model) kind
      GROUP BY p.run_id, p.root_id, p.item)
    SELECT summed.*, l.error IS NOT NULL AS has_error,
      CASE WHEN l.type = 'flow' OR l.provider_latency IS NULL
        THEN extract(epoch FROM l.end_time - l.start_time)::float8
        ELSE l.provider_latency END AS latency
    FROM summed JOIN log l ON l.organization_id = ${organizationId} AND l.id = summed.root_id`;
}

/** The metrics of a Run without logs. */
export const nothingMeasured: RunMetrics = {
  logs: 0,
  latency: { mean: null, p50: null, p90: null, p95: null, p99: null, max: null },
  cost: { mean: null, sum: null, unknown: 0 },
  prompt_tokens: { mean: null, sum: null, unknown: 0 },
  output_tokens: { mean: null, sum: null, unknown: 0 },
  model_calls: { mean: null, sum: null },
  tool_calls: { mean: null, sum: null },
  errors: { count: 0, share: null },
};
