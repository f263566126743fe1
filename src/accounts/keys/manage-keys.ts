import type { ApiKeyChange, ApiKeyRequest } from '../../contract/api-keys.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { readTime } from '../../kernel/moment.ts';
import type { Caller } from '../callers.ts';
import { apiKeyNotFound, insufficientScope, roleAboveYours, unauthenticated } from '../errors.ts';
import { lockMember } from '../members/member-queries.ts';
import { requireActive } from '../members/members.ts';
import { effectiveScopes, isAbove } from '../scopes.ts';
import { apiKeyHint, hashApiKey, newApiKey } from './api-key.ts';
import {
  insertApiKey,
  type LockedKey,
  lockApiKey,
  type StoredKey,
  selectApiKeys,
  updateApiKey,
  updateRevoked,
} from './key-queries.ts';

/** A key that was made now. */
export interface MadeKey {
  readonly stored: StoredKey;
  /** The key itself. Show it at once: only its hash is stored. */
  readonly key: string;
}

/** The keys that a caller may see: with `admin` all of the organization, otherwise their own. */
export async function listKeys({ workspace, scopes }: Caller): Promise<readonly StoredKey[]> {
  return selectApiKeys(workspace, scopes.has('admin') ? {} : { memberId: ownId(workspace) });
}

/**
 * Makes a key. A key never makes one that may do more than itself, or that expires later.
 *
 * @throws `insufficient_scope`, `role_above_yours` (forbidden); `member_not_found`; `invalid`.
 */
export async function createKey(caller: Caller, request: ApiKeyRequest): Promise<MadeKey> {
  const scopes = request.scopes ?? ['run', 'read', 'write'];
  requireAll(caller, scopes);
  const wanted = expiryOf(request);
  return inTransaction(caller.workspace, async (workspace) => {
    const memberId = request.member_id ?? ownId(workspace);
    if (memberId !== workspace.memberId) {
      if (!caller.scopes.has('admin')) throw insufficientScope('admin');
      const { role } = requireActive(await lockMember(workspace, memberId), memberId);
      if (isAbove(role, caller.role)) throw roleAboveYours();
    }
    const most = await expiryOfCaller(workspace, caller);
    if (wanted !== null && most !== null && wanted > most) {
      throw invalid(
        ['body', request.expires_at ? 'expires_at' : 'expires_in_days'],
        'A key that is made with a key cannot expire later than that.',
      );
    }
    return insert(workspace, { name: request.name, scopes, memberId, expiresAt: wanted ?? most });
  });
}

/**
 * Changes the name of a key, or makes it expire earlier.
 *
 * @throws `api_key_not_found`; `insufficient_scope`, `role_above_yours`; `invalid`.
 */
export async function changeKey(
  caller: Caller,
  id: string,
  change: ApiKeyChange,
): Promise<StoredKey> {
  return inTransaction(caller.workspace, async (workspace) => {
    const key = await lockManaged(workspace, caller, id);
    const expiresAt = change.expires_at ? momentOf(change.expires_at) : undefined;
    if (
      expiresAt !== undefined &&
      key.expires_at !== null &&
      expiresAt > new Date(key.expires_at)
    ) {
      throw invalid(['body', 'expires_at'], 'A key can be made to expire earlier, but not later.');
    }
    await updateApiKey(workspace, id, {
      ...(change.name ? { name: change.name } : {}),
      ...(expiresAt ? { expires_at: expiresAt.toISOString() } : {}),
    });
    return stored(workspace, id);
  });
}

/**
 * Revokes a key; one that is revoked stays so. Runs that it began go on.
 *
 * @returns the id that the logs of the key have.
 * @throws `api_key_not_found`; `insufficient_scope`, `role_above_yours`.
 */
export async function revokeKey(caller: Caller, id: string): Promise<string> {
  return inTransaction(caller.workspace, async (workspace) => {
    const { firstId } = await lockManaged(workspace, caller, id);
    await updateRevoked(workspace, id);
    return firstId;
  });
}

/**
 * Makes a key that takes the place of another: with its name, scopes and expiry, and the logs that it
 * made. The other one works for a while longer.
 *
 * @throws `api_key_not_found`; `insufficient_scope`, `role_above_yours`; `invalid` for a key that
 *   does not work any more.
 */
