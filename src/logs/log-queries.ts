import { type Selectable, sql } from 'kysely';
import { batched } from '../database/batched.ts';
import type { TurnTable } from '../database/tables.ts';
import { hot, json, jsonList, type Workspace } from '../database/workspace.ts';
import { withoutNulls } from '../kernel/without-nulls.ts';
import type { LogRecord, LogView, RunRecord, TurnRecord } from './log-record.ts';

/** Columns of a log whose values are JSON. */
const jsonColumns: ReadonlySet<keyof LogRecord> = new Set([
  'inputs',
  'messages',
  'tool_choice',
  'output_message',
  'metadata',
  'provider_request',
  'provider_response',
  'judgment',
] as const);

/** All columns of a log except the organization, in the order in which they are written. */
export const logColumns: readonly (keyof LogRecord)[] = [
  'id',
  'type',
  'file_id',
  'version_id',
  'trace_id',
  'trace_parent_id',
  'trace_flow_id',
  'tool_call_id',
  'created_at',
  'start_time',
  'end_time',
  'provider_latency',
  'log_status',
  'ended_as',
  'environment',
  'user',
  'source',
  'source_datapoint_id',
  'save',
  'request_fingerprint',
  'api_key_id',
  'prompt_tokens',
  'reasoning_tokens',
  'output_tokens',
  'prompt_cost',
  'output_cost',
  'finish_reason',
  'inputs',
  'messages',
  'messages_replaced',
  'tool_choice',
  'output',
  'output_message',
  'error',
  'stdout',
  'metadata',
  'provider_request',
  'provider_response',
  'parent_id',
  'judgment',
  'marked_completed',
  'forked_from_id',
  'forked_from_turn',
];

/** `organization_id, id, "type", …`, for an INSERT. */
export const logColumnNames = `organization_id, ${logColumns.map((name) => `"${name}"`).join(', ')}`;

/**
 * The SELECT of log rows, for an INSERT with {@link logColumnNames}. $1 is the organization.
 *
 * @param list the parameter with the logs, a JSON list: `$2`.
 */
export function logRows(list: string): string {
  return `SELECT $1, ${logColumns.map((name) => `"${name}"`).join(', ')}
    FROM json_populate_recordset(NULL::log, ${list}::json)`;
}

/** Adds a log. */
export async function insertLog(workspace: Workspace, record: LogRecord): Promise<void> {
  await insertRow(workspace, logRow(record));
}

/**
 * A log as an element of the list of {@link logRows}. Nulls are left out: they would double the
 * length.
 */
export function logRow(record: LogRecord): string {
  return JSON.stringify(withoutNulls(record, logColumns));
}

const insertRow = batched(
  async (workspace, rows: readonly string[]) => {
    await hot(workspace, `/* hot */ INSERT INTO log (${logColumnNames}) ${logRows('$2')}`, [
      workspace.organizationId,
      jsonList(rows),
    ]);
    return rows.map(() => undefined);
  },
  { sizeOf: (row) => row.length },
);

/** Sets fields of a log. */
export async function updateLog(
  workspace: Workspace,
  id: string,
  changes: Partial<LogRecord>,
): Promise<void> {
  const entries = Object.entries(changes).map(([name, value]) => [
    name,
    jsonColumns.has(name as keyof LogRecord) ? json(value) : value,
  ]);
  if (entries.length === 0) return;
  await workspace.db
    .updateTable('log')
    .set(Object.fromEntries(entries))
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', id)
    .execute();
}

/** A log with its turns and its run; undefined when it does not exist. */
export async function findLog(workspace: Workspace, id: string): Promise<LogView | undefined> {
  const [view] = await loadLogs(workspace, [id]);
  return view;
}

/** Whether a log exists that was made with the API key of the workspace. */
export async function isOwnLog(
  { db, organizationId, keyId }: Workspace,
  id: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('log')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('api_key_id', '=', keyId)
    .executeTakeFirst();
  return row !== undefined;
}

