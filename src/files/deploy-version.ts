import { inTransaction, type Workspace } from '../database/workspace.ts';
import {
  type CurrentDeployment,
  currentDeployments,
  dropDeployment,
  type ExpectedVersion,
  listEnvironments,
  putDeployment,
} from './deployment-queries.ts';
import { holdEnvironment } from './environment-queries.ts';
import { requireEnvironment } from './environments.ts';
import { adminsDeploy, deploymentChanged, environmentNotFound, notDeployed } from './errors.ts';
import { findVersionsById } from './file-queries.ts';
import type { Environment, FileVersion } from './file-version.ts';
import type { FileKind } from './kind.ts';
import { getVersion, requireFile } from './resolve-version.ts';
import { lockFile } from './version-queries.ts';

/** An environment, and the version of a file that is deployed to it. */
export interface FileEnvironment {
  readonly environment: Environment;
  /** Undefined: none. */
  readonly deployed:
    | (Omit<CurrentDeployment, 'version_id'> & { readonly version: FileVersion })
    | undefined;
}

/**
 * Deploys a version to an environment, in place of the version that was deployed there.
 *
 * @throws `file_not_found`, `version_not_found`, `environment_not_found` (all not_found);
 *   `insufficient_scope` (forbidden); `deployment_changed` (conflict) if another version is there than
 *   was expected.
 */
export async function deployVersion(
  workspace: Workspace,
  kind: FileKind,
  target: {
    readonly fileId: string;
    /** Its id or its name. */
    readonly environment: string;
    readonly versionId: string;
    /** The version that must be there. */
    readonly expected: ExpectedVersion;
  },
  by: Deployer,
): Promise<FileVersion> {
  const { fileId, environment, versionId, expected } = target;
  return inTransaction(workspace, async (workspace) => {
    // Lock the file: otherwise the version could be deleted between this check and the deployment.
    await lockFile(workspace, fileId);
    await getVersion(workspace, kind, fileId, { versionId });
    const { id, name } = await requireDeployable(workspace, environment, by);
    const place = { fileId, environmentId: id };
    if (!(await putDeployment(workspace, place, versionId, expected))) {
      throw deploymentChanged(name, (await currentDeployments(workspace, fileId)).get(id));
    }
    return getVersion(workspace, kind, fileId, { versionId });
  });
}

/**
 * Takes a file out of an environment; its versions stay.
 *
 * @param by.environment its id or its name.
 * @param by.expected the version that must be there.
 * @throws `file_not_found`, `environment_not_found`, `not_deployed` (all not_found);
 *   `insufficient_scope` (forbidden); `deployment_changed` (conflict).
 */
export async function removeDeployment(
  workspace: Workspace,
  kind: FileKind,
  fileId: string,
  {
    environment,
    expected,
    ...by
  }: Deployer & { readonly environment: string; readonly expected: ExpectedVersion },
): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    await requireFile(workspace, kind, fileId);
    const { id, name } = await requireDeployable(workspace, environment, by);
    if (await dropDeployment(workspace, { fileId, environmentId: id }, expected)) return;
    const now = (await currentDeployments(workspace, fileId)).get(id);
    throw now ? deploymentChanged(name, now) : notDeployed(name);
  });
}

/** Who deploys. */
export interface Deployer {
  /** Admins deploy to all environments. */
  readonly isAdmin: boolean;
}

/**
 * An environment to which somebody may deploy. It stays there until the transaction ends.
 *
 * @throws `environment_not_found`; `insufficient_scope` (forbidden).
 */
async function requireDeployable(
  workspace: Workspace,
  idOrName: string,
  { isAdmin }: Deployer,
): Promise<Environment> {
  const environment = await requireEnvironment(workspace, idOrName);
  const held = await holdEnvironment(workspace, environment.id);
  if (!held) throw environmentNotFound(idOrName);
  if (held.deployers === 'admins' && !isAdmin) throw adminsDeploy(environment.name);
  return environment;
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
    currentDeployments(workspace, fileId),
  ]);
  const ids = [...deployed.values()].map(({ version_id: id }) => id);
  const versions = await findVersionsById(workspace, ids);
  return environments.map((environment) => {
    const deployment = deployed.get(environment.id);
    const version = deployment && versions.get(deployment.version_id);
    if (!version) return { environment, deployed: undefined };
    const { version_id, ...since } = deployment;
    return { environment, deployed: { ...since, version } };
  });
}
