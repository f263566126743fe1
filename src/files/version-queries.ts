import { sql } from 'kysely';
import { isDuplicate } from '../database/violations.ts';
import type { Workspace } from '../database/workspace.ts';
import { newId } from '../kernel/ids.ts';
import { findOrCreateDirectory } from './directories/directory-queries.ts';
import { pathTaken, versionNameTaken } from './errors.ts';
import type { FileKind } from './kind.ts';
import { splitPath } from './path.ts';

/** The descriptions of a file in an upsert. Undefined leaves a field unchanged. */
export interface FileDetails {
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly readme?: string | undefined;
}

/**
 * The file at a path. Creates it if it does not exist. Of two requests that create it at once, one
 * succeeds, and the other waits and finds it.
 *
 * @throws `path_taken` (conflict) if a file of another kind is there.
 */
export async function findOrCreateFile(
  workspace: Workspace,
  kind: FileKind,
  path: string,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const [directoryPath, name] = splitPath(path);
  const directoryId = await findOrCreateDirectory(workspace, directoryPath);
  const id = newId(kind.idPrefix);
  const row = await workspace.db
    .insertInto('file')
    .values({
      organization_id: workspace.organizationId,
      id,
      type: kind.type,
      directory_id: directoryId,
      name,
      path,
      description: null,
      readme: null,
      created_by: workspace.memberId,
      deleted_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'path'])
        .where('deleted_at', 'is', null)
        .doUpdateSet(({ ref }) => ({ path: ref('file.path') })),
    )
    .returning(['id', 'type'])
    .executeTakeFirstOrThrow();
  if (row.type !== kind.type) throw pathTaken(path, row.type);
  return { id: row.id, isNew: row.id === id };
}

/** Sets the descriptions of a file. */
export async function updateFileDetails(
  workspace: Workspace,
  fileId: string,
  { description, tags, readme }: FileDetails,
): Promise<void> {
  if (description === undefined && tags === undefined && readme === undefined) return;
  await workspace.db
    .updateTable('file')
    .set({
      ...(description === undefined ? {} : { description }),
      ...(tags === undefined ? {} : { tags: [...tags] }),
      ...(readme === undefined ? {} : { readme }),
      updated_at: sql<string>`now()`,
    })
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', fileId)
    .execute();
}

/**
 * A version to store. If it exists, an undefined name or description leaves the stored one
 * unchanged.
 */
export interface NewVersion {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly fingerprint: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

/**
 * The version of a file with this fingerprint. Creates it if it does not exist. Sets its name and
 * description if they are defined. Two requests that create it at once get the same version.
 *
 * @throws `version_name_taken` (conflict) if another version of the file has that name.
 */
export async function findOrCreateVersion(
  workspace: Workspace,
  kind: FileKind,
  fileId: string,
  { spec, fingerprint, name, description }: NewVersion,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const id = newId(kind.versionIdPrefix);
  try {
    const row = await workspace.db
      .insertInto('version')
      .values({
        organization_id: workspace.organizationId,
        id,
        file_id: fileId,
        spec: JSON.stringify(spec),
        fingerprint,
        name: name ?? null,
        description: description ?? null,
        created_by: workspace.memberId,
        deleted_at: null,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'file_id', 'fingerprint'])
          .where('deleted_at', 'is', null)
          .doUpdateSet(({ ref }) => ({
            name: name ?? ref('version.name'),
            description: description ?? ref('version.description'),
            updated_at:
              name === undefined && description === undefined
                ? ref('version.updated_at')
                : sql<string>`now()`,
          })),
      )
      .returning('id')
      .executeTakeFirstOrThrow();
    return { id: row.id, isNew: row.id === id };
  } catch (error) {
    if (name !== undefined && isDuplicate(error, 'version_name_key')) throw versionNameTaken(name);
    throw error;
  }
}

/**
 * Deploys a version to the default environment, unless another version of its file is deployed
 * there.
 */
export async function deployToDefaultIfNone(
  workspace: Workspace,
  fileId: string,
  versionId: string,
): Promise<void> {
  await workspace.db
    .insertInto('deployment')
    .columns(['organization_id', 'file_id', 'environment_id', 'version_id', 'deployed_by'])
    .expression(({ selectFrom, val }) =>
      selectFrom('environment')
        .select([
          'organization_id',
          val(fileId).as('file_id'),
          'id',
          val(versionId).as('version_id'),
          val(workspace.memberId).as('deployed_by'),
        ])
        .where('organization_id', '=', workspace.organizationId)
        .where('tag', '=', 'default'),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Locks a file until the transaction ends: no other transaction can deploy, move or delete it or
 * its versions. Transactions that only refer to the file, for example to add a log, do not wait.
 */
export async function lockFile(workspace: Workspace, fileId: string): Promise<void> {
  await workspace.db
    .selectFrom('file')
    .select('id')
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', fileId)
    .forNoKeyUpdate()
    .execute();
}

/** @throws `version_name_taken` (conflict) if another version of the file has that name. */
export async function updateVersionDetails(
  workspace: Workspace,
  versionId: string,
  { name, description }: Pick<NewVersion, 'name' | 'description'>,
): Promise<void> {
  if (name === undefined && description === undefined) return;
  try {
    await workspace.db
      .updateTable('version')
      .set({
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        updated_at: sql<string>`now()`,
      })
      .where('organization_id', '=', workspace.organizationId)
      .where('id', '=', versionId)
      .execute();
  } catch (error) {
    if (name !== undefined && isDuplicate(error, 'version_name_key')) throw versionNameTaken(name);
    throw error;
  }
}

/** Replaces the stored form of a version by another form of the same spec. */
export async function updateSpec(
  workspace: Workspace,
  versionId: string,
  spec: NewVersion['spec'],
): Promise<void> {
  await workspace.db
    .updateTable('version')
    .set({ spec: JSON.stringify(spec) })
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', versionId)
    .execute();
}

/** Removes a version from all lists. Its row stays for its logs. */
export async function markVersionDeleted(workspace: Workspace, versionId: string): Promise<void> {
  await workspace.db
    .updateTable('version')
    .set({ deleted_at: sql<string>`now()` })
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', versionId)
    .execute();
}

/** Removes a file from all lists and frees its path. Its rows stay. */
export async function markFileDeleted(workspace: Workspace, fileId: string): Promise<void> {
  await workspace.db
    .updateTable('file')
    .set({ deleted_at: sql<string>`now()` })
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', fileId)
    .execute();
}

/** Moves a file to a path. */
export async function placeFile(
  workspace: Workspace,
  fileId: string,
  place: { readonly path: string; readonly name: string; readonly directoryId: string },
): Promise<void> {
  await workspace.db
    .updateTable('file')
    .set({
      path: place.path,
      name: place.name,
      directory_id: place.directoryId,
      updated_at: sql<string>`now()`,
    })
    .where('organization_id', '=', workspace.organizationId)
    .where('id', '=', fileId)
    .execute();
}