/** The columns that locking a log reads. */
export type LockedLog = Pick<LogRecord, (typeof lockedColumns)[number]>;

const lockedColumns = [
  'id',
  'log_status',
  'trace_id',
  'file_id',
  'type',
  'created_at',
  'start_time',
  'end_time',
] as const satisfies readonly (keyof LogRecord)[];

/**
 * Locks a log until the transaction ends.
 *
 * - `share` prevents changes by others;
 * - `change` is for changing the log;
 * - `update` is for changing it, and prevents new logs below it too.
 */
export async function lockLog(
  workspace: Workspace,
  id: string,
  strength: 'share' | 'change' | 'update',
): Promise<LockedLog | undefined> {
  const query = workspace.db
    .selectFrom('log')
    .select(lockedColumns)
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', id);
  const locked = {
    share: () => query.forShare(),
    change: () => query.forNoKeyUpdate(),
    update: () => query.forUpdate(),
  }[strength]();
  return locked.executeTakeFirst();
}

/** A log, and the root of its trace: the log itself when it is below none. Locks neither. */
export async function findWithRoot(
  workspace: Workspace,
  id: string,
): Promise<{ readonly log: LockedLog; readonly root: LockedLog } | undefined> {
  const rows = await workspace.db
    .selectFrom('log')
    .select(lockedColumns)
    .where('organization_id', '=', workspace.organizationId)
    .where(({ eb, or, selectFrom }) =>
      or([
        eb('id', '=', id),
        eb(
          'id',
          '=',
          selectFrom('log as below')
            .select('below.trace_id')
            .where('below.organization_id', '=', workspace.organizationId)
            .where('below.id', '=', id),
        ),
      ]),
    )
    .execute();
  const log = rows.find((row) => row.id === id);
  return log && { log, root: rows.find((row) => row.id === log.trace_id) ?? log };
}

/** Logs in the order of the ids. Ids without a log are left out. */
export async function loadLogs(
  workspace: Workspace,
  ids: readonly string[],
): Promise<readonly LogView[]> {
  if (ids.length === 0) return [];
  const [records, turns, runs] = await Promise.all([
    select<LogRecord>(workspace, 'log', 'id', ids),
    select<TurnRow>(workspace, 'turn', 'log_id', ids, 'ORDER BY number'),
    select<RunRecord & { log_id: string }>(workspace, 'run', 'log_id', ids),
  ]);
  const recordOf = new Map(records.map((record) => [record.id, record]));
  const turnsOf = Map.groupBy(turns, (turn) => turn.log_id);
  const runOf = new Map(runs.map((run) => [run.log_id, run]));
  return ids.flatMap((id) => {
    const record = recordOf.get(id);
    return record
      ? [{ record, turns: (turnsOf.get(id) ?? []).map(shownTurn), run: runOf.get(id) ?? null }]
      : [];
  });
}

type TurnRow = TurnRecord & Omit<Selectable<TurnTable>, keyof TurnRecord>;

/** A turn without its owner, and without the ids of who answered: answers show all other columns. */
function shownTurn(row: TurnRow): TurnRecord {
  const { organization_id, log_id, continued_at, continued_by, continued_by_key, ...turn } = row;
  return turn;
}

/** A log below another. A child has the depth 1. */
export interface Descendant {
  readonly id: string;
  readonly parentId: string;
  readonly depth: number;
}

/** All logs below these, at most `deepest` levels down, oldest first. */
export async function listDescendants(
  workspace: Workspace,
  ids: readonly string[],
  deepest: number,
): Promise<readonly Descendant[]> {
  if (ids.length === 0) return [];
  const { organizationId, db } = workspace;
  const { rows } = await sql<Descendant>`WITH RECURSIVE below AS (
      SELECT id, trace_parent_id, created_at, 1 AS depth FROM log
        WHERE organization_id = ${organizationId} AND trace_parent_id = ANY(${[...ids]}::text[])
      UNION ALL
      SELECT log.id, log.trace_parent_id, log.created_at, below.depth + 1 FROM log
        JOIN below ON log.organization_id = ${organizationId} AND log.trace_parent_id = below.id
        WHERE below.depth < ${deepest})
    SELECT id, min(trace_parent_id) AS "parentId", max(depth) AS depth FROM below
    GROUP BY id ORDER BY min(created_at), id`.execute(db);
  return rows;
}

