import { inTransaction, type Workspace } from '../database/workspace.ts';
import {
  deployedVersions,
  dropDeployment,
  listEnvironments,
  putDeployment,
} from './deployment-queries.ts';
import { requireEnvironment } from './environments.ts';
import { notDeployed } from './errors.ts';
import { findVersionsById } from './file-queries.ts';
import type { Environment, FileVersion } from './file-version.ts';
import type { FileKind } from './kind.ts';
import { getVersion, requireFile } from './resolve-version.ts';
import { lockFile } from './version-queries.ts';

/** An environment, and the version of a file that is deployed to it. */
export interface FileEnvironment {
  readonly environment: Environment;
  readonly version: FileVersion | undefined;
}

/**
 * Deploys a version to an environment, in place of the version that was deployed there.
 *
 * @throws `file_not_found`, `version_not_found`, `environment_not_found` (all not_found).
 */
export async function deployVersion(
  workspace: Workspace,
  kind: FileKind,
  target: {
    readonly fileId: string;
    /** Its id or its name. */
    readonly environment: string;
    readonly versionId: string;
  },
): Promise<FileVersion> {
  const { fileId, environment, versionId } = target;
  return inTransaction(workspace, async (workspace) => {
    // Lock the file: otherwise the version could be deleted between this check and the deployment.
    await lockFile(workspace, fileId);
    await getVersion(workspace, kind, fileId, { versionId });
    const { id } = await requireEnvironment(workspace, environment);
    await putDeployment(workspace, fileId, id, versionId);
    return getVersion(workspace, kind, fileId, { versionId });
  });
}

/**
 * Takes a file out of an environment; its versions stay.
 *
 * @param environment its id or its name.
 * @throws `file_not_found`, `environment_not_found`, `not_deployed` (all not_found).
 */
export async function removeDeployment(
  workspace: Workspace,
  kind: FileKind,
  fileId: string,
  environment: string,
): Promise<void> {
  await requireFile(workspace, kind, fileId);
  const { id, name } = await requireEnvironment(workspace, environment);
  if (!(await dropDeployment(workspace, fileId, id))) throw notDeployed(name);
}

/**
 * All environments of the organization, each with the version of a file that is deployed to it.
 *
 * @throws `file_not_found` (not_found).
 */
export async function listFileEnvironments(
  workspace: Workspace,
  kind: FileKind,
  fileId: string,
): Promise<readonly FileEnvironment[]> {
  await requireFile(workspace, kind, fileId);
  const [environments, deployed] = await Promise.all([
    listEnvironments(workspace),
    deployedVersions(workspace, fileId),
  ]);
  const versions = await findVersionsById(workspace, [...deployed.values()]);
  return environments.map((environment) => ({
    environment,
    version: versions.get(deployed.get(environment.id) ?? ''),
  }));
}
