import { sql } from 'kysely';
import type { Role } from '../../contract/accounts.ts';
import type { Database } from '../../database/database.ts';
import type { Tables } from '../../database/tables.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';

export type Purpose = Tables['account_link']['purpose'];

/** What a link is for. */
export interface Link {
  readonly organizationId: string;
  readonly memberId: string | null;
}

/**
 * Stores a link in place of the one that there was for this purpose and member.
 *
 * @returns the id of the link; the one that it replaces had the same.
 */
export async function putLink(
  { db, organizationId }: Workspace,
  link: Pick<Tables['account_link'], 'id' | 'purpose' | 'member_id' | 'hash' | 'expires_at'>,
): Promise<string> {
  const { id } = await db
    .insertInto('account_link')
    .values({ ...link, organization_id: organizationId })
    .onConflict((conflict) =>
      conflict.constraint('account_link_purpose_key').doUpdateSet({
        hash: link.hash,
        expires_at: link.expires_at,
        created_at: sql<string>`now()`,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/**
 * Takes a link: it works once, and of two requests at once for one of them. Looks across
 * organizations, because only the link tells which one it is.
 */
export async function takeLink(
  { db }: Pick<Database, 'db'>,
  purpose: Purpose,
  hash: Buffer,
): Promise<Link | undefined> {
  return db
    .deleteFrom('account_link')
    .where('hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('expires_at', '>', sql<string>`now()`)
    .returning(['organization_id as organizationId', 'member_id as memberId'])
    .executeTakeFirst();
}

/** Like {@link takeLink}, but the link stays. */
export async function findLink(
  { db }: Pick<Database, 'db'>,
  purpose: Purpose,
  hash: Buffer,
): Promise<(Link & { readonly expiresAt: Timestamp }) | undefined> {
  return db
    .selectFrom('account_link')
    .select(['organization_id as organizationId', 'member_id as memberId'])
    .select('expires_at as expiresAt')
    .where('hash', '=', hash)
    .where('purpose', '=', purpose)
    .where('expires_at', '>', sql<string>`now()`)
    .executeTakeFirst();
}

/** Deletes the links that were made for a member. */
export async function deleteLinksOf(
  { db, organizationId }: Workspace,
  memberId: string,
): Promise<void> {
  await db
    .deleteFrom('account_link')
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .execute();
}

/** Deletes the link to set an organization up. */
export async function deleteSetupLink({ db, organizationId }: Workspace): Promise<void> {
  await db
    .deleteFrom('account_link')
    .where('organization_id', '=', organizationId)
    .where('purpose', '=', 'setup')
    .execute();
}

/** An invitation that was not accepted yet; it may have expired. */
export interface Invitation {
  readonly id: string;
  readonly member_id: string;
  readonly email_address: string;
  readonly role: Role;
  readonly created_at: Timestamp;
  readonly expires_at: Timestamp;
}

/** The invitations of an organization, oldest first. @param id only this one. */
export async function selectInvitations(
  { db, organizationId }: Workspace,
  id?: string,
): Promise<Invitation[]> {
  return db
    .selectFrom('account_link as l')
    .innerJoin('member as m', (join) =>
      join.onRef('m.organization_id', '=', 'l.organization_id').onRef('m.id', '=', 'l.member_id'),
    )
    .select(['l.id', 'm.id as member_id', 'm.email_address', 'm.role'])
    .select(['l.created_at', 'l.expires_at'])
    .where('l.organization_id', '=', organizationId)
    .where('l.purpose', '=', 'invitation')
    .$if(id !== undefined, (query) => query.where('l.id', '=', id ?? ''))
    .orderBy('l.id')
    .execute();
}
