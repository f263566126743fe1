import type { Database } from '../../database/database.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import { findFirstOwner, type Owner } from './organization-queries.ts';

/**
 * The owner of the first organization, for whom the CLI commands act.
 *
 * @throws Error when no server has been started on this database yet.
 */
export async function firstOwner(database: Database): Promise<Owner> {
  const owner = await findFirstOwner(database);
  if (!owner) throw new Error('There is no organization yet. Start the server once to create it.');
  return owner;
}

/** The workspace of the first owner; see {@link firstOwner}. */
export async function firstWorkspace(database: Database): Promise<Workspace> {
  const { organizationId, memberId } = await firstOwner(database);
  return openWorkspace(database, organizationId, memberId);
}
