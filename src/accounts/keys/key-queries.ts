import { type Insertable, sql } from 'kysely';
import type { Role, Scope } from '../../contract/accounts.ts';
import type { Database } from '../../database/database.ts';
import type { SetBy } from '../../database/set-by.ts';
import type { Tables } from '../../database/tables.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';

/** A key as it is stored. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly hash: Buffer;
  /** The first characters of the key, and `…`. */
  readonly hint: string;
  readonly scopes: readonly Scope[];
  readonly member: NonNullable<SetBy>;
  /** `environment`: `LOOPWRIGHT_API_KEY` set it. */
  readonly origin: 'made' | 'environment';
  readonly created_at: Timestamp;
  /** Null: the server made it, or a command of its operator. */
  readonly created_by: SetBy;
  readonly last_used_at: Timestamp | null;
  readonly expires_at: Timestamp | null;
  readonly revoked_at: Timestamp | null;
  readonly state: 'usable' | 'expired' | 'revoked';
}

const state = sql<StoredKey['state']>`CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked'
  WHEN k.expires_at <= now() THEN 'expired' ELSE 'usable' END`;

const person = (alias: string) => sql<NonNullable<SetBy>>`json_build_object(
  'id', ${sql.ref(`${alias}.id`)}, 'email_address', ${sql.ref(`${alias}.email_address`)},
  'full_name', ${sql.ref(`${alias}.full_name`)})`;

/**
 * The keys of an organization: usable ones first, then the newest first.
 *
 * @param only the id of a key, or of the member whose keys to list.
 */
export async function selectApiKeys(
  { db, organizationId }: Workspace,
  only: { readonly id?: string; readonly memberId?: string } = {},
): Promise<StoredKey[]> {
  const { id, memberId } = only;
  return db
    .selectFrom('api_key as k')
    .innerJoin('member as m', (join) =>
      join.onRef('m.organization_id', '=', 'k.organization_id').onRef('m.id', '=', 'k.member_id'),
    )
    .leftJoin('member as c', (join) =>
      join.onRef('c.organization_id', '=', 'k.organization_id').onRef('c.id', '=', 'k.created_by'),
    )
    .select(['k.id', 'k.name', 'k.hash', 'k.hint', 'k.scopes', 'k.origin', 'k.created_at'])
    .select(['k.last_used_at', 'k.expires_at', 'k.revoked_at', state.as('state')])
    .select([
      person('m').as('member'),
      sql<SetBy>`CASE WHEN c.id IS NOT NULL THEN ${person('c')} END`.as('created_by'),
    ])
    .where('k.organization_id', '=', organizationId)
    .$if(id !== undefined, (query) => query.where('k.id', '=', id ?? ''))
    .$if(memberId !== undefined, (query) => query.where('k.member_id', '=', memberId ?? ''))
    .orderBy(sql`${state} = 'usable'`, 'desc')
    .orderBy('k.id', 'desc')
    .execute();
}

/** A key and the role of its member, locked for a change until the transaction ends. */
export interface LockedKey
  extends Pick<StoredKey, 'id' | 'name' | 'scopes' | 'expires_at' | 'state'> {
  readonly firstId: string;
  readonly memberId: string;
  readonly role: Role;
}

export async function lockApiKey(
  { db, organizationId }: Workspace,
  id: string,
): Promise<LockedKey | undefined> {
  return db
    .selectFrom('api_key as k')
    .innerJoin('member as m', (join) =>
      join.onRef('m.organization_id', '=', 'k.organization_id').onRef('m.id', '=', 'k.member_id'),
    )
    .select(['k.id', 'k.name', 'k.scopes', 'k.expires_at', 'k.member_id as memberId', 'm.role'])
    .select(({ fn }) => [fn.coalesce('k.first_id', 'k.id').as('firstId'), state.as('state')])
    .where('k.organization_id', '=', organizationId)
    .where('k.id', '=', id)
    .forNoKeyUpdate('k')
    .executeTakeFirst();
}

/** Stores a key. A hash that is stored already keeps its row; only a revocation is undone. */
export async function insertApiKey(
  { db }: Pick<Database, 'db'>,
  key: Insertable<Tables['api_key']>,
): Promise<void> {
  await db
    .insertInto('api_key')
    .values(key)
    .onConflict((conflict) => conflict.column('hash').doUpdateSet({ revoked_at: null }))
    .execute();
}

/** Changes a key. */
export async function updateApiKey(
  { db, organizationId }: Workspace,
  id: string,
  changes: { readonly name?: string; readonly expires_at?: Timestamp },
): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  await db
    .updateTable('api_key')
    .set(changes)
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
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

/** Revokes all keys of a member. */
export async function revokeKeysOf(
  { db, organizationId }: Workspace,
  memberId: string,
): Promise<void> {
  await db
    .updateTable('api_key')
    .set(({ fn }) => ({ revoked_at: fn<string>('now') }))
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .where('revoked_at', 'is', null)
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
