import type { Workspace } from '../database/workspace.ts';
import { isNewId } from '../kernel/ids.ts';
import { listEnvironments } from './deployment-queries.ts';
import { environmentNotFound, nothingDeployed } from './errors.ts';
import type { Environment } from './file-version.ts';
import type { Fields, FileKind } from './kind.ts';
import { canonicalName } from './name.ts';
import { withMembers } from './spec-members.ts';

/**
 * The environment with an id or a name.
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
 * Like {@link requireEnvironment}, among environments that were listed already.
 *
 * @throws `environment_not_found` (not_found).
 */
export function environmentIn(environments: readonly Environment[], idOrName: string): Environment {
  const found = pick(environments, idOrName);
  if (!found) throw environmentNotFound(idOrName);
  return found;
}

/** The environment with a name from a query. Ids are not accepted. */
export async function findEnvironment(
  workspace: Workspace,
  name: string,
): Promise<Environment | undefined> {
  const environments = await listEnvironments(workspace);
  return environments.find((each) => each.name === canonicalName(name));
}

/**
 * The error for a file without a version in an environment: `nothing_deployed`, or
 * `environment_not_found` if the environment does not exist.
 */
export async function whyNotDeployed(workspace: Workspace, name: string): Promise<Error> {
  const environment = await findEnvironment(workspace, name);
  return environment ? nothingDeployed(name) : environmentNotFound(name);
}

/**
 * Makes the links of a spec name environments by id, so that a version is the same whether a
 * request names an environment by id or by name. An unknown name is left as it is.
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

/** Ids win over names: a name may look like an id. */
function pick(environments: readonly Environment[], idOrName: string): Environment | undefined {
  const sought = canonicalName(idOrName);
  return (
    environments.find(({ id }) => id === idOrName) ??
    environments.find(({ name }) => name === sought)
  );
}
