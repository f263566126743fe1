import type { ChatMessage } from '../contract/chat.ts';
import { batched } from '../database/batched.ts';
import { hot, jsonList, type Workspace } from '../database/workspace.ts';
import { logColumnNames, logRows } from '../logs/log-queries.ts';
import { type LogRecord, storable, type TurnRecord } from '../logs/log-record.ts';
import { leaseLost } from './errors.ts';
import { type Lease, leaseSeconds } from './lease-queries.ts';

/** Opens a log and its run, in one statement and one commit. */
export async function openRun(
  workspace: Workspace,
  { record, ...options }: Pick<Opening, 'owner' | 'keepOpen'> & { readonly record: LogRecord },
): Promise<Lease> {
  const row = JSON.stringify(storable(record));
  await insertRun(workspace, { logId: record.id, row, ...options });
  return { logId: record.id, token: 1 };
}

/** A log and the run that it is to have. */
interface Opening {
  readonly logId: string;
  /** The log, as JSON. */
  readonly row: string;
  readonly owner: string;
  readonly keepOpen: boolean;
}

const insertRun = batched(
  async (workspace, openings: readonly Opening[]) => {
    await hot(
      workspace,
      `/* hot */ WITH opened AS (
        INSERT INTO log (${logColumnNames}) ${logRows} RETURNING organization_id, id)
      INSERT INTO run (organization_id, log_id, state, lease_owner, lease_expires_at, keep_open)
      SELECT organization_id, id, 'running', $3, now() + interval '${leaseSeconds} seconds',
        id = ANY($4) FROM opened`,
      [
        workspace.organizationId,
        jsonList(openings.map(({ row }) => row)),
        openings[0]?.owner,
        openings.filter(({ keepOpen }) => keepOpen).map(({ logId }) => logId),
      ],
    );
    return openings.map(() => undefined);
  },
  { groupOf: ({ owner }) => owner, sizeOf: ({ row }) => row.length },
);

/** What every write of a step is bound to: the run, driven under the lease that `given` names. */
const fence = `run.organization_id = given.organization_id AND run.log_id = given.log_id
  AND run.lease_token = given.token AND run.state = 'running'`;

