import { sql } from 'kysely';
import { advisoryLocks } from '../database/advisory-locks.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Workspace } from '../database/workspace.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';

/** The organization and the member that a key belongs to. */
export interface KeyOwner {
  readonly organizationId: string;
  readonly memberId: string;
  readonly keyId: string;
}

/**
 * Finds the owner of the key with this hash; undefined when the key is unknown, revoked or expired.
 * Looks across organizations, because the key determines the organization.
 */
export async function findKeyOwner({ db }: Database, hash: Buffer): Promise<KeyOwner | undefined> {
  const row = await db
    .selectFrom('api_key')
    .select(['organization_id', 'member_id', 'id'])
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .where(({ eb, or, fn }) =>
      or([eb('expires_at', 'is', null), eb('expires_at', '>', fn<string>('now'))]),
    )
    .executeTakeFirst();
  return row && { organizationId: row.organization_id, memberId: row.member_id, keyId: row.id };
}

/** A member whose keys are managed. */
export interface Owner {
  readonly organizationId: string;
  readonly memberId: string;
}

/** The first organization and its first member; undefined in an empty database. */
export async function findFirstOwner({ db }: Database): Promise<Owner | undefined> {
  return db
    .selectFrom('member')
    .innerJoin('organization', 'organization.id', 'member.organization_id')
    .select(['member.organization_id as organizationId', 'member.id as memberId'])
    .orderBy('organization.id')
    .orderBy('member.id')
    .limit(1)
    .executeTakeFirst();
}

/**
 * Takes a lock that one starting server holds at a time, until its transaction ends: when two start
 * together on an empty database, the second one finds the rows that the first one inserted.
 */
export async function waitForOtherStarts({ db }: Pick<Database, 'db'>): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${advisoryLocks.firstStart})`.execute(db);
}

/** Inserts an organization with its owner, its three environments and its root directory. */
export async function insertOrganization({ db }: Pick<Database, 'db'>): Promise<Owner> {
  const owner = { organizationId: newId('org'), memberId: newId('usr') };
  const { organizationId: organization_id, memberId } = owner;
  await db
    .insertInto('organization')
    .values({ id: organization_id, name: 'My organization' })
    .execute();
  await db
    .insertInto('member')
    .values({
      organization_id,
      id: memberId,
      email_address: 'owner@localhost',
      full_name: 'Owner',
    })
    .execute();
  await db
    .insertInto('environment')
    .values(
      (['production', 'staging', 'development'] as const).map((name) => ({
        organization_id,
        id: newId('env'),
        name,
        tag: name === 'production' ? ('default' as const) : ('other' as const),
      })),
    )
    .execute();
  await db
    .insertInto('directory')
    .values({ organization_id, id: newId('dir'), name: '', path: '', parent_id: null })
    .execute();
  return owner;
}

/** Stores a key. A hash that is stored already keeps its row; only a revocation is undone. */
export async function insertApiKey(
  { db }: Pick<Database, 'db'>,
  key: Omit<Tables['api_key'], 'created_at' | 'revoked_at'>,
): Promise<void> {
  await db
    .insertInto('api_key')
    .values({ ...key, revoked_at: null })
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ revoked_at: null }))
    .execute();
}

/** Revokes all keys that came from the environment, except the one with this hash. */
export async function revokeOtherEnvironmentKeys(
  { db }: Pick<Database, 'db'>,
  organizationId: string,
  hash: Buffer,
): Promise<void> {
  await db
    .updateTable('api_key')
    .set(({ fn }) => ({ revoked_at: fn<string>('now') }))
    .where('organization_id', '=', organizationId)
    .where('origin', '=', 'environment')
    .where('hash', '!=', hash)
    .where('revoked_at', 'is', null)
    .execute();
}

/** A key as it is stored. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly hash: Buffer;
  /** The first characters of the key, and `…`. */
  readonly hint: string;
  /** `environment`: `LOOPWRIGHT_API_KEY` set it. */
  readonly origin: 'made' | 'environment';
  readonly created_at: Timestamp;
  readonly expires_at: Timestamp | null;
  readonly revoked_at: Timestamp | null;
  readonly state: 'usable' | 'expired' | 'revoked';
}

/** The keys of an organization: usable ones first, then the newest first. */
export async function selectApiKeys({ db, organizationId }: Workspace): Promise<StoredKey[]> {
  const state = sql<StoredKey['state']>`CASE WHEN revoked_at IS NOT NULL THEN 'revoked'
    WHEN expires_at <= now() THEN 'expired' ELSE 'usable' END`;
  return db
    .selectFrom('api_key')
    .select(['id', 'name', 'hash', 'hint', 'origin', 'created_at', 'expires_at', 'revoked_at'])
    .select(state.as('state'))
    .where('organization_id', '=', organizationId)
    .orderBy(sql`${state} = 'usable'`, 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Revokes a key; false when it was revoked already. */
export async function updateRevoked(
  { db, organizationId }: Workspace,
  id: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('api_key')
    .set(({ fn }) => ({ revoked_at: fn<string>('now') }))
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
