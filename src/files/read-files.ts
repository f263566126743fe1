import type { Workspace } from '../database/workspace.ts';
import type { Sized } from '../kernel/readable-batches.ts';
import { fileNotFound } from './errors.ts';
import { type FoundFile, findFile, findVersionsById, listVersions } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';
import type { FileKind } from './kind.ts';
import { requireFile } from './resolve-version.ts';

/**
 * A file of any kind.
 *
 * @throws `file_not_found` (not_found).
 */
export async function getFile(workspace: Workspace, id: string): Promise<FoundFile> {
  const file = await findFile(workspace, { by: 'id', value: id });
  if (!file) throw fileNotFound(id);
  return file;
}

/**
 * All versions of a file by their ids, newest first.
 *
 * @throws `file_not_found` (not_found).
 */
export async function getVersions(
  workspace: Workspace,
  kind: FileKind,
  fileId: string,
): Promise<readonly Sized[]> {
  await requireFile(workspace, kind, fileId);
  return listVersions(workspace, fileId);
}

/** Versions of any files, by id, also those that were deleted. */
export function getVersionsById(
  workspace: Workspace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, FileVersion>> {
  return findVersionsById(workspace, ids);
}

/** Whether a file has a version of this id, or had it until it was deleted. */
export async function hasVersion(
  workspace: Workspace,
  { id }: Pick<FoundFile, 'id'>,
  versionId: string,
): Promise<boolean> {
  const versions = await findVersionsById(workspace, [versionId]);
  return versions.get(versionId)?.id === id;
}
