import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { conditions } from './condition-queries.ts';
import type { ListPosition } from './list-cursor.ts';
import type { LogFilter } from './log-filter.ts';
import type { LogSort } from './log-sort.ts';
import { inOrder, isBeside, sortValue } from './sort-queries.ts';

/** Where a log stands in lists of an order; undefined when it or its file does not exist. */
export async function findPosition(
  { organizationId, db }: Workspace,
  id: string,
  sort: LogSort,
): Promise<ListPosition | undefined> {
  const { rows } = await sql<ListPosition>`
    SELECT l.id, l.created_at AS "createdAt", ${sortValue(sort)} AS value FROM log l
    JOIN file f ON f.organization_id = ${organizationId} AND f.id = l.file_id
      AND f.deleted_at IS NULL
    WHERE l.organization_id = ${organizationId} AND l.id = ${id}`.execute(db);
  return rows[0];
}

/** The log right before a position in a list, or right after it; undefined at the ends. */
export async function findBeside(
  workspace: Workspace,
  filter: LogFilter,
  {
    sort,
    position,
    side,
  }: {
    readonly sort: LogSort;
    readonly position: ListPosition;
    readonly side: 'after' | 'before';
  },
): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT l.id FROM log l
    WHERE ${conditions(workspace, filter)} AND ${isBeside(sort, position, { side })}
    ORDER BY ${inOrder(sort, sortValue(sort), side === 'before')} LIMIT 1`.execute(workspace.db);
  return rows[0]?.id;
}
