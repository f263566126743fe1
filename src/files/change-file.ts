import { isDuplicate } from '../database/violations.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import { invalid } from '../kernel/errors.ts';
import { requireDirectory } from './directories/directory-place.ts';
import { findOrCreateDirectory, holdDirectories } from './directories/directory-queries.ts';
import { fileNotFound, pathTaken } from './errors.ts';
import { findFile } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';
import type { FileKind } from './kind.ts';
import { checkedName, checkedPath, joinPath, splitPath } from './path.ts';
import { getVersion, requireFile } from './resolve-version.ts';
import { deleteVariables } from './secrets/tool-variable-queries.ts';
import {
  type FileDetails,
  lockFile,
  markFileDeleted,
  placeFile,
  updateFileDetails,
} from './version-queries.ts';

/** The new place of a file: a whole path; or a name, a directory, or both. */
export interface Destination {
  readonly path?: string | undefined;
  readonly name?: string | undefined;
  readonly directoryId?: string | undefined;
}

/** What to change of a file. Its versions never change. */
export interface FileChange extends Destination, FileDetails {}

/**
 * Moves, renames or describes a file. Its id, versions, deployments and logs stay. Missing
 * directories of the path are created. What is undefined stays as it is.
 *
 * @throws `file_not_found`, `directory_not_found` (not_found); `path_taken` (conflict) when another
 *   file is there; `invalid` for a bad path, or for a path together with a name or directory.
 */
export async function changeFile(
  workspace: Workspace,
  kind: FileKind,
  fileId: string,
  { path, name, directoryId, ...details }: FileChange,
): Promise<FileVersion> {
  if (path !== undefined && (name !== undefined || directoryId !== undefined)) {
    throw invalid(['body', 'path'], 'Give `path`, or `name` and `directory_id`, not both.');
  }
  await inTransaction(workspace, async (workspace) => {
    await holdDirectories(workspace);
    await lockFile(workspace, fileId);
    const file = await findFile(workspace, { by: 'id', value: fileId });
    if (file?.type !== kind.type) throw fileNotFound(fileId);
    await updateFileDetails(workspace, fileId, details);
    const place = await newPlace(workspace, file.path, { path, name, directoryId });
    if (place.path === file.path) return;
    try {
      await placeFile(workspace, fileId, place);
    } catch (error) {
      if (!isDuplicate(error, 'file_path_key')) throw error;
      throw pathTaken(place.path);
    }
  });
  return getVersion(workspace, kind, fileId, {});
}

/**
 * Deletes a file with all of its versions, and the variables of a tool. Its path is free at once.
 * Its logs can no longer be read, and links to it have no file.
 *
 * @throws `file_not_found` (not_found).
 */
export async function deleteFile(
  workspace: Workspace,
  kind: FileKind,
  fileId: string,
): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    await requireFile(workspace, kind, fileId);
    await markFileDeleted(workspace, fileId);
    await deleteVariables(workspace, fileId);
  });
}

async function newPlace(
  workspace: Workspace,
  current: string,
  { path, name, directoryId }: Destination,
): Promise<{ readonly path: string; readonly name: string; readonly directoryId: string }> {
  if (path !== undefined) {
    const checked = checkedPath(path);
    const [above, last] = splitPath(checked);
    const directory = await findOrCreateDirectory(workspace, above);
    return { path: checked, name: last, directoryId: directory };
  }
  const [above, last] = splitPath(current);
  const newName = name === undefined ? last : checkedName(name);
  const directory =
    directoryId === undefined
      ? { id: await findOrCreateDirectory(workspace, above), path: above }
      : await requireDirectory(workspace, directoryId);
  const loc = ['body', name === undefined ? 'directory_id' : 'name'];
  return {
    path: checkedPath(joinPath(directory.path, newName), loc),
    name: newName,
    directoryId: directory.id,
  };
}