/** The ids of evaluator logs that judge these logs, oldest first. */
export async function listJudgmentIds(
  workspace: Workspace,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: string }>`SELECT id FROM log
    WHERE organization_id = ${workspace.organizationId} AND parent_id = ANY(${[...ids]}::text[])
    ORDER BY created_at, id`.execute(workspace.db);
  return rows.map(({ id }) => id);
}

/**
 * Locks logs until the transaction ends, with all logs below them, and the evaluator logs that judge
 * any of these: everything that is deleted with them.
 *
 * @returns the ids of all.
 */
export async function lockDoomed(
  { db, organizationId }: Workspace,
  ids: readonly string[],
): Promise<readonly string[]> {
  const below = sql`SELECT id FROM log
      WHERE organization_id = ${organizationId} AND id = ANY(${[...ids]}::text[])
    UNION
    SELECT log.id FROM doomed CROSS JOIN LATERAL (
      SELECT id FROM log WHERE organization_id = ${organizationId} AND trace_parent_id = doomed.id
      UNION ALL
      SELECT id FROM log WHERE organization_id = ${organizationId} AND parent_id = doomed.id) log`;
  // Until no more are found: a log may have come below one of these before that was locked.
  for (let known = -1; ; ) {
    const { rows } = await sql<{ id: string }>`WITH RECURSIVE doomed AS (${below})
      SELECT log.id FROM log JOIN doomed ON log.organization_id = ${organizationId}
        AND log.id = doomed.id ORDER BY log.id FOR UPDATE OF log`.execute(db);
    if (rows.length === known) return rows.map(({ id }) => id);
    known = rows.length;
  }
}

/**
 * Deletes logs with their turns, runs and events.
 *
 * @param ids of {@link lockDoomed}. With fewer, the cascade of the foreign key would delete a deep
 *   trace, and exceed Postgres's limit of nested triggers.
 */
export async function deleteLogs(
  { db, organizationId }: Workspace,
  ids: readonly string[],
): Promise<void> {
  await sql`DELETE FROM log
    WHERE organization_id = ${organizationId} AND id = ANY(${[...ids]}::text[])`.execute(db);
  // Delete events after the runs: while a run exists, its process may still write events.
  await sql`DELETE FROM run_event
    WHERE organization_id = ${organizationId} AND log_id = ANY(${[...ids]}::text[])`.execute(db);
}

/** The ids for which no log exists. */
export async function missingLogs(
  workspace: Workspace,
  ids: readonly string[],
): Promise<readonly string[]> {
  const rows = await workspace.db
    .selectFrom('log')
    .select('id')
    .where('organization_id', '=', workspace.organizationId)
    .where('id', 'in', [...ids])
    .execute();
  const found = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !found.has(id));
}

/**
 * Deletes a run that no process drives: it is suspended or interrupted, or its lease has expired.
 *
 * @returns false when the log has no run, or a process drives it.
 */
export async function abandonRun(workspace: Workspace, logId: string): Promise<boolean> {
  const { rows } = await sql`DELETE FROM run WHERE organization_id = ${workspace.organizationId}
    AND log_id = ${logId} AND (state <> 'running' OR lease_expires_at < now()) RETURNING log_id`.execute(
    workspace.db,
  );
  return rows.length > 0;
}

async function select<Row>(
  workspace: Workspace,
  table: 'log' | 'turn' | 'run',
  column: 'id' | 'log_id',
  ids: readonly string[],
  order = '',
): Promise<Row[]> {
  return hot<Row>(
    workspace,
    `/* hot */ SELECT * FROM ${table} WHERE organization_id = $1 AND ${column} = ANY($2) ${order}`,
    [workspace.organizationId, [...ids]],
  );
}
