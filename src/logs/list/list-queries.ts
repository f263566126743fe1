import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { ListPosition } from './list-cursor.ts';
import { type LogFilter, spellings } from './log-filter.ts';
import type { LogSummary } from './log-summary.ts';

/** The part of a list to read. */
export interface ListWindow {
  /** The end of the page before; undefined starts at the newest log. */
  readonly after: ListPosition | undefined;
  /** How many logs to skip from there. */
  readonly offset: number;
  readonly limit: number;
}

/** Draws one in `oneOf` logs, the same ones each time. */
export interface Sampling {
  readonly oneOf: number;
}

/** The positions of the logs in a window, newest first. */
export async function listPositions(
  workspace: Workspace,
  filter: LogFilter,
  window: ListWindow,
): Promise<readonly ListPosition[]> {
  const { rows } = await sql<ListPosition>`
    SELECT l.id, l.created_at AS "createdAt" FROM log l
    WHERE ${conditions(workspace, filter)} AND ${isAfter(window.after)}
    ORDER BY l.created_at DESC, l.id DESC LIMIT ${window.limit} OFFSET ${window.offset}`.execute(
    workspace.db,
  );
  return rows;
}

/** How many logs match, at most `most`. */
export async function countUpTo(
  workspace: Workspace,
  filter: LogFilter,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    SELECT count(*) AS total FROM (
      SELECT FROM log l WHERE ${conditions(workspace, filter)}
      ORDER BY l.created_at DESC, l.id DESC LIMIT ${most}) l`.execute(workspace.db);
  return rows[0]?.total ?? 0;
}

/** How many logs a file or version has: the counted ones, and those in the feed. */
export async function countKept(
  { organizationId, db }: Workspace,
  { fileId, versionId }: LogFilter,
): Promise<number> {
  const own = sql`organization_id = ${organizationId} AND file_id = ${fileId}
    AND ${versionId === undefined ? sql`true` : sql`version_id = ${versionId}`}`;
  const { rows } = await sql<{ total: number }>`SELECT (
    coalesce((SELECT sum(logs_count) FROM log_count WHERE ${own}), 0)
    + coalesce((SELECT sum(CASE change WHEN 'made' THEN cardinality(log_ids)
        WHEN 'deleted' THEN -cardinality(log_ids) END)
      FROM log_feed WHERE ${own}), 0))::bigint AS total`.execute(db);
  return rows[0]?.total ?? 0;
}

/** How many of the newest logs match. It reads at most `looked` logs. */
export async function probe(
  workspace: Workspace,
  filter: LogFilter,
  looked: number,
): Promise<{ readonly looked: number; readonly matching: number }> {
  const { idParts, said, metadata, ...rest } = filter;
  const narrow = { ...rest, idParts: [], said: undefined, metadata: undefined };
  const { rows } = await sql<{ looked: number; matching: number }>`
    SELECT count(*) AS looked, count(*) FILTER (WHERE ${texts(filter)}) AS matching
    FROM (SELECT * FROM log l WHERE ${conditions(workspace, narrow)}
      ORDER BY l.created_at DESC, l.id DESC LIMIT ${looked}) l`.execute(workspace.db);
  return rows[0] ?? { looked: 0, matching: 0 };
}

/** A part of a list, and the length of the whole list. */
export interface Collected {
  readonly total: number;
  readonly positions: readonly ListPosition[];
}

/**
 * Collects all logs that match, and then cuts out the window. Use it for samples, and for filters
 * that few logs match.
 */
export async function collect(
  workspace: Workspace,
  filter: LogFilter,
  window: ListWindow,
  { oneOf }: Sampling = { oneOf: 1 },
): Promise<Collected> {
  const drawn =
    oneOf > 1 ? sql`(hashtextextended(l.id, 5005) & 2147483647) % ${oneOf} = 0` : sql`true`;
  const { rows } = await sql<CollectedRow>`
    WITH matching AS MATERIALIZED (SELECT l.id, l.created_at FROM log l
      WHERE ${conditions(workspace, filter)} AND ${drawn})
    SELECT ${pageColumns(window)}`.execute(workspace.db);
  return readCollected(rows[0] as CollectedRow);
}

/**
 * Like {@link collect}, with the index of texts, for a filter with `said` or `metadata`. Logs that
 * are not in the index are read one by one.
 *
 * @returns undefined when the index finds more than `most` logs.
 */
export async function collectByText(
  workspace: Workspace,
  filter: LogFilter,
  window: ListWindow,
  most: number,
): Promise<Collected | undefined> {
  const { organizationId, db } = workspace;
  const { said, metadata } = filter;
  const { rows } = await sql<CollectedRow & { isWhole: boolean }>`
    WITH pending AS MATERIALIZED (
      SELECT unnest(log_ids) AS id FROM log_feed
      WHERE organization_id = ${organizationId} AND file_id = ${filter.fileId}
      UNION
      SELECT unnest(log_ids) FROM log_unsearched
      WHERE organization_id = ${organizationId} AND file_id = ${filter.fileId}
      UNION
      SELECT log_id FROM log_open
      WHERE organization_id = ${organizationId} AND file_id = ${filter.fileId}),
    found AS MATERIALIZED (
      SELECT s.log_id AS id FROM log_search s
      WHERE s.organization_id = ${organizationId} AND s.file_id = ${filter.fileId}
        AND ${like(sql`s.said`, said)} AND ${like(sql`s.metadata`, metadata)}
      LIMIT ${most + 1}),
    matching AS MATERIALIZED (
      SELECT l.id, l.created_at FROM found
        JOIN log l ON l.organization_id = ${organizationId} AND l.id = found.id
      WHERE ${conditions(workspace, { ...filter, said: undefined, metadata: undefined })}
        AND l.id NOT IN (SELECT id FROM pending)
      UNION ALL
      SELECT l.id, l.created_at FROM pending
        JOIN log l ON l.organization_id = ${organizationId} AND l.id = pending.id
      WHERE ${conditions(workspace, filter)})
    SELECT (SELECT count(*) FROM found) <= ${most} AS "isWhole", ${pageColumns(window)}`.execute(
    db,
  );
  const [row] = rows;
  return row?.isWhole ? readCollected(row) : undefined;
}

interface CollectedRow {
  readonly total: number;
  readonly positions: readonly ListPosition[] | null;
}

/** The columns of a page: the number of logs in `matching`, and the logs of the window. */
function pageColumns({ after, offset, limit }: ListWindow): RawBuilder<unknown> {
  return sql`(SELECT count(*) FROM matching) AS total,
    (SELECT json_agg(json_build_object('id', id, 'createdAt',
      to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY created_at DESC, id DESC)
    FROM (SELECT id, created_at FROM matching l WHERE ${isAfter(after)}
      ORDER BY created_at DESC, id DESC LIMIT ${limit} OFFSET ${offset}) page) AS positions`;
}

function readCollected({ total, positions }: CollectedRow): Collected {
  return { total, positions: positions ?? [] };
}

/** Logs in short form, in the order of the ids. Ids without a log are left out. */
export async function loadSummaries(
  { organizationId, db }: Workspace,
  ids: readonly string[],
  clippedLength: number,
): Promise<readonly LogSummary[]> {
  const clipped = (column: string) =>
    sql`left(${sql.ref(`l.${column}`)}, ${clippedLength}) AS ${sql.ref(column)}`;
  const { rows } = await sql<LogSummary>`
    SELECT l.id, l.type, l.file_id, l.version_id, l.created_at, l.start_time, l.end_time,
      l.provider_latency, l.log_status, r.state AS run_state, l.prompt_tokens, l.reasoning_tokens,
      l.output_tokens, l.prompt_cost, l.output_cost, ${clipped('finish_reason')},
      left(${output}, ${clippedLength}) AS output, ${clipped('error')},
      l.trace_id, l.trace_parent_id, l.trace_flow_id, ${clipped('environment')},
      ${clipped('user')}, ${clipped('source')}, ${clipped('source_datapoint_id')}
    FROM unnest(${[...ids]}::text[]) WITH ORDINALITY AS asked (id, place)
    JOIN log l ON l.organization_id = ${organizationId} AND l.id = asked.id
    LEFT JOIN run r ON r.organization_id = ${organizationId} AND r.log_id = l.id
    ORDER BY place`.execute(db);
  return rows;
}

/** The SQL condition of a filter on a log `l`. */
function conditions({ organizationId }: Workspace, filter: LogFilter): RawBuilder<unknown> {
  const { fileId, versionId, createdFrom, createdUntil, isInTrace } = filter;
  const parts = [
    sql`l.organization_id = ${organizationId}`,
    // Name only the version, without its file: the index `log_version_list` then answers the query.
    versionId === undefined ? sql`l.file_id = ${fileId}` : sql`l.version_id = ${versionId}`,
    texts(filter),
  ];
  if (createdFrom !== undefined) parts.push(sql`l.created_at >= ${createdFrom}`);
  if (createdUntil !== undefined) parts.push(sql`l.created_at <= ${createdUntil}`);
  if (isInTrace !== undefined) {
    parts.push(isInTrace ? sql`l.trace_parent_id IS NOT NULL` : sql`l.trace_parent_id IS NULL`);
  }
  return sql.join(parts, sql` AND `);
}

/** The SQL condition of a filter on the texts of a log `l`. */
function texts({ idParts, said, metadata }: LogFilter): RawBuilder<unknown> {
  const parts = [sql`true`];
  if (idParts.length > 0) {
    const each = idParts.map((part) => sql`position(${part} IN l.id) > 0`);
    parts.push(sql`(${sql.join(each, sql` OR `)})`);
  }
  if (said !== undefined) {
    parts.push(sql`(${holds(inputs, said)} OR ${holds(output, said)})`);
  }
  if (metadata !== undefined) parts.push(holds(sql`l.metadata::text`, metadata));
  return sql.join(parts, sql` AND `);
}

const inputs = sql`l.inputs::text`;
/** Search the text of the output message when a log has no output. */
const output = sql`coalesce(l.output, l.output_message ->> 'content')`;

function holds(text: RawBuilder<unknown>, part: string): RawBuilder<unknown> {
  const each = spellings(part).map(
    (spelling) => sql`position(folded(${spelling}) IN folded(${text})) > 0`,
  );
  return sql`coalesce(${sql.join(each, sql` OR `)}, false)`;
}

function like(column: RawBuilder<unknown>, part: string | undefined): RawBuilder<unknown> {
  if (part === undefined) return sql`true`;
  const each = spellings(part).map(
    (spelling) => sql`${column} LIKE '%' || folded(${spelling.replace(/[\\%_]/g, '\\$&')}) || '%'`,
  );
  return sql`(${sql.join(each, sql` OR `)})`;
}

function isAfter(position: ListPosition | undefined): RawBuilder<unknown> {
  return position ? sql`(l.created_at, l.id) < (${position.createdAt}, ${position.id})` : sql`true`;
}
