import { createHash } from 'node:crypto';
import type { Role, Scope } from '../contract/accounts.ts';
import type { Database } from '../database/database.ts';
import { openWorkspace, readingWorkspace, type Workspace } from '../database/workspace.ts';
import { findUsableKey, findUsableSession } from './caller-queries.ts';
import { unauthenticated } from './errors.ts';
import type { LastUses } from './last-uses.ts';
import { effectiveScopes, scopesOfRole } from './scopes.ts';

/** The member who makes a request, and their part of the database. */
export interface Caller {
  readonly workspace: Workspace;
  readonly type: 'key' | 'session';
  /** The id of its key or session. */
  readonly id: string;
  /** The id of its key; null for a session. */
  readonly keyId: string | null;
  /** The role that the member has now. */
  readonly role: Role;
  /** What the request may do: never more than the role. */
  readonly scopes: ReadonlySet<Scope>;
  /** The same caller, for a request that only reads; its queries end when the client has gone. */
  reading(gone: AbortSignal): Caller;
}

/**
 * Called before the database is asked for a secret that has not been right before. It throws to
 * refuse that; the function that it returns is called when the secret is right.
 */
type TrySecret = () => () => void;

/** Who a secret belongs to. */
interface Found {
  readonly organizationId: string;
  readonly memberId: string;
  readonly role: Role;
  readonly id: string;
  readonly firstId?: string;
  readonly scopes: ReadonlySet<Scope>;
}

/**
 * Milliseconds that a found key or session is cached: its end, or another role of its member, takes
 * effect at most that late on other servers.
 */
const cacheMs = 1_000;
const cacheSize = 10_000;

/** Finds the callers of requests, by their API key or session. */
export class Callers {
  readonly #database: Database;
  readonly #uses: LastUses | undefined;
  readonly #found = new Map<string, { readonly caller: Caller; readonly until: number }>();
  readonly #right = new Set<string>();
  /** Until when nothing is cached, because something has just been changed. */
  #settledAt = 0;

  constructor(database: Database, uses?: LastUses) {
    this.#database = database;
    this.#uses = uses;
  }

  /**
   * @throws `unauthenticated` for a key that is missing, unknown, revoked or expired; the error does
   *   not say which.
   */
  async byKey(apiKey: string | undefined, trySecret?: TrySecret): Promise<Caller> {
    if (!apiKey) {
      throw unauthenticated('An API key is required. Send it in the header X-API-KEY.');
    }
    const caller = await this.#by('key', apiKey, trySecret);
    if (!caller) throw unauthenticated('This API key is not valid.');
    return caller;
  }

  /** @throws `unauthenticated` for a session that is unknown or over. */
  async bySession(token: string, trySecret?: TrySecret): Promise<Caller> {
    const caller = await this.#by('session', token, trySecret);
    if (!caller) throw unauthenticated('You are not signed in, or your session is over. Sign in.');
    return caller;
  }

  /** Notes that keys, sessions or members were changed: from now on this server looks anew. */
  changed(): void {
    // A lookup that is under way may still find what was, and a transaction commits a moment later.
    this.#settledAt = performance.now() + cacheMs;
    this.#found.clear();
  }

  async #by(
    type: Caller['type'],
    secret: string,
    trySecret: TrySecret | undefined,
  ): Promise<Caller | undefined> {
    const hash = createHash('sha256').update(secret).digest();
    const cacheKey = `${type}${hash.toString('base64')}`;
    const asked = performance.now();
    const cached = this.#found.get(cacheKey);
    if (cached && cached.until > asked) return cached.caller;
    this.#found.delete(cacheKey);
    const noteRight = this.#right.has(cacheKey) ? undefined : trySecret?.();
    const found = await this.#find(type, hash);
    if (!found) this.#right.delete(cacheKey);
    if (!found) return undefined;
    noteRight?.();
    this.#uses?.note(type, found);
    if (this.#right.size >= cacheSize) this.#right.clear();
    this.#right.add(cacheKey);
    const caller = this.#callerOf(type, found);
    if (asked >= this.#settledAt) {
      if (this.#found.size >= cacheSize) this.#found.clear();
      this.#found.set(cacheKey, { caller, until: performance.now() + cacheMs });
    }
    return caller;
  }

  async #find(type: Caller['type'], hash: Buffer): Promise<Found | undefined> {
    if (type === 'session') {
      const session = await findUsableSession(this.#database, hash);
      return session && { ...session, scopes: scopesOfRole(session.role) };
    }
    const key = await findUsableKey(this.#database, hash);
    return key && { ...key, scopes: effectiveScopes(key.scopes, key.role) };
  }

  #callerOf(type: Caller['type'], found: Found): Caller {
    const { organizationId, memberId, role, id, firstId = null, scopes } = found;
    const workspace = openWorkspace(this.#database, organizationId, memberId, firstId);
    const keyId = type === 'key' ? id : null;
    const caller: Caller = {
      workspace,
      type,
      id,
      keyId,
      role,
      scopes,
      reading: (gone) => ({
        ...caller,
        workspace: readingWorkspace(this.#database, workspace, gone),
      }),
    };
    return caller;
  }
}