export async function rotateKey(
  caller: Caller,
  id: string,
  overlapHours: number,
): Promise<MadeKey> {
  return inTransaction(caller.workspace, async (workspace) => {
    const key = await lockManaged(workspace, caller, id);
    if (key.state !== 'usable') {
      throw invalid(['path', 'id'], `The key is ${key.state}. Make a new one.`);
    }
    const most = await expiryOfCaller(workspace, caller);
    const own = key.expires_at === null ? null : new Date(key.expires_at);
    const { name, scopes, memberId, firstId } = key;
    const expiresAt = own === null || (most !== null && most < own) ? most : own;
    const made = await insert(workspace, { name, scopes, memberId, firstId, expiresAt });
    const end = new Date(Date.now() + overlapHours * 3_600_000);
    if (overlapHours === 0) await updateRevoked(workspace, id);
    else if (own === null || end < own) {
      await updateApiKey(workspace, id, { expires_at: end.toISOString() });
    }
    return made;
  });
}

/** @throws when it is not there for this caller, or may do more than they. */
async function lockManaged(workspace: Workspace, caller: Caller, id: string): Promise<LockedKey> {
  const key = await lockApiKey(workspace, id);
  const isOwn = key?.memberId === workspace.memberId;
  if (!key || !(isOwn || caller.scopes.has('admin'))) throw apiKeyNotFound(id);
  if (isAbove(key.role, caller.role)) throw roleAboveYours();
  requireAll(caller, [...effectiveScopes(key.scopes, key.role)]);
  return key;
}

function requireAll({ scopes }: Caller, wanted: readonly StoredKey['scopes'][number][]): void {
  const missing = wanted.find((scope) => !scopes.has(scope));
  if (missing) throw insufficientScope(missing);
}

/**
 * When the key of a caller expires; null: never, or it is a session. The key is locked, so that it
 * makes no key while it is being revoked.
 *
 * @throws `unauthenticated` when it was revoked meanwhile.
 */
async function expiryOfCaller(workspace: Workspace, { keyId }: Caller): Promise<Date | null> {
  if (keyId === null) return null;
  const key = await lockApiKey(workspace, keyId);
  if (key?.state !== 'usable') throw unauthenticated('This API key is not valid.');
  return key.expires_at === null ? null : new Date(key.expires_at);
}

async function insert(
  workspace: Workspace,
  {
    name,
    scopes,
    memberId,
    firstId = null,
    expiresAt,
  }: Pick<StoredKey, 'name' | 'scopes'> & {
    readonly memberId: string;
    readonly firstId?: string | null;
    readonly expiresAt: Date | null;
  },
): Promise<MadeKey> {
  const [id, key] = [newId('key'), newApiKey()];
  await insertApiKey(workspace, {
    organization_id: workspace.organizationId,
    id,
    member_id: memberId,
    name,
    hash: hashApiKey(key),
    hint: apiKeyHint(key),
    scopes,
    first_id: firstId,
    created_by: workspace.memberId,
    origin: 'made',
    expires_at: expiresAt?.toISOString() ?? null,
    revoked_at: null,
  });
  return { key, stored: await stored(workspace, id) };
}

async function stored(workspace: Workspace, id: string): Promise<StoredKey> {
  const [key] = await selectApiKeys(workspace, { id });
  if (!key) throw apiKeyNotFound(id);
  return key;
}

function ownId({ memberId }: Workspace): string {
  if (memberId === null) throw new Error('Only members have keys.');
  return memberId;
}

const dayMs = 86_400_000;

/** @returns null: the request does not say. */
function expiryOf({ expires_at: at, expires_in_days: days }: ApiKeyRequest): Date | null {
  if (days && at) {
    throw invalid(['body', 'expires_at'], 'Give `expires_at` or `expires_in_days`, not both.');
  }
  if (days) return new Date(Date.now() + days * dayMs);
  return at ? momentOf(at) : null;
}

/** @throws `invalid` for a moment that is over. */
function momentOf(text: string): Date {
  const moment = new Date(readTime(text)?.first ?? '');
  if (moment.getTime() > Date.now()) return moment;
  throw invalid(['body', 'expires_at'], 'This time is over. To end a key now, revoke it.');
}
