import { type RawBuilder, sql } from 'kysely';
import type { Workspace } from '../database/workspace.ts';
import type { Sized } from '../kernel/readable-batches.ts';
import { selectSizes, shownVersion, versionShownIn } from './file-queries.ts';
import { composed } from './name-characters.ts';

/** Filters, order and page of a list of files. */
export interface FileListOptions {
  /** Kinds of file; undefined: all. */
  readonly types?: readonly string[] | undefined;
  readonly page: number;
  readonly size: number;
  /** A part of the name; case does not count. */
  readonly name?: string | undefined;
  /** A part of the creator's email address or name; case does not count. */
  readonly creator?: string | undefined;
  /** Only files below this directory, at any depth. */
  readonly directoryId?: string | undefined;
  /** Only files deployed to this environment, each in the version deployed there. */
  readonly environmentId?: string | undefined;
  readonly sortBy: 'created_at' | 'updated_at' | 'name';
  readonly order: 'asc' | 'desc';
}

/** One page of files, by the version of each that answers show, and the total count. */
export async function listFileVersions(
  workspace: Workspace,
  options: FileListOptions,
): Promise<{ readonly records: readonly Sized[]; readonly total: number }> {
  const { size, environmentId } = options;
  const offset = (options.page - 1) * size;
  const filter = listFilter(workspace, options);
  const { rows: counted } = await sql<{ total: number }>`
    SELECT count(*) AS total FROM file f WHERE ${filter}`.execute(workspace.db);
  const total = counted[0]?.total ?? 0;
  // Skip the second query for pages past the end: clients read on until a page is empty.
  if (offset >= total || size === 0) return { records: [], total };
  const order = sql.raw(options.order === 'asc' ? 'ASC' : 'DESC');
  const sorted = sql`ORDER BY ${sorts[options.sortBy]} ${order}, f.id ${order}`;
  const shown = environmentId === undefined ? shownVersion : versionShownIn(sql`${environmentId}`);
  // Join versions before the sort only if the sort needs them, or else only for the files of the
  // page.
  const records = await selectSizes(
    workspace,
    sql`FROM (SELECT f.* FROM file f ${options.sortBy === 'updated_at' ? shown : sql``}
      WHERE ${filter} ${sorted}
      LIMIT ${size} OFFSET ${offset}) f ${shown}`,
    sorted,
  );
  return { records, total };
}

/** The column of each sort order: the value that answers show under that name. */
const sorts = {
  created_at: sql`f.created_at`,
  updated_at: sql`greatest(f.updated_at, v.updated_at)`,
  name: sql`folded(f.name)`,
} as const;

/** The WHERE condition of a list, on a file `f`. */
function listFilter(
  { organizationId }: Workspace,
  { types, name, creator, directoryId, environmentId }: FileListOptions,
): RawBuilder<unknown> {
  const conditions = [sql`f.organization_id = ${organizationId}`, sql`f.deleted_at IS NULL`];
  if (types) conditions.push(sql`f.type = ANY(${[...types]}::text[])`);
  if (name !== undefined) {
    conditions.push(sql`position(folded(${composed(name)}) IN folded(f.name)) > 0`);
  }
  if (creator !== undefined) {
    conditions.push(sql`EXISTS (SELECT FROM member m WHERE m.organization_id = f.organization_id
      AND m.id = f.created_by AND (position(folded(${creator}) IN folded(m.email_address)) > 0
        OR position(folded(${creator}) IN folded(coalesce(m.full_name, ''))) > 0))`);
  }
  if (directoryId !== undefined) {
    conditions.push(sql`f.directory_id IN (WITH RECURSIVE below AS (
      SELECT d.id FROM directory d
        WHERE d.organization_id = ${organizationId} AND d.id = ${directoryId}
      UNION ALL
      SELECT d.id FROM below b
        JOIN directory d ON d.organization_id = ${organizationId} AND d.parent_id = b.id
    ) SELECT id FROM below)`);
  }
  if (environmentId !== undefined) {
    conditions.push(sql`f.id IN (SELECT p.file_id FROM deployment p
      WHERE p.organization_id = ${organizationId} AND p.environment_id = ${environmentId})`);
  }
  return sql.join(conditions, sql` AND `);
}

/** The files directly in a directory, by name, as the versions that answers show. */
export async function listFilesIn(
  workspace: Workspace,
  directoryId: string,
): Promise<readonly Sized[]> {
  return selectSizes(
    workspace,
    sql`FROM file f ${shownVersion}`,
    sql`WHERE f.organization_id = ${workspace.organizationId} AND f.directory_id = ${directoryId}
      AND f.deleted_at IS NULL
    ORDER BY f.name COLLATE "C"`,
  );
}
