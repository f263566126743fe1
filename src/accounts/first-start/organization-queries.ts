import { sql } from 'kysely';
import { advisoryLocks } from '../../database/advisory-locks.ts';
import type { Database } from '../../database/database.ts';
import { newId } from '../../kernel/ids.ts';

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

/**
 * Inserts an organization with its three environments, its root directory and a member for the keys
 * that servers make.
 */
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
      status: 'system',
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
