import { sql } from 'kysely';
import type { ChatMessage } from '../../contract/chat.ts';
import { batched } from '../../database/batched.ts';
import { hot, jsonList, type Workspace } from '../../database/workspace.ts';
import { withoutNulls } from '../../kernel/without-nulls.ts';
import { logColumnNames } from '../../logs/log-queries.ts';
import { type LogRecord, storable, type TurnRecord } from '../../logs/log-record.ts';
import { toldChunks } from '../events/event-sql.ts';
import type { Progress } from '../events/run-event.ts';
import { chunksOf, type EventChunk } from '../events/stored-event.ts';
import { type Lease, LeaseLost } from '../leases/lease.ts';
import { heldRun, leaseless } from '../leases/run-sql.ts';

/** Like {@link heldRun}, for the leases in the rows of `given` (R1). */
const fence = `run.organization_id = given.organization_id AND run.log_id = given.log_id
  AND run.lease_token = given.token AND run.state = 'running'`;

const turnColumns = [
  'number',
  'started_at',
  'first_token_at',
  'ended_at',
  'provider',
  'model',
  'finish_reason',
  'error',
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'prompt_cost',
  'output_cost',
  'price_table',
  'message',
  'parts',
  'results',
  'continuation',
  'provider_request',
  'shared_messages',
  'provider_response',
] as const satisfies readonly (keyof TurnRecord)[];

const turnColumnNames = turnColumns.join(', ');
/** The same columns, of the JSON row `given_turn`. */
const givenTurn = turnColumns.map((name) => `given_turn.${name}`).join(', ');

/** A turn as a row; without its payloads when they are not stored. */
function turnRow(turn: TurnRecord, save: boolean): TurnRow {
  return withoutNulls(save ? turn : { ...turn, ...unsaid }, turnColumns);
}

/** A turn as JSON, without the fields that are null. */
type TurnRow = Readonly<Partial<TurnRecord>>;

const unsaid: Partial<TurnRecord> = {
  error: null,
  message: null,
  parts: null,
  results: [],
  continuation: null,
  provider_request: null,
  provider_response: null,
};

/** The lease of a run, and the fields that every step writes. */
interface StepRow {
  readonly log_id: string;
  readonly token: number;
  readonly iterations: number;
  readonly event_count: number;
  readonly events: readonly EventChunk[];
}

function stepRow(lease: Lease, { iterations, eventCount, events }: Progress): StepRow {
  return {
    log_id: lease.logId,
    token: lease.token,
    iterations,
    event_count: eventCount,
    events: chunksOf(events),
  };
}

/**
 * The CTE `given`: steps of many runs, from the JSON list in $2.
 *
 * Postgres plans a prepared statement once, perhaps on empty tables, and the plan must be right for
 * a million rows. Two details make the planner look up each row by its whole key. The range of
 * tokens, which every token is in, makes it expect few rows instead of a hundred. The organization
 * is a column: with a constant, the planner would read all rows of the organization.
 */
function givenSteps(columns: string): string {
  return `given AS MATERIALIZED (
    SELECT $1::text AS organization_id, step.* FROM json_to_recordset($2::json) AS step (
      log_id text, token bigint, iterations integer, event_count integer,
      events json, ${columns})
    WHERE token BETWEEN 1 AND ${Number.MAX_SAFE_INTEGER})`;
}

/**
 * Turns a statement that writes many steps into a function that writes one. Concurrent runs share
 * the statement. It must return the leases of the steps that it wrote.
 *
 * @returns a function that throws `run_taken_over` (conflict) when its step's lease is stale.
 */
