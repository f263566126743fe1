import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { splitPath } from '../path.ts';

/** A place for files and other directories. */
export interface Directory {
  readonly id: string;
  /** Null for the root alone. */
  readonly parentId: string | null;
  readonly name: string;
  /** From the root, whose path is empty. */
  readonly path: string;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

const columns = [
  'id',
  'parent_id as parentId',
  'name',
  'path',
  'created_at as createdAt',
  'updated_at as updatedAt',
] as const;

/**
 * First number of the advisory lock. No other two-number lock uses it; the second is the
 * organization's.
 */
const directoryLock = 5_006;

/**
 * Keeps all directories in place until the transaction ends: a shared lock, so any number of
 * transactions can hold it. Take it before you look up a directory to put something into it;
 * otherwise the path may change in between.
 */
export async function holdDirectories({ db, organizationId }: Workspace): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(${directoryLock}, hashtext(${organizationId}))`.execute(
    db,
  );
}

/**
 * Prevents all other changes of the tree until the transaction ends: no other transaction moves or
 * deletes a directory, or puts anything into one. This is the exclusive form of {@link
 * holdDirectories}. Take it before any other lock, to avoid deadlocks.
 */
export async function lockDirectories({ db, organizationId }: Workspace): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${directoryLock}, hashtext(${organizationId}))`.execute(
    db,
  );
}

/** A directory; undefined if it does not exist. */
export async function findDirectory(
  workspace: Workspace,
  { by, value }: { readonly by: 'id' | 'path'; readonly value: string },
): Promise<Directory | undefined> {
  return workspace.db
    .selectFrom('directory')
    .select(columns)
    .where('organization_id', '=', workspace.organizationId)
    .where(by, '=', value)
    .executeTakeFirst();
}

/**
 * The directory at a path. Creates it and its missing parents if necessary. It stays there until
 * the transaction ends, see {@link holdDirectories}.
 */
export async function findOrCreateDirectory(workspace: Workspace, path: string): Promise<string> {
  await holdDirectories(workspace);
  return directoryAt(workspace, path);
}

