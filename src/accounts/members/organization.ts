import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { roleAboveYours } from '../errors.ts';
import { deleteAllRows } from './delete-organization-queries.ts';
import {
  lockOrganization,
  type Organization,
  renameOrganization,
  selectOrganization,
} from './member-queries.ts';
import type { Acting } from './members.ts';

export const readOrganization = selectOrganization;

/** Gives the organization another name. */
export async function rename(workspace: Workspace, name: string): Promise<Organization> {
  await renameOrganization(workspace, name);
  return selectOrganization(workspace);
}

/**
 * Deletes an organization with all that it has: members, keys, files, logs. Runs under way find nothing
 * to write to, and end.
 *
 * @param typed its name, as whoever asks for it has typed it.
 * @throws `role_above_yours` (forbidden) for whoever is no owner; `invalid` for another name.
 */
export async function deleteOrganization(
  { workspace, role }: Acting,
  typed: string,
): Promise<void> {
  if (role !== 'owner') throw roleAboveYours();
  await inTransaction(workspace, async (workspace) => {
    await lockOrganization(workspace);
    const { name } = await selectOrganization(workspace);
    if (typed !== name) {
      throw invalid(['query', 'name'], 'This is not the name of the organization.');
    }
    await deleteAllRows(workspace);
  });
}