function stepWriter<Written extends StepRow>(text: `/* hot */${string}`) {
  const write = batched(
    async (workspace, steps: readonly { readonly lease: string; readonly row: string }[]) => {
      const written = await hot<Pick<StepRow, 'log_id' | 'token'>>(workspace, text, [
        workspace.organizationId,
        jsonList(steps.map(({ row }) => row)),
      ]);
      const leases = new Set(written.map(leaseKey));
      return steps.map(({ lease }) => leases.has(lease));
    },
    { sizeOf: ({ row }) => row.length },
  );
  return async (workspace: Workspace, step: Written): Promise<void> => {
    const isWritten = await write(workspace, { lease: leaseKey(step), row: JSON.stringify(step) });
    if (!isWritten) throw new LeaseLost(step.log_id);
  };
}

function leaseKey({ log_id: logId, token }: Pick<StepRow, 'log_id' | 'token'>): string {
  return `${token} ${logId}`;
}

/**
 * Commits a turn of a run that goes on.
 *
 * @throws `run_taken_over` (conflict) when the lease is stale.
 */
export async function commitTurn(
  workspace: Workspace,
  lease: Lease,
  turn: TurnRecord,
  { save, ...progress }: Progress & { readonly save: boolean },
): Promise<void> {
  await writeTurn(workspace, { ...stepRow(lease, progress), turn: turnRow(turn, save) });
}

const writeTurn = stepWriter<StepRow & { readonly turn: TurnRow }>(
  `/* hot */ WITH ${givenSteps('turn json')},
  held AS (
    UPDATE run SET iterations = given.iterations, event_count = given.event_count, takeovers = 0
    FROM given WHERE ${fence} RETURNING given.*),
  ${toldChunks('held')},
  written AS (
    INSERT INTO turn (organization_id, log_id, ${turnColumnNames})
    SELECT held.organization_id, held.log_id, ${givenTurn}
    FROM held, json_populate_record(NULL::turn, held.turn) AS given_turn)
  SELECT log_id, token FROM held`,
);

/** Adds turns to the log of a run that begins: those that a fork has from an earlier log. */
export async function insertTurns(
  { organizationId, db }: Workspace,
  { id, save }: Pick<LogRecord, 'id' | 'save'>,
  turns: readonly TurnRecord[],
): Promise<void> {
  const rows = JSON.stringify(turns.map((turn) => turnRow(turn, save)));
  await sql`INSERT INTO turn (organization_id, log_id, ${sql.raw(turnColumnNames)})
    SELECT ${organizationId}, ${id}, ${sql.raw(givenTurn)}
    FROM json_populate_recordset(NULL::turn, ${rows}::json) AS given_turn`.execute(db);
}

/** The fields of a log that a run's rest sets. */
const closingColumns = [
  'log_status',
  'ended_as',
  'end_time',
  'provider_latency',
  'prompt_tokens',
  'reasoning_tokens',
  'output_tokens',
  'prompt_cost',
  'output_cost',
  'finish_reason',
  'output',
  'output_message',
  'error',
  'stdout',
  'provider_request',
  'provider_response',
  'metadata',
  'judgment',
] as const satisfies readonly (keyof LogRecord)[];

type Closing = Readonly<Partial<LogRecord>>;

function closingFields(record: LogRecord): Closing {
  return withoutNulls(record, closingColumns);
}

/**
 * Brings a run to rest, in one statement and one commit: writes its last turn and the outcome in
 * its log, and suspends or deletes the run.
 *
 * @param turn null when the last turn is on disk, or when its model call failed.
 * @param sealed the conversation of a suspended run whose payloads are not stored.
 * @throws `run_taken_over` (conflict) when the lease is stale.
 */
export async function commitRest(
  workspace: Workspace,
  lease: Lease,
  rest: {
    readonly state: 'suspended' | 'ended';
    readonly turn: TurnRecord | null;
    readonly record: LogRecord;
    readonly sealed: Buffer | null;
  } & Progress,
): Promise<void> {
  const { record, turn } = rest;
  await writeRest(workspace, {
    ...stepRow(lease, rest),
    is_suspended: rest.state === 'suspended',
    sealed: rest.sealed?.toString('base64') ?? null,
    turn: turn && turnRow(turn, record.save),
    closing: closingFields(storable(record)),
  });
}