async function directoryAt(workspace: Workspace, path: string): Promise<string> {
  const found = await findDirectory(workspace, { by: 'path', value: path });
  if (found) return found.id;
  const [above, name] = splitPath(path);
  const { id } = await workspace.db
    .insertInto('directory')
    .values({
      organization_id: workspace.organizationId,
      id: newId('dir'),
      parent_id: await directoryAt(workspace, above),
      name,
      path,
    })
    .onConflict((conflict) =>
      conflict
        .constraint('directory_path_key')
        .doUpdateSet(({ ref }) => ({ path: ref('directory.path') })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Creates a directory. @returns undefined if there is already one at its path. */
export async function insertDirectory(
  workspace: Workspace,
  { parentId, name, path }: Pick<Directory, 'parentId' | 'name' | 'path'>,
): Promise<Directory | undefined> {
  return workspace.db
    .insertInto('directory')
    .values({
      organization_id: workspace.organizationId,
      id: newId('dir'),
      parent_id: parentId,
      name,
      path,
    })
    .onConflict((conflict) => conflict.constraint('directory_path_key').doNothing())
    .returning(columns)
    .executeTakeFirst();
}

/** All directories of the organization; each comes before its children, so the root is first. */
export async function listDirectories(workspace: Workspace): Promise<readonly Directory[]> {
  return workspace.db
    .selectFrom('directory')
    .select(columns)
    .where('organization_id', '=', workspace.organizationId)
    .orderBy(sql`path COLLATE "C"`)
    .execute();
}

/** The direct children of a directory that are directories, by name. */
export async function listSubdirectories(
  workspace: Workspace,
  id: string,
): Promise<readonly Directory[]> {
  return workspace.db
    .selectFrom('directory')
    .select(columns)
    .where('organization_id', '=', workspace.organizationId)
    .where('parent_id', '=', id)
    .orderBy(sql`name COLLATE "C"`)
    .execute();
}

/** The parents of a directory, from the root down. */
export async function listParents(
  { db, organizationId }: Workspace,
  id: string,
): Promise<readonly Directory[]> {
  const { rows } = await sql<Directory>`
    WITH RECURSIVE above AS (
      SELECT d.*, 0 AS distance FROM directory d
      WHERE d.organization_id = ${organizationId} AND d.id = ${id}
      UNION ALL
      SELECT d.*, a.distance + 1 FROM above a
      JOIN directory d ON d.organization_id = ${organizationId} AND d.id = a.parent_id
    )
    SELECT id, parent_id AS "parentId", name, path, created_at AS "createdAt",
      updated_at AS "updatedAt"
    FROM above WHERE distance > 0 ORDER BY distance DESC`.execute(db);
  return rows;
}

/** The longest paths of a directory and of everything below it. */
export async function longestPathsBelow(
  { db, organizationId }: Workspace,
  id: string,
): Promise<{ readonly bytes: number; readonly segments: number }> {
  const { rows } = await sql<{ bytes: number; segments: number }>`
    WITH RECURSIVE ${below(organizationId, id)},
    place AS (
      SELECT path FROM directory
      WHERE organization_id = ${organizationId} AND id IN (SELECT id FROM below)
      UNION ALL
      SELECT path FROM file WHERE organization_id = ${organizationId}
        AND directory_id IN (SELECT id FROM below) AND deleted_at IS NULL
    )
    SELECT max(octet_length(path)) AS bytes,
      max(cardinality(string_to_array(path, '/'))) AS segments
    FROM place`.execute(db);
  return rows[0] as { bytes: number; segments: number };
}

/**
 * Moves a directory with everything below it. Deleted files keep their old path. Needs {@link
 * lockDirectories} and a free path.
 */
export async function placeDirectory(
  workspace: Workspace,
  { id, path: from }: Directory,
  { parentId, name, path }: Pick<Directory, 'parentId' | 'name' | 'path'>,
): Promise<void> {
  const { db, organizationId } = workspace;
  // The new path, then the rest of the old one. substr and char_length both count characters.
  const moved = sql`${path}::text || substr(path, char_length(${from}::text) + 1)`;
  await sql`
    WITH RECURSIVE ${below(organizationId, id)},
    files AS (
      UPDATE file SET path = ${moved}, updated_at = now()
      WHERE organization_id = ${organizationId} AND directory_id IN (SELECT id FROM below)
        AND deleted_at IS NULL
    )
    UPDATE directory SET path = ${moved}, updated_at = now()
    WHERE organization_id = ${organizationId} AND id IN (SELECT id FROM below)`.execute(db);
  await db
    .updateTable('directory')
    .set({ parent_id: parentId, name })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

/** Whether a directory contains a file or directory; deleted files do not count. */
export async function hasContent(workspace: Workspace, id: string): Promise<boolean> {
  const { db, organizationId } = workspace;
  const { rows } = await sql<{ found: boolean }>`
    SELECT EXISTS (SELECT FROM directory
      WHERE organization_id = ${organizationId} AND parent_id = ${id})
    OR EXISTS (SELECT FROM file WHERE organization_id = ${organizationId}
      AND directory_id = ${id} AND deleted_at IS NULL) AS found`.execute(db);
  return rows[0]?.found === true;
}

/** Removes an empty directory. Files that were deleted in it lose their reference to it. */
export async function removeDirectory(workspace: Workspace, id: string): Promise<void> {
  await workspace.db
    .updateTable('file')
    .set({ directory_id: null })
    .where('organization_id', '=', workspace.organizationId)
    .where('directory_id', '=', id)
    .where('deleted_at', 'is not', null)
    .execute();
  await workspace.db
    .deleteFrom('directory')
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', id)
    .execute();
}

/** For a WITH RECURSIVE clause: the ids of a directory and of all below it, as `below`. */
function below(organizationId: string, id: string) {
  return sql`below AS (
    SELECT d.id FROM directory d WHERE d.organization_id = ${organizationId} AND d.id = ${id}
    UNION ALL
    SELECT d.id FROM below b
    JOIN directory d ON d.organization_id = ${organizationId} AND d.parent_id = b.id
  )`;
}
