import type { Workspace } from '../database/workspace.ts';
import { newId } from '../kernel/ids.ts';
import { findOrCreateDirectory } from './directories/directory-queries.ts';
import type { FileKind } from './kind.ts';
import { splitPath } from './path.ts';

/** A file to make, with its first version. */
export interface NewFile {
  /** In canonical form. */
  readonly path: string;
  readonly description: string | null;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
}

/**
 * Inserts files of one kind, each with its first version, which is deployed to the default
 * environment. Paths at which a file is are passed over. Needs a transaction.
 *
 * @returns the paths of the files that were inserted.
 */
export async function insertNewFiles(
  workspace: Workspace,
  kind: FileKind,
  files: readonly NewFile[],
): Promise<readonly string[]> {
  const rows = await fileRows(workspace, kind, files);
  const inserted = await workspace.db
    .insertInto('file')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'path']).where('deleted_at', 'is', null).doNothing(),
    )
    .returning(['id', 'path'])
    .execute();
  const idAt = new Map(inserted.map(({ id, path }) => [path, id]));
  const versions = files.flatMap(({ path, spec, fingerprint }) => {
    const fileId = idAt.get(path);
    if (fileId === undefined) return [];
    return [
      {
        organization_id: workspace.organizationId,
        id: newId(kind.versionIdPrefix),
        file_id: fileId,
        spec: JSON.stringify(spec),
        fingerprint,
        name: null,
        description: null,
        created_by: workspace.memberId,
        deleted_at: null,
      },
    ];
  });
  if (versions.length === 0) return [];
  await workspace.db.insertInto('version').values(versions).execute();
  await deployToDefault(
    workspace,
    versions.map(({ id }) => id),
  );
  return inserted.map(({ path }) => path);
}

async function fileRows(workspace: Workspace, kind: FileKind, files: readonly NewFile[]) {
  const directoryIds = new Map<string, string>();
  const rows = [];
  for (const { path, description } of files) {
    const [directory, name] = splitPath(path);
    const directoryId =
      directoryIds.get(directory) ?? (await findOrCreateDirectory(workspace, directory));
    directoryIds.set(directory, directoryId);
    rows.push({
      organization_id: workspace.organizationId,
      id: newId(kind.idPrefix),
      type: kind.type,
      directory_id: directoryId,
      name,
      path,
      description,
      readme: null,
      created_by: workspace.memberId,
      deleted_at: null,
    });
  }
  return rows;
}

async function deployToDefault(workspace: Workspace, versionIds: readonly string[]): Promise<void> {
  await workspace.db
    .insertInto('deployment')
    .columns(['organization_id', 'file_id', 'environment_id', 'version_id'])
    .expression(({ selectFrom }) =>
      selectFrom('version')
        .innerJoin('environment', 'environment.organization_id', 'version.organization_id')
        .select(['version.organization_id', 'version.file_id', 'environment.id', 'version.id as v'])
        .where('version.organization_id', '=', workspace.organizationId)
        .where('version.id', 'in', [...versionIds])
        .where('environment.tag', '=', 'default'),
    )
    .execute();
}
