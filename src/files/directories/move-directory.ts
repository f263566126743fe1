import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { directoryCycle, directoryExists, rootDirectory } from '../errors.ts';
import { checkedName, checkedPath, requireRoomBelow } from '../path.ts';
import {
  type DirectoryLocation,
  type DirectoryPlace,
  placeAt,
  placeIn,
  requireDirectory,
  requireOneWay,
} from './directory-place.ts';
import {
  type Directory,
  findDirectory,
  lockDirectories,
  longestPathsBelow,
  placeDirectory,
} from './directory-queries.ts';

/**
 * Moves or renames a directory with everything below it: the paths of all files and directories
 * below change in the same transaction. Missing parents of a path are created. A destination
 * without members changes nothing.
 *
 * @throws `directory_not_found` (not_found) for the directory or its new parent; `root_directory`,
 *   `directory_cycle`, `directory_exists` (conflict); `invalid` for a bad path, and when a path
 *   below would get too long.
 */
export async function moveDirectory(
  workspace: Workspace,
  id: string,
  destination: DirectoryLocation,
): Promise<Directory> {
  requireOneWay(destination);
  return inTransaction(workspace, async (workspace) => {
    await lockDirectories(workspace);
    const directory = await requireDirectory(workspace, id);
    if (Object.values(destination).every((value) => value === undefined)) return directory;
    if (directory.parentId === null) throw rootDirectory();
    const place = await newPlace(workspace, directory, destination);
    if (place.path === directory.path) return directory;
    if (await findDirectory(workspace, { by: 'path', value: place.path })) {
      throw directoryExists(place.path);
    }
    const loc = ['body', tooLongField(destination)];
    const longest = await longestPathsBelow(workspace, id);
    requireRoomBelow(longest, { from: directory.path, to: place.path, loc });
    await placeDirectory(workspace, directory, place);
    return requireDirectory(workspace, id);
  });
}

async function newPlace(
  workspace: Workspace,
  directory: Directory,
  destination: DirectoryLocation,
): Promise<DirectoryPlace> {
  const { path, name, parentId } = destination;
  if (path !== undefined) {
    const checked = checkedPath(path);
    if (isBelow(checked, directory)) throw directoryCycle(directory.path);
    return placeAt(workspace, checked);
  }
  const parent = await requireDirectory(workspace, parentId ?? directory.parentId ?? '');
  const place = placeIn(parent, name === undefined ? directory.name : checkedName(name), [
    'body',
    tooLongField(destination),
  ]);
  if (isBelow(place.path, directory)) throw directoryCycle(directory.path);
  return place;
}

/** Whether a path is strictly below a directory. */
function isBelow(path: string, directory: Directory): boolean {
  return path.startsWith(`${directory.path}/`);
}

/** The member of the request that made a path too long. */
function tooLongField({ path, name }: DirectoryLocation): string {
  if (path !== undefined) return 'path';
  return name === undefined ? 'parent_id' : 'name';
}
