import { PlatformError } from '../kernel/errors.ts';
import type { CurrentDeployment } from './deployment-queries.ts';

export const fileNotFound = (id: string) =>
  new PlatformError('not_found', 'file_not_found', `There is no file \`${id}\`.`);

export const versionNotFound = (id: string) =>
  new PlatformError(
    'not_found',
    'version_not_found',
    `There is no version \`${id}\` of this file.`,
  );

/** Clients of the v5 API look for exactly this text. */
export const environmentNotFound = (name: string) =>
  new PlatformError('not_found', 'environment_not_found', `Environment \`${name}\` does not exist`);

export const environmentNameTaken = (name: string) =>
  new PlatformError(
    'conflict',
    'environment_name_taken',
    `There is already an environment with the name \`${name}\`. Case does not count.`,
  );

export const environmentIsDefault = (name: string) =>
  new PlatformError(
    'conflict',
    'environment_is_default',
    `The default environment, \`${name}\`, cannot be deleted. Make another one the default first.`,
  );

export const environmentInUse = (name: string, files: number) =>
  new PlatformError(
    'conflict',
    'environment_in_use',
    `Versions of ${files} files are deployed to \`${name}\`. To delete it all the same, add \`?force=true\`.`,
  );

export const adminsDeploy = (environment: string) =>
  new PlatformError(
    'forbidden',
    'insufficient_scope',
    `Only admins deploy to \`${environment}\`. This needs the scope \`admin\`.`,
  );

export const nothingDeployed = (environment: string) =>
  new PlatformError(
    'not_found',
    'nothing_deployed',
    `No version of this file is deployed to \`${environment}\`.`,
  );

export const notDeployed = (environment: string) =>
  new PlatformError(
    'not_found',
    'not_deployed',
    `No version of this file is deployed to \`${environment}\`, so there is nothing to remove.`,
  );

/** @param now what is deployed there; undefined: nothing. */
export const deploymentChanged = (environment: string, now: CurrentDeployment | undefined) =>
  new PlatformError(
    'conflict',
    'deployment_changed',
    `${now ? `Version \`${now.version_id}\`` : 'No version'} is deployed to \`${environment}\` now${deployedBy(now)}, which is not what this request expects. Nothing was changed.`,
  );

function deployedBy(deployment: CurrentDeployment | undefined): string {
  const by = deployment?.deployed_by;
  return by ? ` (by ${by.full_name ?? by.email_address})` : '';
}

export const versionDeployed = (id: string, environment: string) =>
  new PlatformError(
    'conflict',
    'version_deployed',
    `Version \`${id}\` is deployed to \`${environment}\`. Deploy another version there first, or remove the deployment.`,
  );

export const lastVersion = (id: string) =>
  new PlatformError(
    'conflict',
    'last_version',
    `Version \`${id}\` is the only version of its file, so it cannot be deleted. Delete the file instead.`,
  );

export const directoryNotFound = (id: string) =>
  new PlatformError('not_found', 'directory_not_found', `Directory \`${id}\` does not exist`);

export const directoryExists = (path: string) =>
  new PlatformError('conflict', 'directory_exists', `There is already a directory at \`${path}\`.`);

export const directoryNotEmpty = (path: string) =>
  new PlatformError(
    'conflict',
    'directory_not_empty',
    `Directory \`${path}\` is not empty. Move or delete its files and directories first.`,
  );

export const directoryCycle = (path: string) =>
  new PlatformError(
    'conflict',
    'directory_cycle',
    `Directory \`${path}\` cannot be moved into itself or into a directory below it.`,
  );

export const rootDirectory = () =>
  new PlatformError(
    'conflict',
    'root_directory',
    'The root directory cannot be moved, renamed or deleted.',
  );

export const pathTaken = (path: string, type?: string) =>
  new PlatformError(
    'conflict',
    'path_taken',
    `There is already ${article(type ?? 'file')} at \`${path}\`.`,
  );

export const versionNameTaken = (name: string) =>
  new PlatformError(
    'conflict',
    'version_name_taken',
    `Another version of this file is already named \`${name}\`.`,
  );

export const variableNotFound = (name: string) =>
  new PlatformError(
    'not_found',
    'variable_not_found',
    `This tool has no environment variable \`${name}\`.`,
  );

export const tooManyVariables = (most: number) =>
  new PlatformError(
    'conflict',
    'too_many_variables',
    `A tool can have at most ${most} environment variables. Delete some first.`,
  );

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
