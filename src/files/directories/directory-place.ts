import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { directoryNotFound } from '../errors.ts';
import { checkedPath, joinPath, splitPath } from '../path.ts';
import { type Directory, findDirectory, findOrCreateDirectory } from './directory-queries.ts';

/** The new place of a directory: a whole path; or a name, a parent, or both. */
export interface DirectoryLocation {
  readonly path?: string | undefined;
  readonly name?: string | undefined;
  readonly parentId?: string | undefined;
}

/** A place in the tree. The path is the parent's path followed by the name. */
export type DirectoryPlace = Pick<Directory, 'parentId' | 'name' | 'path'>;

/** @throws `invalid` if a location has a path and also a name or a parent. */
export function requireOneWay({ path, name, parentId }: DirectoryLocation): void {
  if (path !== undefined && (name !== undefined || parentId !== undefined)) {
    throw invalid(['body', 'path'], 'Give `path`, or `name` and `parent_id`, not both.');
  }
}

/** The place of a path. Missing parents are created. */
export async function placeAt(workspace: Workspace, path: string): Promise<DirectoryPlace> {
  const [above, name] = splitPath(path);
  return { parentId: await findOrCreateDirectory(workspace, above), name, path };
}

/**
 * The place of a name in a directory.
 *
 * @throws `invalid` at `loc` if the path is too long.
 */
export function placeIn(
  parent: Directory,
  name: string,
  loc: readonly (string | number)[],
): DirectoryPlace {
  return { parentId: parent.id, name, path: checkedPath(joinPath(parent.path, name), loc) };
}

/** What clients may send in place of the root's id. */
export const rootAlias = 'root';

/**
 * The directory with an id; `root` is the root.
 *
 * @throws `directory_not_found` (not_found).
 */
export async function requireDirectory(workspace: Workspace, id: string): Promise<Directory> {
  const directory = await findDirectory(
    workspace,
    id === rootAlias ? { by: 'path', value: '' } : { by: 'id', value: id },
  );
  if (!directory) throw directoryNotFound(id);
  return directory;
}
