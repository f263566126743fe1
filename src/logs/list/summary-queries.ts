import { sql } from 'kysely';
import type { returnTypes } from '../../contract/kinds/evaluator.ts';
import type { Workspace } from '../../database/workspace.ts';
import { cost, latency, output, tokens } from './condition-queries.ts';
import type { LogSummary } from './log-summary.ts';

/** Logs in short form, in the order of the ids. Ids without a log are left out. */
export async function loadSummaries(
  { organizationId, db }: Workspace,
  ids: readonly string[],
  clippedLength: number,
): Promise<readonly LogSummary[]> {
  const clipped = (column: string) =>
    sql`left(${sql.ref(`l.${column}`)}, ${clippedLength}) AS ${sql.ref(column)}`;
  const { rows } = await sql<LogSummary>`
    SELECT l.id, l.type, l.file_id, f.path, l.version_id, v.name AS version_name, l.created_at,
      l.start_time, l.end_time, l.provider_latency, l.log_status, l.ended_as, r.state AS run_state,
      ${latency} AS latency, ${cost} AS cost, ${tokens} AS tokens,
      l.prompt_tokens, l.reasoning_tokens, l.output_tokens, l.prompt_cost, l.output_cost,
      ${clipped('finish_reason')}, left(coalesce(${lastOfUser}, ${inputs}), ${clippedLength}) AS input,
      left(${output}, ${clippedLength}) AS output, ${clipped('error')},
      l.trace_id, l.trace_parent_id, l.trace_flow_id, ${clipped('environment')},
      ${clipped('user')}, ${clipped('source')}, ${clipped('source_datapoint_id')},
      l.forked_from_id, l.forked_from_turn
    FROM unnest(${[...ids]}::text[]) WITH ORDINALITY AS asked (id, place)
    JOIN log l ON l.organization_id = ${organizationId} AND l.id = asked.id
    JOIN file f ON f.organization_id = ${organizationId} AND f.id = l.file_id
    JOIN version v ON v.organization_id = ${organizationId} AND v.id = l.version_id
    LEFT JOIN run r ON r.organization_id = ${organizationId} AND r.log_id = l.id
    ORDER BY place`.execute(db);
  return rows;
}

/** The text of the last message that a user sent; null when there is none. */
const lastOfUser = sql`(
  SELECT CASE json_typeof(value -> 'content')
      WHEN 'string' THEN value ->> 'content'
      WHEN 'array' THEN (SELECT string_agg(part ->> 'text', ' ')
        FROM json_array_elements(value -> 'content') AS part_of (part)) END
  FROM json_array_elements(l.messages) WITH ORDINALITY AS message (value, place)
  WHERE value ->> 'role' = 'user' ORDER BY place DESC LIMIT 1)`;

const inputs = sql`nullif(l.inputs::text, '{}')`;

/** A judgment as rows of lists show it. */
export interface ListedJudgment {
  readonly log_id: string;
  readonly evaluator_id: string;
  readonly evaluator_version_id: string;
  readonly evaluator_path: string;
  readonly judge: string;
  readonly outcome: 'judged' | 'null' | 'error';
  readonly return_type: (typeof returnTypes)[number] | null;
  readonly value: number | null;
  readonly options: string[] | null;
}

/** The judgments of some logs that count. */
export async function listJudgments(
  { organizationId, db }: Workspace,
  logIds: readonly string[],
): Promise<readonly ListedJudgment[]> {
  const { rows } = await sql<ListedJudgment>`
    SELECT j.log_id, j.evaluator_id, j.evaluator_version_id, f.path AS evaluator_path, j.judge,
      j.outcome, v.spec -> 'spec' ->> 'return_type' AS return_type, j.value, j.options
    FROM judgment j
    JOIN file f ON f.organization_id = ${organizationId} AND f.id = j.evaluator_id
    LEFT JOIN version v ON v.organization_id = ${organizationId} AND v.id = j.evaluator_version_id
    WHERE j.organization_id = ${organizationId} AND j.log_id = ANY(${[...logIds]}::text[])
      AND f.deleted_at IS NULL
    ORDER BY f.path, j.evaluator_id, j.judged_at DESC, j.evaluator_log_id DESC`.execute(db);
  return rows;
}
