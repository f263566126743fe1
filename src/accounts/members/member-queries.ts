import { sql } from 'kysely';
import type { Role } from '../../contract/accounts.ts';
import { isDuplicate } from '../../database/violations.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';

export type Appearance = 'system' | 'light' | 'dark';

/** A member as it is stored, without the password. */
export interface Member {
  readonly id: string;
  readonly email_address: string;
  readonly full_name: string | null;
  readonly role: Role;
  readonly status: 'system' | 'invited' | 'imported' | 'active' | 'removed';
  readonly appearance: Appearance | null;
  readonly last_seen_at: Timestamp | null;
  readonly created_at: Timestamp;
}

const columns = [
  'id',
  'email_address',
  'full_name',
  'role',
  'status',
  'appearance',
  'last_seen_at',
  'created_at',
] as const satisfies readonly (keyof Member)[];

/** The people of an organization, oldest first. Those who were removed come too. */
export async function selectMembers({ db, organizationId }: Workspace): Promise<Member[]> {
  return db
    .selectFrom('member')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('status', '<>', 'system')
    .orderBy('id')
    .execute();
}

export async function findMember(
  { db, organizationId }: Workspace,
  id: string,
): Promise<Member | undefined> {
  return db
    .selectFrom('member')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Locks a member until the transaction ends. */
export async function lockMember(
  { db, organizationId }: Workspace,
  id: string,
): Promise<Member | undefined> {
  return db
    .selectFrom('member')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
}

/** Locks the owners who can sign in, in the order of their ids. @returns their ids. */
export async function lockOwners({ db, organizationId }: Workspace): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('member')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'owner')
    .where('status', '=', 'active')
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map(({ id }) => id);
}

/** Whether an organization has an owner who can sign in. */
export async function hasOwner({ db, organizationId }: Workspace): Promise<boolean> {
  const row = await db
    .selectFrom('member')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('role', '=', 'owner')
    .where('status', '=', 'active')
    .executeTakeFirst();
  return row !== undefined;
}

/** What may be written of a member. */
export interface MemberChange {
  readonly email_address?: string;
  readonly full_name?: string | null;
  readonly role?: Role;
  readonly status?: Member['status'];
  readonly password?: string | null;
  readonly appearance?: Appearance | null;
}

/** @returns false when another account has the email address. */
export async function insertMember(
  { db, organizationId }: Workspace,
  id: string,
  member: MemberChange & { readonly email_address: string },
): Promise<boolean> {
  return isWritten(async () => {
    await db
      .insertInto('member')
      .values({ full_name: null, ...member, organization_id: organizationId, id })
      .execute();
  });
}

/** @returns false when another account has the email address. */
export async function updateMember(
  { db, organizationId }: Workspace,
  id: string,
  changes: MemberChange,
): Promise<boolean> {
  if (Object.keys(changes).length === 0) return true;
  return isWritten(async () => {
    await db
      .updateTable('member')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .execute();
  });
}

/** Deletes a member whom nothing names yet. */
export async function deleteMember({ db, organizationId }: Workspace, id: string): Promise<void> {
  await db
    .deleteFrom('member')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

async function isWritten(write: () => Promise<void>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isDuplicate(error, 'member_email_key') || isDuplicate(error, 'member_sign_in_key')) {
      return false;
    }
    throw error;
  }
}

/** Whether an account of another organization signs in with an email address. */
export async function isTakenElsewhere(
  { db, organizationId }: Workspace,
  emailAddress: string,
): Promise<boolean> {
  const row = await db
    .selectFrom('member')
    .select('id')
    .where(sql<boolean>`lower(email_address) = lower(${emailAddress})`)
    .where('password', 'is not', null)
    .where('organization_id', '<>', organizationId)
    .executeTakeFirst();
  return row !== undefined;
}

/** The stored password of a member; null when they have none. */
export async function findPassword(
  { db, organizationId }: Workspace,
  id: string,
): Promise<string | null> {
  const row = await db
    .selectFrom('member')
    .select('password')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.password ?? null;
}

/** The name of an organization, and when it was made. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly created_at: Timestamp;
}

export async function selectOrganization({ db, organizationId }: Workspace): Promise<Organization> {
  return db
    .selectFrom('organization')
    .select(['id', 'name', 'created_at'])
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
}

/** Locks the organization until the transaction ends. */
export async function lockOrganization({ db, organizationId }: Workspace): Promise<void> {
  await db
    .selectFrom('organization')
    .select('id')
    .where('id', '=', organizationId)
    .forNoKeyUpdate()
    .execute();
}

export async function renameOrganization(
  { db, organizationId }: Workspace,
  name: string,
): Promise<void> {
  await db.updateTable('organization').set({ name }).where('id', '=', organizationId).execute();
}
