import type { Workspace } from '../database/workspace.ts';
import { isNewId } from '../kernel/ids.ts';
import { findEnvironment } from './deployment-queries.ts';
import { environmentNotFound } from './errors.ts';
import type { Environment } from './file-queries.ts';
import type { FileKind } from './kind.ts';

type Spec = Readonly<Record<string, unknown>>;

/**
 * The environment that a request means by its id or its name.
 *
 * @throws `environment_not_found` (not_found).
 */
export async function requireEnvironment(
  workspace: Workspace,
  idOrName: string,
): Promise<Environment> {
  const found = await findEnvironment(workspace, idOrName);
  if (!found) throw environmentNotFound(idOrName);
  return found;
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
  spec: Spec,
): Promise<Spec> {
  const named = kind
    .links(spec as never)
    .filter(({ environmentId: id }) => id !== undefined && !isNewId('env', id));
  if (named.length === 0) return spec;
  const result = structuredClone(spec);
  for (const { environmentId = '', loc } of named) {
    const environment = await findEnvironment(workspace, environmentId);
    if (environment) memberAt(result, loc)['environment_id'] = environment.id;
  }
  return result;
}

function memberAt(value: unknown, loc: readonly (string | number)[]): Record<string, unknown> {
  return loc.reduce((member, key) => (member as Record<string, unknown>)[key], value) as Record<
    string,
    unknown
  >;
}
