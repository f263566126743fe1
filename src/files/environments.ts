import type { Workspace } from '../database/workspace.ts';
import { isNewId } from '../kernel/ids.ts';
import { listEnvironments } from './deployment-queries.ts';
import { environmentNotFound, nothingDeployed } from './errors.ts';
import type { Environment } from './file-version.ts';
import type { Fields, FileKind } from './kind.ts';
import { canonicalName } from './name.ts';
import { withMembers } from './spec-members.ts';

/**
 * The environment that a request means by its id or its name.
 *
 * @throws `environment_not_found` (not_found).
 */
export async function requireEnvironment(
  workspace: Workspace,
  idOrName: string,
): Promise<Environment> {
  return environmentIn(await listEnvironments(workspace), idOrName);
}

/**
 * Like {@link requireEnvironment}, of environments that were listed before.
 *
 * @throws `environment_not_found` (not_found).
 */
export function environmentIn(environments: readonly Environment[], idOrName: string): Environment {
  const found = pick(environments, idOrName);
  if (!found) throw environmentNotFound(idOrName);
  return found;
}

/** The environment of a name, as a query gives it: an id is none. */
export async function findEnvironment(
  workspace: Workspace,
  name: string,
): Promise<Environment | undefined> {
  const environments = await listEnvironments(workspace);
  return environments.find((each) => each.name === canonicalName(name));
}

/** Why a file has no version in an environment: none is deployed there, or there is no such one. */
export async function whyNotDeployed(workspace: Workspace, name: string): Promise<Error> {
  const environment = await findEnvironment(workspace, name);
  return environment ? nothingDeployed(name) : environmentNotFound(name);
}

/**
 * A spec whose links name environments by their ids alone, so that a version is the same whether a
 * request names an environment by its id or by its name. An unknown name stays as it is.
 *
 * @param spec of a request, checked against its schema.
 */
export async function withEnvironmentIds(
  workspace: Workspace,
  kind: FileKind,
  spec: Fields,
): Promise<Fields> {
  const named = kind
    .links(spec)
    .filter(({ environmentId: id }) => id !== undefined && !isNewId('env', id));
  if (named.length === 0) return spec;
  const environments = await listEnvironments(workspace);
  const found = named.flatMap(({ environmentId = '', loc }) => {
    const environment = pick(environments, environmentId);
    return environment ? [{ loc: [...loc, 'environment_id'], value: environment.id }] : [];
  });
  return withMembers(spec, found);
}

/** One that has the text as its id goes before one that has it as its name. */
function pick(environments: readonly Environment[], idOrName: string): Environment | undefined {
  const sought = canonicalName(idOrName);
  return (
    environments.find(({ id }) => id === idOrName) ??
    environments.find(({ name }) => name === sought)
  );
}
