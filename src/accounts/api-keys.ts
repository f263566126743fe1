import type { Database } from '../database/database.ts';
import type { Timestamp } from '../kernel/clock.ts';
import { newId } from '../kernel/ids.ts';
import {
  insertApiKey,
  type Owner,
  type StoredKey,
  selectApiKeys,
  updateRevoked,
} from './account-queries.ts';
import { apiKeyHint, hashApiKey, newApiKey } from './api-key.ts';
import { firstOwner, firstWorkspace } from './first-owner.ts';

/** What is known of a key; the key itself is kept nowhere. */
export type ApiKey = Omit<StoredKey, 'hash'>;

/** What a revocation did. */
export interface Revocation {
  readonly key: ApiKey;
  /** False: it was revoked before. */
  readonly isNew: boolean;
  /** True: `LOOPWRIGHT_API_KEY` gave the key, so a start that still has it accepts it again. */
  readonly mayReturn: boolean;
  /** How many other keys work. */
  readonly usableKeys: number;
}

/**
 * Makes a key of the first organization, for its owner.
 *
 * @param lifetimeMs after which it is refused; without one it does not expire.
 * @returns the key itself, which cannot be read again.
 */
export async function createApiKey(
  database: Database,
  name: string,
  lifetimeMs?: number,
): Promise<string> {
  const owner = await firstOwner(database);
  const key = newApiKey();
  const expiresAt =
    lifetimeMs === undefined ? null : new Date(Date.now() + lifetimeMs).toISOString();
  await keepApiKey(database, owner, key, 'made', { name, expiresAt });
  return key;
}

/** Keeps a key: its hash, and the hint by which people know it again. */
export async function keepApiKey(
  database: Pick<Database, 'db'>,
  owner: Owner,
  key: string,
  origin: ApiKey['origin'],
  { name = 'bootstrap', expiresAt = null }: { name?: string; expiresAt?: Timestamp | null } = {},
): Promise<void> {
  await insertApiKey(database, {
    organization_id: owner.organizationId,
    id: newId('key'),
    member_id: owner.memberId,
    name,
    hash: hashApiKey(key),
    hint: apiKeyHint(key),
    origin,
    expires_at: expiresAt,
  });
}

/** The keys of the first organization: those that work first, and then the newest first. */
export async function listApiKeys(database: Database): Promise<readonly ApiKey[]> {
  const keys = await selectApiKeys(await firstWorkspace(database));
  return keys.map(({ hash, ...key }) => key);
}

/**
 * Revokes a key of the first organization. Servers refuse it within a second; runs that it began go
 * on. A key that is revoked already stays so.
 *
 * @param named its id, its hint, or the key itself.
 * @param environmentKey what `LOOPWRIGHT_API_KEY` says here.
 * @throws Error when no key is meant by this, or several are; it never repeats what was given.
 */
export async function revokeApiKey(
  database: Database,
  named: string,
  environmentKey: string | undefined,
): Promise<Revocation> {
  const workspace = await firstWorkspace(database);
  const keys = await selectApiKeys(workspace);
  const { hash, ...key } = theOne(keys, named);
  const isNew = await updateRevoked(workspace, key.id);
  const isGiven = environmentKey !== undefined && hash.equals(hashApiKey(environmentKey));
  return {
    key,
    isNew,
    mayReturn: isGiven || key.origin === 'environment',
    usableKeys: keys.filter(({ id, state }) => state === 'usable' && id !== key.id).length,
  };
}

function theOne(keys: readonly StoredKey[], named: string): StoredKey {
  const hash = hashApiKey(named);
  const hint = `${named.replace(/(…|\.\.\.)$/, '')}…`;
  const exact = keys.filter((key) => key.id === named || key.hash.equals(hash));
  const [key, ...others] = exact.length > 0 ? exact : keys.filter((key) => key.hint === hint);
  if (!key) {
    throw new Error('No key has this id, hint or text. npm run list-keys shows those there are.');
  }
  if (others.length === 0) return key;
  const ids = [key, ...others].map(({ id }) => id).join(', ');
  throw new Error(`Several keys begin like this; give the id of the one you mean: ${ids}.`);
}
