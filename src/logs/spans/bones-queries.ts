import { sql } from 'kysely';
import type { Answerer } from '../../contract/spans.ts';
import type { RunTable } from '../../database/tables.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { type AnswererIds, loadAnswerers } from '../answerer-queries.ts';
import type { LogRecord, TurnRecord } from '../log-record.ts';
import type { SpanPosition } from './span-queries.ts';

/** A log of a page, as its row is. */
export interface LogBones
  extends Pick<
    LogRecord,
    | 'id'
    | 'type'
    | 'file_id'
    | 'version_id'
    | 'trace_parent_id'
    | 'tool_call_id'
    | 'created_at'
    | 'end_time'
    | 'log_status'
    | 'ended_as'
    | 'error'
    | 'prompt_tokens'
    | 'reasoning_tokens'
    | 'output_tokens'
    | 'prompt_cost'
    | 'output_cost'
    | 'forked_from_id'
    | 'forked_from_turn'
  > {
  readonly path: string;
  readonly started_at: Timestamp;
  readonly run_state: RunTable['state'] | null;
  readonly suspended_at: Timestamp | null;
}

/** Logs without their payloads, by id. */
export async function loadLogBones(
  { organizationId, db }: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LogBones>> {
  const { rows } = await sql<LogBones>`
    SELECT l.id, l.type, l.file_id, f.path, l.version_id, l.trace_parent_id, l.tool_call_id,
      l.created_at, coalesce(l.start_time, l.created_at) AS started_at, l.end_time, l.log_status,
      l.ended_as, left(l.error, ${clipped}) AS error, l.prompt_tokens, l.reasoning_tokens,
      l.output_tokens, l.prompt_cost, l.output_cost, l.forked_from_id, l.forked_from_turn,
      r.state AS run_state, r.suspended_at
    FROM log l
    JOIN file f ON f.organization_id = ${organizationId} AND f.id = l.file_id
    LEFT JOIN run r ON r.organization_id = ${organizationId} AND r.log_id = l.id
    WHERE l.organization_id = ${organizationId} AND l.id = ANY(${[...ids]}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** How much of an error is read. Its first line is shown. */
const clipped = 201;

/** A turn of a log, as its row is. */
export interface TurnBones
  extends Omit<
    TurnRecord,
    | 'price_table'
    | 'message'
    | 'parts'
    | 'results'
    | 'continuation'
    | 'provider_request'
    | 'shared_messages'
    | 'provider_response'
  > {
  readonly log_id: string;
  /** True when the client has continued the run after this turn. */
  readonly is_continued: boolean;
  readonly continued_at: Timestamp | null;
  /** Who continued it. */
  readonly answerer: Answerer | null;
}

/** All turns of some logs without their payloads, in order, by the id of their log. */
export async function loadTurnBones(
  workspace: Workspace,
  logIds: readonly string[],
): Promise<ReadonlyMap<string, readonly TurnBones[]>> {
  const { organizationId, db } = workspace;
  const { rows } = await sql<Omit<TurnBones, 'answerer'> & AnswererIds>`
    SELECT log_id, number, started_at, first_token_at, ended_at, provider, model, finish_reason,
      left(error, ${clipped}) AS error, input_tokens, cache_read_tokens, cache_write_tokens,
      output_tokens, reasoning_tokens, prompt_cost, output_cost, continuation IS NOT NULL AS is_continued,
      continued_at, continued_by, continued_by_key
    FROM turn WHERE organization_id = ${organizationId} AND log_id = ANY(${[...logIds]}::text[])
    ORDER BY log_id, number`.execute(db);
  const answererOf = await loadAnswerers(workspace, rows);
  const turns = rows.map((row) => ({ ...row, answerer: answererOf(row) }));
  return Map.groupBy(turns, ({ log_id: logId }) => logId);
}

/** A log that answers a tool call. */
export interface AnsweringLog extends Pick<LogRecord, 'created_at' | 'end_time'> {
  readonly trace_parent_id: string;
  readonly tool_call_id: string;
}

/** The logs that answer the tool calls of some logs. */
export async function loadAnsweringLogs(
  { organizationId, db }: Workspace,
  logIds: readonly string[],
): Promise<readonly AnsweringLog[]> {
  const { rows } = await sql<AnsweringLog>`
    SELECT trace_parent_id, tool_call_id, created_at, end_time FROM log
    WHERE organization_id = ${organizationId} AND trace_parent_id = ANY(${[...logIds]}::text[])
      AND tool_call_id IS NOT NULL`.execute(db);
  return rows;
}

/** The tool calls of a turn. */
export interface TurnCalls {
  readonly log_id: string;
  readonly number: number;
  /** The id and the function's name of each. */
  readonly calls: readonly (readonly [string, string])[];
  /** The calls that the server answered, and those that the client did. */
  readonly by_server: readonly string[];
  readonly by_client: readonly string[];
}

/** The tool calls of some turns, without arguments and results; turns without any are left out. */
export async function loadTurnCalls(
  { organizationId, db }: Workspace,
  turns: readonly Pick<SpanPosition, 'logId' | 'number'>[],
): Promise<readonly TurnCalls[]> {
  if (turns.length === 0) return [];
  const { rows } = await sql<TurnCalls>`
    SELECT t.log_id, t.number,
      coalesce((SELECT json_agg(json_build_array(value ->> 'id', value -> 'function' ->> 'name'))
        FROM json_array_elements(t.message -> 'tool_calls')), '[]') AS calls,
      jsonb_path_query_array(t.results, '$[*].tool_call_id') AS by_server,
      coalesce((SELECT json_agg(value -> 'tool_call_id')
        FROM json_array_elements(t.continuation)), '[]') AS by_client
    FROM unnest(${turns.map(({ logId }) => logId)}::text[],
      ${turns.map(({ number }) => number)}::integer[]) AS asked (log_id, number)
    JOIN turn t ON t.organization_id = ${organizationId} AND t.log_id = asked.log_id
      AND t.number = asked.number
    WHERE json_typeof(t.message -> 'tool_calls') = 'array'`.execute(db);
  return rows;
}
