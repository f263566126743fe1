import type { Database } from '../../database/database.ts';
import { openWorkspace, type Workspace } from '../../database/workspace.ts';
import { hashApiKey, newApiKey } from '../keys/api-key.ts';
import { revokeOtherEnvironmentKeys } from '../keys/key-queries.ts';
import { keepApiKey } from '../keys/operator-keys.ts';
import { findFirstOwner, insertOrganization, waitForOtherStarts } from './organization-queries.ts';

/** What a server start found or created. */
export interface Bootstrap {
  readonly organizationId: string;
  readonly memberId: string;
  /** True when the database was empty. */
  readonly isFirstStart: boolean;
  /** The key that was created now. Show it at once: only its hash is stored. */
  readonly madeKey: string | undefined;
}

/**
 * Makes sure that the database has an organization with an owner, three environments, a root
 * directory and a key.
 *
 * A key from the environment is accepted from now on, and the one that the environment gave before
 * is revoked. Without one, the first start creates a key.
 *
 * @param fill puts files into a new organization, in the transaction that makes it.
 */
export async function bootstrap(
  database: Database,
  environmentKey: string | undefined,
  fill: (workspace: Workspace) => Promise<void> = async () => undefined,
): Promise<Bootstrap> {
  return database.db.transaction().execute(async (db) => {
    const within = { ...database, db };
    await waitForOtherStarts(within);
    const found = await findFirstOwner(within);
    const owner = found ?? (await insertOrganization(within));
    if (!found) await fill(openWorkspace(within, owner.organizationId, owner.memberId));
    if (environmentKey !== undefined) {
      await keepApiKey(within, owner, environmentKey, 'environment');
      await revokeOtherEnvironmentKeys(within, owner.organizationId, hashApiKey(environmentKey));
    }
    const madeKey = found || environmentKey !== undefined ? undefined : newApiKey();
    if (madeKey !== undefined) await keepApiKey(within, owner, madeKey, 'made');
    return { ...owner, isFirstStart: !found, madeKey };
  });
}
