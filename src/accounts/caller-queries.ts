import { sql } from 'kysely';
import type { Role, Scope } from '../contract/accounts.ts';
import type { Database } from '../database/database.ts';
import { sessionLimits } from './sign-in/session-limits.ts';

// Who makes a request is looked up across organizations: only the key or session tells which one it is.

/** A member who makes a request. */
interface Acting {
  readonly organizationId: string;
  readonly memberId: string;
  readonly role: Role;
}

/** A key that is right, and whose it is. */
export interface UsableKey extends Acting {
  readonly id: string;
  /** Of keys that replaced each other, the first. */
  readonly firstId: string;
  readonly scopes: readonly Scope[];
}

/**
 * Finds the key with this hash; undefined when the key is unknown, revoked or expired, or when its
 * member was removed.
 */
export async function findUsableKey(
  { db }: Pick<Database, 'db'>,
  hash: Buffer,
): Promise<UsableKey | undefined> {
  const { rows } = await sql<UsableKey>`
    SELECT k.organization_id AS "organizationId", k.member_id AS "memberId", m.role, k.id,
      coalesce(k.first_id, k.id) AS "firstId", k.scopes
    FROM api_key k JOIN member m ON m.organization_id = k.organization_id AND m.id = k.member_id
    WHERE k.hash = ${hash} AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
      AND m.status <> 'removed'`.execute(db);
  return rows[0];
}

/** A session that is right, and whose it is. */
export interface UsableSession extends Acting {
  readonly id: string;
}

/** Finds the session with this hash; undefined when it is unknown or over. */
export async function findUsableSession(
  { db }: Pick<Database, 'db'>,
  hash: Buffer,
): Promise<UsableSession | undefined> {
  const { rows } = await sql<UsableSession>`
    SELECT s.organization_id AS "organizationId", s.member_id AS "memberId", m.role, s.id
    FROM session s JOIN member m ON m.organization_id = s.organization_id AND m.id = s.member_id
    WHERE s.hash = ${hash} AND m.status = 'active' AND ${isLive(sql`s`)}`.execute(db);
  return rows[0];
}

/** Whether a session is not over. */
export const isLive = (session: ReturnType<typeof sql>) => sql<boolean>`
  ${session}.last_seen_at > now() - make_interval(hours => ${sessionLimits.idleHours})
  AND ${session}.created_at > now() - make_interval(days => ${sessionLimits.days})`;

/** When something was used last, of one organization. */
export interface Use {
  readonly organizationId: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Writes when keys were used last. Rows that another server is writing are left to it. */
export async function writeKeyUses(
  { db }: Pick<Database, 'db'>,
  uses: readonly Use[],
): Promise<void> {
  await sql`WITH used AS (${usesOf(uses)}), free AS (
      SELECT k.organization_id, k.id, used.at FROM api_key k
      JOIN used ON used.organization_id = k.organization_id AND used.id = k.id
      WHERE k.last_used_at IS NULL OR k.last_used_at < used.at
      FOR NO KEY UPDATE OF k SKIP LOCKED)
    UPDATE api_key k SET last_used_at = free.at FROM free
    WHERE k.organization_id = free.organization_id AND k.id = free.id`.execute(db);
}

/** Writes when sessions and their members were seen last, as {@link writeKeyUses} does for keys. */
export async function writeSessionUses(
  { db }: Pick<Database, 'db'>,
  uses: readonly Use[],
): Promise<void> {
  await sql`WITH used AS (${usesOf(uses)}), free AS (
      SELECT s.organization_id, s.id, s.member_id, used.at FROM session s
      JOIN used ON used.organization_id = s.organization_id AND used.id = s.id
      WHERE s.last_seen_at < used.at
      FOR NO KEY UPDATE OF s SKIP LOCKED),
    seen AS (
      UPDATE session s SET last_seen_at = free.at FROM free
      WHERE s.organization_id = free.organization_id AND s.id = free.id)
    UPDATE member m SET last_seen_at = greatest(m.last_seen_at, latest.at)
    FROM (SELECT organization_id, member_id, max(at) AS at FROM free GROUP BY 1, 2) AS latest
    WHERE m.organization_id = latest.organization_id AND m.id = latest.member_id`.execute(db);
}

const usesOf = (uses: readonly Use[]) => sql`
  SELECT "organizationId" AS organization_id, id, to_timestamp(at / 1000.0) AS at
  FROM json_to_recordset(${JSON.stringify(uses)}::json) AS given (
    "organizationId" text, id text, at double precision)`;
