import type { Database } from '../database/database.ts';
import { openWorkspace, readingWorkspace, type Workspace } from '../database/workspace.ts';
import { PlatformError } from '../kernel/errors.ts';
import { findKeyOwner } from './account-queries.ts';
import { hashApiKey } from './api-key.ts';

/** The member who makes a request, and their part of the database. */
export interface Caller {
  readonly workspace: Workspace;
  readonly keyId: string;
  /** The same caller, for a request that only reads; its queries end when the client has gone. */
  reading(gone: AbortSignal): Caller;
}

/**
 * Finds the caller of a request by its key.
 *
 * @param tryKey is called before the database is asked for a key that has not been right before. It
 *   throws to refuse that; the function that it returns is called when the key is right.
 */
export type Authenticate = (
  apiKey: string | undefined,
  tryKey?: () => () => void,
) => Promise<Caller>;

/** Milliseconds that a found key is cached: a revocation takes effect at most that late. */
const cacheMs = 1_000;
const cacheSize = 10_000;

/**
 * Makes the function that turns API keys into callers.
 *
 * That function throws `unauthenticated` (401) for a key that is missing, unknown, revoked or
 * expired; the error does not say which.
 */
export function createAuthenticate(database: Database): Authenticate {
  const found = new Map<string, { readonly caller: Caller; readonly until: number }>();
  const right = new Set<string>();
  return async (apiKey, tryKey) => {
    if (!apiKey) {
      throw unauthenticated('An API key is required. Send it in the header X-API-KEY.');
    }
    const hash = hashApiKey(apiKey);
    const cacheKey = hash.toString('base64');
    const cached = found.get(cacheKey);
    if (cached && cached.until > performance.now()) return cached.caller;
    found.delete(cacheKey);
    const noteRight = right.has(cacheKey) ? undefined : tryKey?.();
    const owner = await findKeyOwner(database, hash);
    if (!owner) right.delete(cacheKey);
    if (!owner) throw unauthenticated('This API key is not valid.');
    noteRight?.();
    if (right.size >= cacheSize) right.clear();
    right.add(cacheKey);
    const workspace = openWorkspace(database, owner.organizationId, owner.memberId);
    const caller: Caller = {
      workspace,
      keyId: owner.keyId,
      reading: (gone) => ({ ...caller, workspace: readingWorkspace(database, workspace, gone) }),
    };
    if (found.size >= cacheSize) found.clear();
    found.set(cacheKey, { caller, until: performance.now() + cacheMs });
    return caller;
  };
}

function unauthenticated(message: string): PlatformError {
  return new PlatformError('unauthenticated', 'unauthenticated', message);
}
