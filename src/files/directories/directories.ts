import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import type { Sized } from '../../kernel/readable-batches.ts';
import { type DeployedVersion, deploymentsIn } from '../deployment-queries.ts';
import { directoryExists, directoryNotEmpty, rootDirectory } from '../errors.ts';
import { listFilesIn } from '../file-list-queries.ts';
import { checkedName, checkedPath } from '../path.ts';
import {
  type DirectoryLocation,
  placeAt,
  placeIn,
  requireDirectory,
  requireOneWay,
  rootAlias,
} from './directory-place.ts';
import {
  type Directory,
  hasContent,
  holdDirectories,
  insertDirectory,
  listDirectories,
  listParents,
  listSubdirectories,
  lockDirectories,
  removeDirectory,
} from './directory-queries.ts';

/**
 * Creates a directory: at a path, together with missing parents, or with a name below a parent
 * (default: the root).
 *
 * @throws `invalid` for a bad path or name, or for neither; `directory_not_found` for an unknown
 *   parent; `directory_exists` (conflict).
 */
export async function createDirectory(
  workspace: Workspace,
  location: DirectoryLocation,
): Promise<Directory> {
  requireOneWay(location);
  const { path, name, parentId } = location;
  if (path === undefined && name === undefined) {
    const loc = parentId === undefined ? ['body'] : ['body', 'name'];
    throw invalid(loc, 'Give the `path` or the `name` of the directory.');
  }
  return inTransaction(workspace, async (workspace) => {
    await holdDirectories(workspace);
    const place =
      path === undefined
        ? placeIn(
            await requireDirectory(workspace, parentId ?? rootAlias),
            checkedName(name ?? ''),
            ['body', 'name'],
          )
        : await placeAt(workspace, checkedPath(path));
    const made = await insertDirectory(workspace, place);
    if (!made) throw directoryExists(place.path);
    return made;
  });
}

/** All directories of the organization; each comes before its children, so the root is first. */
export async function getDirectoryTree(workspace: Workspace): Promise<readonly Directory[]> {
  return listDirectories(workspace);
}

/** A directory with its direct children and all of its parents. */
export interface DirectoryContent {
  readonly directory: Directory;
  readonly subdirectories: readonly Directory[];
  /** Each file in the version deployed to the default environment, or else in its newest. */
  readonly files: readonly Sized[];
  /** Where the files are deployed. */
  readonly deployments: readonly DeployedVersion[];
  /** From the root down. */
  readonly parents: readonly Directory[];
}

/** @throws `directory_not_found` (not_found). */
export async function getDirectory(workspace: Workspace, id: string): Promise<DirectoryContent> {
  return inTransaction(workspace, async (workspace) => {
    // Hold the tree: a move between two of these queries would mix old paths with new ones.
    await holdDirectories(workspace);
    const directory = await requireDirectory(workspace, id);
    return {
      directory,
      subdirectories: await listSubdirectories(workspace, directory.id),
      files: await listFilesIn(workspace, directory.id),
      deployments: await deploymentsIn(workspace, directory.id),
      parents: await listParents(workspace, directory.id),
    };
  });
}

/**
 * Deletes an empty directory.
 *
 * @throws `directory_not_found` (not_found); `root_directory`, `directory_not_empty` (conflict).
 */
export async function deleteDirectory(workspace: Workspace, id: string): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    // Lock the tree: otherwise a file could be added between the check and the deletion.
    await lockDirectories(workspace);
    const { parentId, path } = await requireDirectory(workspace, id);
    if (parentId === null) throw rootDirectory();
    if (await hasContent(workspace, id)) throw directoryNotEmpty(path);
    await removeDirectory(workspace, id);
  });
}