const turnColumns = [
  'number',
  'started_at',
  'first_token_at',
  'ended_at',
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
/** The same, of a turn that is given as JSON. */
const givenTurn = turnColumns.map((name) => `given_turn.${name}`).join(', ');

/** A turn as its row is: without what was said, where that is not to be stored. */
function storableTurn(turn: TurnRecord, save: boolean): TurnRecord {
  if (save) return turn;
  return {
    ...turn,
    error: null,
    message: null,
    parts: null,
    results: [],
    continuation: null,
    provider_request: null,
    provider_response: null,
  };
}

/** Where a run stands after a step. */
interface Progress {
  readonly iterations: number;
  readonly eventCount: number;
}

/** The right to drive a run, and what is written under it. */
interface Step {
  readonly log_id: string;
  readonly token: number;
  readonly iterations: number;
  readonly event_count: number;
}

/**
 * Steps of many runs, as rows `given`, from the JSON list in $2.
 *
 * A plan is made once, when tables may still be empty, and must be right for a million rows. So the
 * planner is led to look up each row by its whole key: it takes a list for a hundred rows, and
 * expects few of a range, in which every token is; the organization is a column, since with a
 * constant it would take all rows of the organization for as few.
 */
function givenSteps(columns: string): string {
  return `given AS MATERIALIZED (
    SELECT $1::text AS organization_id, step.* FROM json_to_recordset($2::json) AS step (
      log_id text, token bigint, iterations integer, event_count integer, ${columns})
    WHERE token BETWEEN 1 AND ${Number.MAX_SAFE_INTEGER})`;
}

/**
 * Makes a statement that writes many steps one that is shared by all who write one at a time: a run
 * takes its next step when the one before is written. It
 * answers the leases of those that it wrote.
 *
 * @returns a function that throws `run_taken_over` (conflict) when its step's lease is stale.
 */
function stepWriter<Written extends Step>(text: `/* hot */${string}`) {
  const write = batched(
    async (workspace, steps: readonly { readonly lease: string; readonly row: string }[]) => {
      const written = await hot<Pick<Step, 'log_id' | 'token'>>(workspace, text, [
        workspace.organizationId,
        jsonList(steps.map(({ row }) => row)),
      ]);
      const leases = new Set(written.map(leaseOf));
      return steps.map(({ lease }) => leases.has(lease));
    },
    { sizeOf: ({ row }) => row.length },
  );
  return async (workspace: Workspace, step: Written): Promise<void> => {
    const isWritten = await write(workspace, { lease: leaseOf(step), row: JSON.stringify(step) });
    if (!isWritten) throw leaseLost(step.log_id);
  };
}

function leaseOf({ log_id: logId, token }: Pick<Step, 'log_id' | 'token'>): string {
  return `${token} ${logId}`;
}

/**
 * Commits a turn after which the run goes on.
 *
 * @throws `run_taken_over` (conflict) when the lease is stale.
 */
export async function commitTurn(
  workspace: Workspace,
  lease: Lease,
  turn: TurnRecord,
  { iterations, eventCount, save }: Progress & { readonly save: boolean },
): Promise<void> {
  await writeTurn(workspace, {
    log_id: lease.logId,
    token: lease.token,
    iterations,
    event_count: eventCount,
    turn: storableTurn(turn, save),
  });
}

const writeTurn = stepWriter<Step & { readonly turn: TurnRecord }>(
  `/* hot */ WITH ${givenSteps('turn json')},
  held AS (
    UPDATE run SET iterations = given.iterations, event_count = given.event_count
    FROM given WHERE ${fence} RETURNING given.*),
  written AS (
    INSERT INTO turn (organization_id, log_id, ${turnColumnNames})
    SELECT held.organization_id, held.log_id, ${givenTurn}
    FROM held, json_populate_record(NULL::turn, held.turn) AS given_turn)
  SELECT log_id, token FROM held`,
);

/** The fields of a log that the end of a run sets, or its suspension. */
const closingColumns = [
  'log_status',
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
] as const satisfies readonly (keyof LogRecord)[];

type Closing = Readonly<Partial<LogRecord>>;

function closingOf(record: LogRecord): Closing {
  return Object.fromEntries(closingColumns.map((name) => [name, record[name]]));
}

/**
 * Brings a run to rest, in one statement and one commit: writes its last turn, if that is not yet
 * written, and the log's outcome; then the run is suspended or gone.
 *
 * @param turn null when it is written already, or when the model call failed.
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
    log_id: lease.logId,
    token: lease.token,
    iterations: rest.iterations,
    event_count: rest.eventCount,
    is_suspended: rest.state === 'suspended',
    sealed: rest.sealed?.toString('base64') ?? null,
    turn: turn && storableTurn(turn, record.save),
    closing: closingOf(storable(record)),
  });
}

interface RestStep extends Step {
  readonly is_suspended: boolean;
  readonly sealed: string | null;
  readonly turn: TurnRecord | null;
  readonly closing: Closing;
}

const writeRest = stepWriter<RestStep>(
  `/* hot */ WITH ${givenSteps('is_suspended boolean, sealed text, turn json, closing json')},
  suspended AS (
    UPDATE run SET state = 'suspended', iterations = given.iterations,
      event_count = given.event_count, lease_owner = NULL, lease_expires_at = NULL,
      sealed_conversation = decode(given.sealed, 'base64'), suspended_at = now()
    FROM given WHERE ${fence} AND given.is_suspended RETURNING given.*),
  ended AS (DELETE FROM run USING given WHERE ${fence} AND NOT given.is_suspended RETURNING given.*),
  held AS (TABLE suspended UNION ALL TABLE ended),
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
 * Commits the result of a tool call that the server ran: the log of the call, unless it has been
 * written already, and the message that tells the model.
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
    /** The model call that the log of the call is of, if it is of one. */
    readonly childTurn: TurnRecord | null;
    readonly eventCount: number;
    readonly save: boolean;
  },
): Promise<void> {
  const log = result.childLog && storable(result.childLog);
  const { organizationId } = workspace;
  const turn = result.childTurn && {
    organization_id: organizationId,
    log_id: log?.id,
    ...storableTurn(result.childTurn, result.save),
  };
  const childColumns = logColumnNames;
  const written = await hot(
    workspace,
    `/* hot */ WITH held AS (
      UPDATE run SET event_count = greatest(event_count, $4)
      WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'running'
      RETURNING 1),
    child AS (
      INSERT INTO log (${childColumns})
      SELECT ${childColumns} FROM held, json_populate_record(NULL::log, $7::json)
      WHERE $7::json IS NOT NULL),
    child_turn AS (
      INSERT INTO turn (organization_id, log_id, ${turnColumnNames})
      SELECT given_turn.organization_id, given_turn.log_id, ${givenTurn}
      FROM held, json_populate_record(NULL::turn, $8::json) AS given_turn
      WHERE $8::json IS NOT NULL)
    UPDATE turn SET results = results || $6::jsonb FROM held
    WHERE organization_id = $1 AND log_id = $2 AND number = $5 RETURNING number`,
    [
      organizationId,
      lease.logId,
      lease.token,
      result.eventCount,
      result.turnNumber,
      JSON.stringify(result.save ? [result.message] : []),
      log && JSON.stringify({ organization_id: organizationId, ...log }),
      turn && JSON.stringify(turn),
    ],
  );
  if (written.length === 0) throw leaseLost(lease.logId);
}
