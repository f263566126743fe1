import type { Database } from '../database/database.ts';
import { newId } from '../kernel/ids.ts';
import { findFirstOwner, type Owner, revokeOtherEnvironmentKeys } from './account-queries.ts';
import { hashApiKey, newApiKey } from './api-key.ts';
import { keepApiKey } from './api-keys.ts';

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
 * An arbitrary number, the same in every server: of two that start together, one creates the rows.
 */
const advisoryLock = 5_005_007;

/**
 * Makes sure that the database has an organization with an owner, three environments, a root
 * directory and a key.
 *
 * A key from the environment is accepted from now on, and the one that the environment gave before
 * is revoked. Without one, the first start creates a key.
 */
export async function bootstrap(
  database: Database,
  environmentKey: string | undefined,
): Promise<Bootstrap> {
  return database.db.transaction().execute(async (db) => {
    await db
      .selectNoFrom(({ fn, val }) => fn('pg_advisory_xact_lock', [val(advisoryLock)]).as('lock'))
      .execute();
    const within = { ...database, db };
    const found = await findFirstOwner(within);
    const owner = found ?? (await createOrganization(within));
    if (environmentKey !== undefined) {
      await keepApiKey(within, owner, environmentKey, 'environment');
      await revokeOtherEnvironmentKeys(within, owner.organizationId, hashApiKey(environmentKey));
    }
    const madeKey = found || environmentKey !== undefined ? undefined : newApiKey();
    if (madeKey !== undefined) await keepApiKey(within, owner, madeKey, 'made');
    return { ...owner, isFirstStart: !found, madeKey };
  });
}

async function createOrganization({ db }: Pick<Database, 'db'>): Promise<Owner> {
  const organizationId = newId('org');
  const memberId = newId('usr');
  await db
    .insertInto('organization')
    .values({ id: organizationId, name: 'My organization' })
    .execute();
  await db
    .insertInto('member')
    .values({
      organization_id: organizationId,
      id: memberId,
      email_address: 'owner@localhost',
      full_name: 'Owner',
    })
    .execute();
  await db
    .insertInto('environment')
    .values(
      (['production', 'staging', 'development'] as const).map((name) => ({
        organization_id: organizationId,
        id: newId('env'),
        name,
        tag: name === 'production' ? ('default' as const) : ('other' as const),
      })),
    )
    .execute();
  await db
    .insertInto('directory')
    .values({
      organization_id: organizationId,
      id: newId('dir'),
      name: '',
      path: '',
      parent_id: null,
    })
    .execute();
  return { organizationId, memberId };
}
