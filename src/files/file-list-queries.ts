import { CompiledQuery } from 'kysely';
import type { Workspace } from '../database/workspace.ts';
import { columns, rows, shownVersion, usage, versionShownIn } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';
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

/** One page of files, each in the version that answers show, and the total count. */
export async function listFileVersions(
  workspace: Workspace,
  options: FileListOptions,
): Promise<{ readonly records: readonly FileVersion[]; readonly total: number }> {
  const { size, environmentId } = options;
  const offset = (options.page - 1) * size;
  const values: unknown[] = [];
  // + 1, because $1 is the organization's id.
  const value = (given: unknown) => `$${values.push(given) + 1}`;
  const filter = listFilter(options, value);
  const { rows: counted } = await workspace.db.executeQuery<{ total: number }>(
    CompiledQuery.raw(`SELECT count(*) AS total FROM file f WHERE ${filter}`, [
      workspace.organizationId,
      ...values,
    ]),
  );
  const total = counted[0]?.total ?? 0;
  // Skip the second query for pages past the end: clients read on until a page is empty.
  if (offset >= total || size === 0) return { records: [], total };
  const order = options.order === 'asc' ? 'ASC' : 'DESC';
  const sorted = `ORDER BY ${sorts[options.sortBy]} ${order}, f.id ${order}`;
  const shown = environmentId === undefined ? shownVersion : versionShownIn(value(environmentId));
  // Versions are joined before the sort only if it needs them, else for the page's files alone.
  const records = await rows(
    workspace,
    `SELECT ${columns}
    FROM (SELECT f.* FROM file f ${options.sortBy === 'updated_at' ? shown : ''}
      WHERE ${filter} ${sorted}
      LIMIT ${value(size)} OFFSET ${value(offset)}) f
    ${shown} ${usage} ${sorted}`,
    values,
  );
  return { records, total };
}

/** The column of each order: what answers show under that name. */
const sorts = {
  created_at: 'f.created_at',
  updated_at: 'greatest(f.updated_at, v.updated_at)',
  name: 'folded(f.name)',
} as const;

/** The WHERE condition of a list. `value` turns a value into a parameter. */
function listFilter(options: FileListOptions, value: (given: unknown) => string): string {
  const { types, name, creator, directoryId, environmentId } = options;
  const conditions = ['f.organization_id = $1', 'f.deleted_at IS NULL'];
  if (types) conditions.push(`f.type = ANY(${value(types)})`);
  if (name !== undefined) {
    conditions.push(`position(folded(${value(composed(name))}) IN folded(f.name)) > 0`);
  }
  if (creator !== undefined) {
    const part = value(creator);
    conditions.push(`EXISTS (SELECT FROM member m WHERE m.organization_id = $1
      AND m.id = f.created_by AND (position(folded(${part}) IN folded(m.email_address)) > 0
        OR position(folded(${part}) IN folded(coalesce(m.full_name, ''))) > 0))`);
  }
  if (directoryId !== undefined) {
    conditions.push(`f.directory_id IN (WITH RECURSIVE below AS (
      SELECT d.id FROM directory d WHERE d.organization_id = $1 AND d.id = ${value(directoryId)}
      UNION ALL
      SELECT d.id FROM below b JOIN directory d ON d.organization_id = $1 AND d.parent_id = b.id
    ) SELECT id FROM below)`);
  }
  if (environmentId !== undefined) {
    conditions.push(`f.id IN (SELECT p.file_id FROM deployment p
      WHERE p.organization_id = $1 AND p.environment_id = ${value(environmentId)})`);
  }
  return conditions.join(' AND ');
}

/** The files directly in a directory, by name, each in the version that answers show. */
export async function listFilesIn(
  workspace: Workspace,
  directoryId: string,
): Promise<FileVersion[]> {
  return rows(
    workspace,
    `SELECT ${columns} FROM file f ${shownVersion} ${usage}
    WHERE f.organization_id = $1 AND f.directory_id = $2 AND f.deleted_at IS NULL
    ORDER BY f.name COLLATE "C"`,
    [directoryId],
  );
}
