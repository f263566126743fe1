import type { Workspace } from '../database/workspace.ts';
import { whyNotDeployed } from './environments.ts';
import { fileNotFound } from './errors.ts';
import { findFile, findFileVersion, findShownVersion } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';
import { soughtName } from './name.ts';
import { checkedPath } from './path.ts';

/**
 * The file at a path, of any kind, in the version deployed to the environment named. If none is
 * named: in the version deployed to the default environment, or else in the newest.
 *
 * @throws `invalid` for a path that cannot exist; `file_not_found`, `environment_not_found`,
 *   `nothing_deployed` (all not_found).
 */
export async function retrieveFile(
  workspace: Workspace,
  path: string,
  named: string | undefined,
): Promise<FileVersion> {
  const environment = named === undefined ? undefined : soughtName(named, ['query', 'environment']);
  const target = { by: 'path', value: checkedPath(path) } as const;
  const found =
    environment === undefined
      ? await findShownVersion(workspace, target)
      : await findFileVersion(workspace, target, { by: 'environment', value: environment });
  if (found) return found;
  if (environment === undefined || !(await findFile(workspace, target))) {
    throw fileNotFound(target.value);
  }
  throw await whyNotDeployed(workspace, environment);
}
