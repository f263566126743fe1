import type { Workspace } from '../database/workspace.ts';
import { whyNotDeployed } from './environments.ts';
import { fileNotFound } from './errors.ts';
import { findFile, findFileVersion, findShownVersion } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';
import { soughtName } from './name.ts';
import { checkedPath } from './path.ts';

/**
 * The file at a path, of whichever kind: in the version deployed to an environment, if one is named;
 * or else in the one deployed to the default environment, or in its newest.
 *
 * @throws `invalid` for what can be no path; `file_not_found`, `environment_not_found`,
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
