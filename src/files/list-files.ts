import type { Workspace } from '../database/workspace.ts';
import { invalid } from '../kernel/errors.ts';
import type { Sized } from '../kernel/readable-batches.ts';
import { betweenSlashes } from '../kernel/slashes.ts';
import { findDirectory } from './directories/directory-queries.ts';
import { findEnvironment } from './environments.ts';
import { directoryNotFound, environmentNotFound } from './errors.ts';
import { type FileListOptions, listFileVersions } from './file-list-queries.ts';
import { soughtName } from './name.ts';
import { characterFault } from './name-characters.ts';
import { canonicalPath } from './path.ts';

/** The filters of a list, as a request names them. */
export interface FileSearch extends Omit<FileListOptions, 'directoryId' | 'environmentId'> {
  /** The path of a directory, with or without slashes around it; empty means the root. */
  readonly directory?: string | undefined;
  /** The name of an environment. */
  readonly environment?: string | undefined;
}

/**
 * One page of files, by the versions that are shown, and the total count.
 *
 * @throws `invalid` for a name that cannot exist; `directory_not_found`, `environment_not_found`
 *   (not_found).
 */
export async function listFiles(
  workspace: Workspace,
  { directory, environment, ...options }: FileSearch,
): Promise<{ readonly records: readonly Sized[]; readonly total: number }> {
  return listFileVersions(workspace, {
    ...options,
    directoryId: await findDirectoryId(workspace, directory ?? ''),
    environmentId: await findEnvironmentId(workspace, environment),
  });
}

/** Undefined for the root: all files are below it, so it filters nothing. */
async function findDirectoryId(workspace: Workspace, given: string): Promise<string | undefined> {
  const path = betweenSlashes(canonicalPath(given));
  if (path === '') return undefined;
  const fault = characterFault(path, 'path');
  if (fault !== undefined) throw invalid(['query', 'path'], fault);
  const directory = await findDirectory(workspace, { by: 'path', value: path });
  if (!directory) throw directoryNotFound(given);
  return directory.id;
}

async function findEnvironmentId(
  workspace: Workspace,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  const sought = soughtName(given, ['query', 'environment']);
  const found = await findEnvironment(workspace, sought);
  if (!found) throw environmentNotFound(given);
  return found.id;
}
