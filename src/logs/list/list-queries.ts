import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { conditions, ofTexts } from './condition-queries.ts';
import type { ListPosition } from './list-cursor.ts';
import { type LogFilter, spellings } from './log-filter.ts';
import type { LogSort } from './log-sort.ts';
import { inOrder, isBeside, sortValue } from './sort-queries.ts';

/** The part of a list to read. */
export interface ListWindow {
  readonly sort: LogSort;
  /** The end of the page before; undefined starts at the first log. */
  readonly after: ListPosition | undefined;
  /** How many logs to skip from there. */
  readonly offset: number;
  readonly limit: number;
}

/** Draws one in `oneOf` logs, the same ones each time. */
export interface Sampling {
  readonly oneOf: number;
}

/** The positions of the logs in a window. */
export async function listPositions(
  workspace: Workspace,
  filter: LogFilter,
  window: ListWindow,
): Promise<readonly ListPosition[]> {
  const { rows } = await sql<ListPosition>`
    SELECT l.id, l.created_at AS "createdAt", ${sortValue(window.sort)} AS value FROM log l
    WHERE ${conditions(workspace, filter)} AND ${isAfter(window)}
    ORDER BY ${inOrder(window.sort)} LIMIT ${window.limit} OFFSET ${window.offset}`.execute(
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

/** How many logs a file or version has, or all files: the counted ones, and those in the feed. */
export async function countKept(
  { organizationId, db }: Workspace,
  { fileId, versionId }: LogFilter,
): Promise<number> {
  const own = sql`organization_id = ${organizationId}
    AND ${fileId === undefined ? isOfFile(organizationId) : sql`file_id = ${fileId}`}
    AND ${versionId === undefined ? sql`true` : sql`version_id = ${versionId}`}`;
  const { rows } = await sql<{ total: number }>`SELECT (
    coalesce((SELECT sum(logs_count) FROM log_count WHERE ${own}), 0)
    + coalesce((SELECT sum(CASE change WHEN 'made' THEN cardinality(log_ids)
        WHEN 'deleted' THEN -cardinality(log_ids) END)
      FROM log_feed WHERE ${own}), 0))::bigint AS total`.execute(db);
  return rows[0]?.total ?? 0;
}

function isOfFile(organizationId: string): RawBuilder<unknown> {
  return sql`file_id NOT IN (SELECT id FROM file
    WHERE organization_id = ${organizationId} AND deleted_at IS NOT NULL)`;
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
    SELECT count(*) AS looked, count(*) FILTER (WHERE ${ofTexts(filter)}) AS matching
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
    WITH matching AS MATERIALIZED (
      SELECT l.id, l.created_at, ${sortValue(window.sort)} AS value FROM log l
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
  const { fileId, said, metadata } = filter;
  const own = sql`organization_id = ${organizationId}
    AND ${fileId === undefined ? sql`true` : sql`file_id = ${fileId}`}`;
  const value = sortValue(window.sort);
  const { rows } = await sql<CollectedRow & { isWhole: boolean }>`
    WITH pending AS MATERIALIZED (
      SELECT unnest(log_ids) AS id FROM log_feed WHERE ${own}
      UNION
      SELECT unnest(log_ids) FROM log_unsearched WHERE ${own}
      UNION
      SELECT log_id FROM log_open WHERE ${own}),
    found AS MATERIALIZED (
      SELECT s.log_id AS id FROM log_search s
      WHERE ${own}
        AND ${like(sql`s.said`, said)} AND ${like(sql`s.metadata`, metadata)}
      LIMIT ${most + 1}),
    matching AS MATERIALIZED (
      SELECT l.id, l.created_at, ${value} AS value FROM found
        JOIN log l ON l.organization_id = ${organizationId} AND l.id = found.id
      WHERE ${conditions(workspace, { ...filter, said: undefined, metadata: undefined })}
        AND l.id NOT IN (SELECT id FROM pending)
      UNION ALL
      SELECT l.id, l.created_at, ${value} AS value FROM pending
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
function pageColumns(window: ListWindow): RawBuilder<unknown> {
  const { sort, offset, limit } = window;
  const order = inOrder(sort, sql`l.value`);
  return sql`(SELECT count(*) FROM matching) AS total,
    (SELECT json_agg(json_build_object('id', id, 'createdAt',
      to_char(created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'value', value) ORDER BY ${order})
    FROM (SELECT id, created_at, value FROM matching l WHERE ${isAfter(window, sql`l.value`)}
      ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}) l) AS positions`;
}

function readCollected({ total, positions }: CollectedRow): Collected {
  return { total, positions: positions ?? [] };
}

function like(column: RawBuilder<unknown>, part: string | undefined): RawBuilder<unknown> {
  if (part === undefined) return sql`true`;
  const each = spellings(part).map(
    (spelling) => sql`${column} LIKE '%' || folded(${spelling.replace(/[\\%_]/g, '\\$&')}) || '%'`,
  );
  return sql`(${sql.join(each, sql` OR `)})`;
}

function isAfter({ after, sort }: ListWindow, value?: RawBuilder<unknown>): RawBuilder<unknown> {
  if (!after) return sql`true`;
  return isBeside(sort, after, { side: 'after', ...(value && { value }) });
}
