import type { EnvironmentChange, EnvironmentRequest } from '../contract/environments.ts';
import { inTransaction, type Workspace } from '../database/workspace.ts';
import { invalid } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import {
  deleteEnvironmentRow,
  insertEnvironment,
  lockEnvironments,
  makeDefault,
  selectEnvironments,
  type UsedEnvironment,
  updateEnvironment,
} from './environment-queries.ts';
import {
  environmentInUse,
  environmentIsDefault,
  environmentNameTaken,
  environmentNotFound,
} from './errors.ts';
import { soughtName } from './name.ts';

/** The environments of the organization, oldest first. */
export const listUsedEnvironments = (workspace: Workspace) => selectEnvironments(workspace);

/** @throws `environment_name_taken` (conflict); `invalid` for a name that cannot be. */
export async function createEnvironment(
  workspace: Workspace,
  { name: given, deployers }: EnvironmentRequest,
): Promise<UsedEnvironment> {
  const name = checkedName(given);
  const id = newId('env');
  return inTransaction(workspace, async (workspace) => {
    const environment = { id, name, deployers: deployers ?? 'editors' } as const;
    if (!(await insertEnvironment(workspace, environment))) throw environmentNameTaken(name);
    return required(workspace, id);
  });
}

/**
 * Changes an environment. Logs keep the name that it had.
 *
 * @throws `environment_not_found`; `environment_name_taken` (conflict); `invalid`.
 */
export async function changeEnvironment(
  workspace: Workspace,
  id: string,
  { name: given, deployers, tag }: EnvironmentChange,
): Promise<UsedEnvironment> {
  const name = given ? checkedName(given) : undefined;
  return inTransaction(workspace, async (workspace) => {
    await lockEnvironments(workspace);
    await required(workspace, id);
    if (tag) await makeDefault(workspace, id);
    const changes = { ...(name ? { name } : {}), ...(deployers ? { deployers } : {}) };
    if (!(await updateEnvironment(workspace, id, changes))) throw environmentNameTaken(name ?? '');
    return required(workspace, id);
  });
}

/**
 * Deletes an environment. Logs keep its name.
 *
 * @param force also when files are deployed to it: their deployments there, and the monitoring that
 *   follows it, end.
 * @throws `environment_not_found`; `environment_is_default`, `environment_in_use` (conflict).
 */
export async function deleteEnvironment(
  workspace: Workspace,
  id: string,
  { force }: { readonly force: boolean },
): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    await lockEnvironments(workspace);
    const { name, tag, deployments_count: count } = await required(workspace, id);
    if (tag === 'default') throw environmentIsDefault(name);
    if (count > 0 && !force) throw environmentInUse(name, count);
    await deleteEnvironmentRow(workspace, id);
  });
}

async function required(workspace: Workspace, id: string): Promise<UsedEnvironment> {
  const [environment] = await selectEnvironments(workspace, id);
  if (!environment) throw environmentNotFound(id);
  return environment;
}

const longestName = 64;

function checkedName(given: string): string {
  const name = soughtName(given, ['body', 'name']);
  if (name === '') throw invalid(['body', 'name'], 'The name is empty.');
  if ([...name].length > longestName) {
    throw invalid(['body', 'name'], `A name may have ${longestName} characters at most.`);
  }
  return name;
}
