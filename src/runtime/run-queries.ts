import { CompiledQuery } from 'kysely';
import type { ChatMessage } from '../contract/chat.ts';
import { batched } from '../database/batched.ts';
import type { Database } from '../database/database.ts';
import { hot, jsonList, type Workspace } from '../database/workspace.ts';
import { logColumnNames, logRows } from '../logs/log-queries.ts';
import { type LogRecord, storable, type TurnRecord } from '../logs/log-record.ts';
import { leaseLost } from './errors.ts';

/** The right to drive a run. Every write of a step names it; a stale one writes nothing. */
export interface Lease {
  readonly logId: string;
  readonly token: number;
}

/** Seconds for which a lease holds unless it is renewed. */
export const leaseSeconds = 15;

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
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
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
 * Makes a statement that writes many steps one that is shared by all who write one at a time. It
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
    readonly eventCount: number;
    readonly save: boolean;
  },
): Promise<void> {
  const log = result.childLog && storable(result.childLog);
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
      WHERE $7::json IS NOT NULL)
    UPDATE turn SET results = results || $6::jsonb FROM held
    WHERE organization_id = $1 AND log_id = $2 AND number = $5 RETURNING number`,
    [
      ...bound(workspace, lease),
      result.eventCount,
      result.turnNumber,
      JSON.stringify(result.save ? [result.message] : []),
      log && JSON.stringify({ organization_id: workspace.organizationId, ...log }),
    ],
  );
  if (written.length === 0) throw leaseLost(lease.logId);
}

/**
 * Takes up a suspended run: of any number that try at once, one succeeds.
 *
 * Writes the client's messages to the last turn in the same commit.
 *
 * @returns the new lease; undefined when the run was not suspended under this token any more.
 */
export async function claimSuspendedRun(
  workspace: Workspace,
  seen: Lease,
  claim: {
    readonly owner: string;
    readonly turnNumber: number;
    readonly continuation: readonly ChatMessage[];
    readonly fingerprint: string;
    readonly save: boolean;
  },
): Promise<Lease | undefined> {
  const [row] = await hot<{ token: number }>(
    workspace,
    `/* hot */ WITH claimed AS (
      UPDATE run SET state = 'running', lease_token = lease_token + 1, lease_owner = $4,
        lease_expires_at = now() + interval '${leaseSeconds} seconds',
        continue_fingerprint = $5, sealed_conversation = NULL, suspended_at = NULL
      WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'suspended'
      RETURNING lease_token),
    answered AS (
      UPDATE turn SET continuation = $7 FROM claimed
      WHERE organization_id = $1 AND log_id = $2 AND number = $6)
    SELECT lease_token AS token FROM claimed`,
    [
      ...bound(workspace, seen),
      claim.owner,
      claim.fingerprint,
      claim.turnNumber,
      claim.save ? JSON.stringify(claim.continuation) : null,
    ],
  );
  return row && { logId: seen.logId, token: row.token };
}

/** Ends the runs that wait below a log for these calls: their answers came from elsewhere. */
export async function abandonChildren(
  workspace: Workspace,
  parentId: string,
  callIds: readonly string[],
): Promise<void> {
  await workspace.db.executeQuery(
    CompiledQuery.raw(
      `WITH child AS (
        UPDATE log SET log_status = 'complete', end_time = now()
        WHERE organization_id = $1 AND trace_parent_id = $2 AND tool_call_id = ANY($3)
          AND log_status = 'incomplete' RETURNING id)
      DELETE FROM run USING child WHERE organization_id = $1 AND log_id = child.id`,
      [workspace.organizationId, parentId, [...callIds]],
    ),
  );
}

/**
 * Renews the leases of a process, all at once.
 *
 * Looks across organizations: a process drives runs of many.
 */
export async function renewLeases({ db }: Database, owner: string): Promise<void> {
  await db.executeQuery(
    CompiledQuery.raw(
      `UPDATE run SET lease_expires_at = now() + interval '${leaseSeconds} seconds'
      WHERE lease_owner = $1 AND state = 'running'`,
      [owner],
    ),
  );
}

/**
 * Gives up the leases of a process: their runs may be taken over at once, and what the process
 * still tries to write is refused.
 */
export async function releaseLeases({ db }: Database, owner: string): Promise<number> {
  const { numAffectedRows } = await db.executeQuery(
    CompiledQuery.raw(
      `UPDATE run SET lease_owner = NULL, lease_expires_at = now(), lease_token = lease_token + 1
      WHERE lease_owner = $1 AND state = 'running'`,
      [owner],
    ),
  );
  return Number(numAffectedRows ?? 0);
}

/**
 * Ends runs that were suspended with a sealed conversation for longer than it may be kept.
 *
 * Looks across organizations: it is a rule for all of them.
 */
export async function expireSealedRuns({ db }: Database, hours: number): Promise<void> {
  await db.executeQuery(
    CompiledQuery.raw(
      `WITH expired AS (
        DELETE FROM run WHERE sealed_conversation IS NOT NULL
          AND suspended_at < now() - make_interval(hours => $1)
        RETURNING organization_id, log_id)
      UPDATE log SET log_status = 'complete', end_time = now() FROM expired
      WHERE log.organization_id = expired.organization_id AND log.id = expired.log_id`,
      [hours],
    ),
  );
}

function bound(workspace: Workspace, lease: Lease): unknown[] {
  return [workspace.organizationId, lease.logId, lease.token];
}
