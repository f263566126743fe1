import type { Scope } from '../../contract/accounts.ts';
import { scopes as allScopes } from '../../contract/accounts.ts';
import type { Database } from '../../database/database.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { firstOwner, firstWorkspace } from '../first-start/first-owner.ts';
import type { Owner } from '../first-start/organization-queries.ts';
import { apiKeyHint, hashApiKey, newApiKey } from './api-key.ts';
import { insertApiKey, type StoredKey, selectApiKeys, updateRevoked } from './key-queries.ts';

// What the commands of a server’s operator do: without a caller, for the first organization.

/** The stored facts about a key. The key itself is not stored. */
export type ApiKey = Omit<StoredKey, 'hash'>;

/** The result of a revocation. */
export interface Revocation {
  readonly key: ApiKey;
  /** False: it had been revoked before. */
  readonly isNew: boolean;
  /**
   * True: the key came from `LOOPWRIGHT_API_KEY`, so a server that starts with that setting accepts
   * it again.
   */
  readonly mayReturn: boolean;
  /** How many other keys are usable. */
  readonly usableKeys: number;
}

/**
 * Makes a key for the owner of the first organization.
 *
 * @param lifetimeMs how long the key is valid; without it the key does not expire.
 * @returns the key itself, which cannot be read again later.
 */
export async function createApiKey(
  database: Database,
  name: string,
  lifetimeMs?: number,
  scopes: readonly Scope[] = allScopes,
): Promise<string> {
  const owner = await firstOwner(database);
  const key = newApiKey();
  const expiresAt =
    lifetimeMs === undefined ? null : new Date(Date.now() + lifetimeMs).toISOString();
  await keepApiKey(database, owner, key, 'made', { name, expiresAt, scopes });
  return key;
}

/** What is said of a new key. */
interface KeyFacts {
  readonly name?: string;
  readonly expiresAt?: Timestamp | null;
  readonly scopes?: readonly Scope[];
}

/** Stores a key: its hash, and the hint by which people recognise it. */
export async function keepApiKey(
  database: Pick<Database, 'db'>,
  owner: Owner,
  key: string,
  origin: ApiKey['origin'],
  { name = 'bootstrap', expiresAt = null, scopes = allScopes }: KeyFacts = {},
): Promise<void> {
  await insertApiKey(database, {
    organization_id: owner.organizationId,
    id: newId('key'),
    member_id: owner.memberId,
    name,
    hash: hashApiKey(key),
    hint: apiKeyHint(key),
    scopes,
    origin,
    expires_at: expiresAt,
    revoked_at: null,
  });
}

/** The keys of the first organization: usable ones first, then the newest first. */
export async function listApiKeys(database: Database): Promise<readonly ApiKey[]> {
  const keys = await selectApiKeys(await firstWorkspace(database));
  return keys.map(({ hash, ...key }) => key);
}

/**
 * Revokes a key of the first organization; a key that is revoked already stays revoked. Servers
 * refuse it within a second, and runs that it started continue.
 *
 * @param named the key's id, its hint, or the key itself.
 * @param environmentKey the value of `LOOPWRIGHT_API_KEY` in this process.
 * @throws Error when no key or several keys match. Its message never repeats what was given.
 */
export async function revokeApiKey(
  database: Database,
  named: string,
  environmentKey: string | undefined,
): Promise<Revocation> {
  const workspace = await firstWorkspace(database);
  const keys = await selectApiKeys(workspace);
  const { hash, ...key } = matchKey(keys, named);
  const isNew = await updateRevoked(workspace, key.id);
  const isGiven = environmentKey !== undefined && hash.equals(hashApiKey(environmentKey));
  return {
    key,
    isNew,
    mayReturn: isGiven || key.origin === 'environment',
    usableKeys: keys.filter(({ id, state }) => state === 'usable' && id !== key.id).length,
  };
}

function matchKey(keys: readonly StoredKey[], named: string): StoredKey {
  const hash = hashApiKey(named);
  const hint = `${named.replace(/(…|\.\.\.)$/, '')}…`;
  const exact = keys.filter((key) => key.id === named || key.hash.equals(hash));
  const [key, ...others] = exact.length > 0 ? exact : keys.filter((key) => key.hint === hint);
  if (!key) {
    throw new Error(
      'No API key has this id, hint or text. To see all keys, use npm run list-keys.',
    );
  }
  if (others.length === 0) return key;
  const ids = [key, ...others].map(({ id }) => id).join(', ');
  throw new Error(`Several API keys begin like this. Give the id of one of them: ${ids}.`);
}