interface RestStep extends StepRow {
  readonly is_suspended: boolean;
  readonly sealed: string | null;
  readonly turn: TurnRow | null;
  readonly closing: Closing;
}

const writeRest = stepWriter<RestStep>(
  `/* hot */ WITH ${givenSteps('is_suspended boolean, sealed text, turn json, closing json')},
  suspended AS (
    UPDATE run SET state = 'suspended', iterations = given.iterations,
      event_count = given.event_count, ${leaseless},
      sealed_conversation = decode(given.sealed, 'base64'), suspended_at = now(), takeovers = 0
    FROM given WHERE ${fence} AND given.is_suspended RETURNING given.*),
  ended AS (DELETE FROM run USING given WHERE ${fence} AND NOT given.is_suspended RETURNING given.*),
  held AS (TABLE suspended UNION ALL TABLE ended),
  ${toldChunks('held')},
  last_turn AS (
    INSERT INTO turn (organization_id, log_id, ${turnColumnNames})
    SELECT held.organization_id, held.log_id, ${givenTurn}
    FROM held, json_populate_record(NULL::turn, held.turn) AS given_turn
    WHERE held.turn IS NOT NULL),
  closed AS (
    UPDATE log SET ${closingColumns.map((name) => `${name} = outcome.${name}`).join(', ')}
    FROM held, json_populate_record(NULL::log, held.closing) AS outcome
    WHERE log.organization_id = held.organization_id AND log.id = held.log_id)
  SELECT log_id, token FROM held`,
);

/**
 * Commits the result of a tool call that the server ran: the message for the model, and the log of
 * the call unless it is on disk.
 *
 * @throws `run_taken_over` (conflict) when the lease is stale.
 */
export async function commitToolResult(
  workspace: Workspace,
  lease: Lease,
  result: {
    readonly turnNumber: number;
    readonly message: ChatMessage;
    readonly childLog: LogRecord | null;
    /** The model call of the child log; null when it made none. */
    readonly childTurn: TurnRecord | null;
    readonly progress: Progress;
    readonly save: boolean;
  },
): Promise<void> {
  const { events, eventCount } = result.progress;
  const log = result.childLog && storable(result.childLog);
  const { organizationId } = workspace;
  const turn = result.childTurn && {
    organization_id: organizationId,
    log_id: log?.id,
    ...turnRow(result.childTurn, result.save),
  };
  const childColumns = logColumnNames;
  const written = await hot(
    workspace,
    `/* hot */ WITH held AS (
      UPDATE run SET event_count = $4, takeovers = 0
      WHERE ${heldRun}
      RETURNING organization_id, log_id, $9::json AS events),
    ${toldChunks('held')},
    child AS (
      INSERT INTO log (${childColumns})
      SELECT ${childColumns} FROM json_populate_record(NULL::log, $7::json)
      WHERE $7::json IS NOT NULL AND EXISTS (SELECT FROM held)),
    child_turn AS (
      INSERT INTO turn (organization_id, log_id, ${turnColumnNames})
      SELECT given_turn.organization_id, given_turn.log_id, ${givenTurn}
      FROM held, json_populate_record(NULL::turn, $8::json) AS given_turn
      WHERE $8::json IS NOT NULL)
    UPDATE turn SET results = results || $6::jsonb
    WHERE organization_id = $1 AND log_id = $2 AND number = $5 AND EXISTS (SELECT FROM held)
    RETURNING number`,
    [
      organizationId,
      lease.logId,
      lease.token,
      eventCount,
      result.turnNumber,
      JSON.stringify(result.save ? [result.message] : []),
      log && JSON.stringify({ organization_id: organizationId, ...log }),
      turn && JSON.stringify(turn),
      JSON.stringify(chunksOf(events)),
    ],
  );
  if (written.length === 0) throw new LeaseLost(lease.logId);
}
