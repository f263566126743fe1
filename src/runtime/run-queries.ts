import { CompiledQuery } from 'kysely';
import type { ChatMessage } from '../contract/chat.ts';
import type { Database } from '../database/database.ts';
import { hot, json, type Workspace } from '../database/workspace.ts';
import { logColumnNames, logColumns, logParameters, logValues } from '../logs/log-queries.ts';
import { type LogRecord, storable, type TurnRecord } from '../logs/log-record.ts';
import { leaseLost } from './errors.ts';

/** The right to drive a run. Every write of a step names it; a stale one writes nothing. */
export interface Lease {
  readonly logId: string;
  readonly token: number;
}

/** Seconds for which a lease holds unless it is renewed. */
export const leaseSeconds = 15;

const afterLog = logColumns.length + 2;

/** Opens a log and its run, in one statement and one commit. */
export async function openRun(
  workspace: Workspace,
  record: LogRecord,
  options: { readonly owner: string; readonly keepOpen: boolean },
): Promise<Lease> {
  await hot(
    workspace,
    `/* hot */ WITH opened AS (
      INSERT INTO log (${logColumnNames}) VALUES (${logParameters()}) RETURNING organization_id, id)
    INSERT INTO run (organization_id, log_id, state, lease_owner, lease_expires_at, keep_open)
    SELECT organization_id, id, 'running', $${afterLog},
      now() + interval '${leaseSeconds} seconds', $${afterLog + 1} FROM opened`,
    [...logValues(workspace.organizationId, storable(record)), options.owner, options.keepOpen],
  );
  return { logId: record.id, token: 1 };
}

/** What every write of a step is bound to: the run, driven under this lease. */
const fence = `organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'running'`;

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

const jsonTurnColumns: ReadonlySet<string> = new Set([
  'message',
  'parts',
  'results',
  'continuation',
  'provider_request',
  'provider_response',
]);

/** `INSERT INTO turn … SELECT $n::type, …`, of which a FROM clause decides whether it happens. */
function insertTurn(first: number): string {
  const types: Partial<Record<(typeof turnColumns)[number], string>> = {
    started_at: 'timestamptz',
    first_token_at: 'timestamptz',
    ended_at: 'timestamptz',
    finish_reason: 'text',
    results: 'jsonb',
  };
  const values = turnColumns.map((name, i) => {
    const type = types[name] ?? (jsonTurnColumns.has(name) ? 'json' : 'integer');
    return `$${first + i}::${type}`;
  });
  return `INSERT INTO turn (organization_id, log_id, ${turnColumns.join(', ')})
    SELECT $1, $2, ${values.join(', ')}`;
}

function turnValues(turn: TurnRecord | null, save: boolean): unknown[] {
  if (turn === null) return turnColumns.map(() => null);
  const stored: TurnRecord = save
    ? turn
    : {
        ...turn,
        message: null,
        parts: null,
        results: [],
        continuation: null,
        provider_request: null,
        provider_response: null,
      };
  return turnColumns.map((name) => (jsonTurnColumns.has(name) ? json(stored[name]) : stored[name]));
}

/** Where a run stands after a step. */
interface Progress {
  readonly iterations: number;
  readonly eventCount: number;
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
  const written = await hot(
    workspace,
    `/* hot */ WITH held AS (
      UPDATE run SET iterations = $4, event_count = $5 WHERE ${fence} RETURNING 1)
    ${insertTurn(6)} FROM held RETURNING number`,
    [...bound(workspace, lease), iterations, eventCount, ...turnValues(turn, save)],
  );
  if (written.length === 0) throw leaseLost(lease.logId);
}

/** The fields of a log that the end of a run sets, or its suspension. */
type Closing = Pick<
  LogRecord,
  | 'log_status'
  | 'end_time'
  | 'provider_latency'
  | 'prompt_tokens'
  | 'reasoning_tokens'
  | 'output_tokens'
  | 'finish_reason'
  | 'output'
  | 'output_message'
  | 'error'
  | 'stdout'
  | 'provider_request'
  | 'provider_response'
>;

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
  const closing: Closing = storable(rest.record);
  const afterTurn = 8 + turnColumns.length;
  const at = (offset: number) => `$${afterTurn + offset}`;
  const written = await hot(
    workspace,
    `/* hot */ WITH suspended AS (
      UPDATE run SET state = 'suspended', iterations = $4, event_count = $5, lease_owner = NULL,
        lease_expires_at = NULL, sealed_conversation = $7, suspended_at = now()
      WHERE ${fence} AND $6::text = 'suspended' RETURNING 1),
    ended AS (DELETE FROM run WHERE ${fence} AND $6::text = 'ended' RETURNING 1),
    held AS (SELECT FROM suspended UNION ALL SELECT FROM ended),
    last_turn AS (${insertTurn(8)} FROM held WHERE $8::integer IS NOT NULL)
    UPDATE log SET log_status = ${at(0)}, end_time = ${at(1)}, provider_latency = ${at(2)},
      prompt_tokens = ${at(3)}, reasoning_tokens = ${at(4)}, output_tokens = ${at(5)},
      finish_reason = ${at(6)}, output = ${at(7)}, output_message = ${at(8)}, error = ${at(9)},
      stdout = ${at(10)}, provider_request = ${at(11)}, provider_response = ${at(12)}
    FROM held WHERE organization_id = $1 AND id = $2 RETURNING id`,
    [
      ...bound(workspace, lease),
      rest.iterations,
      rest.eventCount,
      rest.state,
      rest.sealed,
      ...turnValues(rest.turn, rest.record.save),
      closing.log_status,
      closing.end_time,
      closing.provider_latency,
      closing.prompt_tokens,
      closing.reasoning_tokens,
      closing.output_tokens,
      closing.finish_reason,
      closing.output,
      json(closing.output_message),
      closing.error,
      closing.stdout,
      json(closing.provider_request),
      json(closing.provider_response),
    ],
  );
  if (written.length === 0) throw leaseLost(lease.logId);
}

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
      UPDATE run SET event_count = greatest(event_count, $4) WHERE ${fence} RETURNING 1),
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
