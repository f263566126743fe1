import { CompiledQuery, sql } from 'kysely';
import { batched } from '../database/batched.ts';
import { hot, json, jsonList, type Workspace } from '../database/workspace.ts';
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

/** Every column of a log but the organization, in the order in which they are written. */
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
  'environment',
  'user',
  'source',
  'source_datapoint_id',
  'save',
  'request_fingerprint',
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
];

/** `organization_id, id, "type", …`, for an INSERT. */
export const logColumnNames = `organization_id, ${logColumns.map((name) => `"${name}"`).join(', ')}`;

/** The rows of the logs in $2, a JSON list, for an INSERT of {@link logColumnNames}. */
export const logRows = `SELECT $1, ${logColumns.map((name) => `"${name}"`).join(', ')}
  FROM json_populate_recordset(NULL::log, $2::json)`;

/** Adds a log. */
export async function insertLog(workspace: Workspace, record: LogRecord): Promise<void> {
  await insertRow(workspace, JSON.stringify(record));
}

const insertRow = batched(
  async (workspace, rows: readonly string[]) => {
    await hot(workspace, `/* hot */ INSERT INTO log (${logColumnNames}) ${logRows}`, [
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

/** A log with its turns and its run; undefined when it is not there. */
export async function findLog(workspace: Workspace, id: string): Promise<LogView | undefined> {
  const [view] = await loadLogs(workspace, [id]);
  return view;
}

/** What is asked of a log while it is locked. */
export type LockedLog = Pick<
  LogRecord,
  'id' | 'log_status' | 'trace_id' | 'file_id' | 'type' | 'created_at' | 'end_time'
>;

/** Locks a log until the transaction ends, against changes or against both changes and readers. */
export async function lockLog(
  workspace: Workspace,
  id: string,
  strength: 'share' | 'update',
): Promise<LockedLog | undefined> {
  const query = workspace.db
    .selectFrom('log')
    .select(['id', 'log_status', 'trace_id', 'file_id', 'type', 'created_at', 'end_time'])
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', id);
  return (strength === 'share' ? query.forShare() : query.forUpdate()).executeTakeFirst();
}

/** Logs by their ids, in the order of the ids; those that are not there are left out. */
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
      ? [{ record, turns: (turnsOf.get(id) ?? []).map(turnOf), run: runOf.get(id) ?? null }]
      : [];
  });
}

type TurnRow = TurnRecord & { readonly organization_id: string; readonly log_id: string };

/** A turn without the columns that say whose it is: answers show a turn whole. */
function turnOf({ organization_id, log_id, ...turn }: TurnRow): TurnRecord {
  return turn;
}

/** Ids of a page of a file's logs, newest first, and how many there are. */
export async function listLogIds(
  workspace: Workspace,
  options: {
    readonly fileId: string;
    readonly versionId: string | undefined;
    readonly page: number;
    readonly size: number;
  },
): Promise<{ readonly ids: readonly string[]; readonly total: number }> {
  const matching = workspace.db
    .selectFrom('log')
    .where('organization_id', '=', workspace.organizationId)
    .where('file_id', '=', options.fileId)
    .$if(options.versionId !== undefined, (query) =>
      query.where('version_id', '=', options.versionId as string),
    );
  const [rows, counted] = await Promise.all([
    matching
      .select('id')
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(options.size)
      .offset((options.page - 1) * options.size)
      .execute(),
    matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  return { ids: rows.map(({ id }) => id), total: counted.total };
}

/** Ids of every log below this one, in the order they were made, with their parents. */
export async function listDescendants(
  workspace: Workspace,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly parentId: string }[]> {
  if (ids.length === 0) return [];
  const { rows } = await workspace.db.executeQuery<{ id: string; parentId: string }>(
    CompiledQuery.raw(
      `WITH RECURSIVE below AS (
        SELECT id, trace_parent_id, created_at FROM log
          WHERE organization_id = $1 AND trace_parent_id = ANY($2)
        UNION
        SELECT log.id, log.trace_parent_id, log.created_at FROM log
          JOIN below ON log.organization_id = $1 AND log.trace_parent_id = below.id)
      SELECT id, trace_parent_id AS "parentId" FROM below ORDER BY created_at, id`,
      [workspace.organizationId, [...ids]],
    ),
  );
  return rows;
}

/** Ids of the evaluators' logs that judge some logs, in the order they were made. */
export async function listJudgmentIds(
  workspace: Workspace,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { rows } = await workspace.db.executeQuery<{ id: string }>(
    CompiledQuery.raw(
      'SELECT id FROM log WHERE organization_id = $1 AND parent_id = ANY($2) ORDER BY created_at, id',
      [workspace.organizationId, [...ids]],
    ),
  );
  return rows.map(({ id }) => id);
}

/** Deletes logs, and with each its turns, its run, and every log below it. */
export async function deleteLogs(workspace: Workspace, ids: readonly string[]): Promise<void> {
  await workspace.db
    .deleteFrom('log')
    .where('organization_id', '=', workspace.organizationId)
    .where('id', 'in', [...ids])
    .execute();
}

/** Which of some ids are not of a log. */
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

/** Ends a run that nobody drives: it is suspended, or its lease has run out. */
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
