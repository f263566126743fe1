import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import { isLive } from '../caller-queries.ts';

/** A session as its member sees it. */
export interface Session {
  readonly id: string;
  readonly user_agent: string | null;
  readonly created_at: Timestamp;
  readonly last_seen_at: Timestamp;
}

/**
 * Adds a session for a member whose password is still the one that was checked. Sessions of the member
 * that are over are deleted.
 *
 * @returns false when the member was removed, or has another password, meanwhile.
 */
export async function insertSession(
  { db, organizationId }: Workspace,
  {
    id,
    memberId,
    password,
    hash,
    userAgent,
  }: {
    readonly id: string;
    readonly memberId: string;
    readonly password: string;
    readonly hash: Buffer;
    readonly userAgent: string | null;
  },
): Promise<boolean> {
  const { numAffectedRows } = await sql`WITH over AS (
      DELETE FROM session s WHERE s.organization_id = ${organizationId}
        AND s.member_id = ${memberId} AND NOT (${isLive(sql`s`)}))
    INSERT INTO session (organization_id, id, member_id, hash, user_agent)
    SELECT organization_id, ${id}, id, ${hash}, ${userAgent} FROM member
    WHERE organization_id = ${organizationId} AND id = ${memberId} AND status = 'active'
      AND password = ${password}
    FOR SHARE`.execute(db);
  return numAffectedRows === 1n;
}

/** The sessions of a member that are not over, newest first. */
export async function selectSessions({
  db,
  organizationId,
  memberId,
}: Workspace): Promise<Session[]> {
  return db
    .selectFrom('session as s')
    .select(['id', 'user_agent', 'created_at', 'last_seen_at'])
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .where(isLive(sql`s`))
    .orderBy('id', 'desc')
    .execute();
}

/** Ends a session of a member. @returns false when there is no such session. */
export async function deleteSession(
  { db, organizationId, memberId }: Workspace,
  id: string,
): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('session')
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Ends the sessions of a member. @param except the id of one that goes on. */
export async function deleteSessionsOf(
  { db, organizationId }: Workspace,
  memberId: string,
  except = '',
): Promise<void> {
  await db
    .deleteFrom('session')
    .where('organization_id', '=', organizationId)
    .where('member_id', '=', memberId)
    .where('id', '<>', except)
    .execute();
}
