import { CompiledQuery } from 'kysely';
import type { ChatMessage } from '../contract/chat.ts';
import type { Database } from '../database/database.ts';
import { hot, type Workspace } from '../database/workspace.ts';

/** The right to drive a run. Every write of a step names it; a stale one writes nothing. */
export interface Lease {
  readonly logId: string;
  readonly token: number;
}

/** Seconds for which a lease holds unless it is renewed. */
export const leaseSeconds = 15;

/**
 * Takes up a suspended run: of any number that try at once, one succeeds.
 *
 * Writes the client's messages to the last turn in the same commit.
 *
 * @returns the new lease; undefined when the run was not suspended under this token any more.
 */
export async function claimSuspendedRun(
  workspace: Workspace,
  seen: Lease,
  claim: {
    readonly owner: string;
    readonly turnNumber: number;
    readonly continuation: readonly ChatMessage[];
    readonly fingerprint: string;
    readonly save: boolean;
  },
): Promise<Lease | undefined> {
  const [row] = await hot<{ token: number }>(
    workspace,
    `/* hot */ WITH claimed AS (
      UPDATE run SET state = 'running', lease_token = lease_token + 1, lease_owner = $4,
        lease_expires_at = now() + interval '${leaseSeconds} seconds',
        continue_fingerprint = $5, sealed_conversation = NULL, suspended_at = NULL
      WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'suspended'
      RETURNING lease_token),
    answered AS (
      UPDATE turn SET continuation = $7 FROM claimed
      WHERE organization_id = $1 AND log_id = $2 AND number = $6)
    SELECT lease_token AS token FROM claimed`,
    [
      workspace.organizationId,
      seen.logId,
      seen.token,
      claim.owner,
      claim.fingerprint,
      claim.turnNumber,
      claim.save ? JSON.stringify(claim.continuation) : null,
    ],
  );
  return row && { logId: seen.logId, token: row.token };
}

/** Ends the runs that wait below a log for these calls: their answers came from elsewhere. */
export async function abandonChildren(
  workspace: Workspace,
  parentId: string,
  callIds: readonly string[],
): Promise<void> {
  await workspace.db.executeQuery(
    CompiledQuery.raw(
      `WITH child AS (
        UPDATE log SET log_status = 'complete', end_time = now()
        WHERE organization_id = $1 AND trace_parent_id = $2 AND tool_call_id = ANY($3)
          AND log_status = 'incomplete' RETURNING id)
      DELETE FROM run USING child WHERE organization_id = $1 AND log_id = child.id`,
      [workspace.organizationId, parentId, [...callIds]],
    ),
  );
}

/**
 * Renews the leases of a process, all at once.
 *
 * Looks across organizations: a process drives runs of many.
 */
export async function renewLeases({ db }: Database, owner: string): Promise<void> {
  await db.executeQuery(
    CompiledQuery.raw(
      `UPDATE run SET lease_expires_at = now() + interval '${leaseSeconds} seconds'
      WHERE lease_owner = $1 AND state = 'running'`,
      [owner],
    ),
  );
}

/**
 * Gives up the leases of a process: their runs may be taken over at once, and what the process
 * still tries to write is refused.
 */
export async function releaseLeases({ db }: Database, owner: string): Promise<number> {
  const { numAffectedRows } = await db.executeQuery(
    CompiledQuery.raw(
      `UPDATE run SET lease_owner = NULL, lease_expires_at = now(), lease_token = lease_token + 1
      WHERE lease_owner = $1 AND state = 'running'`,
      [owner],
    ),
  );
  return Number(numAffectedRows ?? 0);
}

/**
 * Ends runs that were suspended with a sealed conversation for longer than it may be kept.
 *
 * Looks across organizations: it is a rule for all of them.
 */
export async function expireSealedRuns({ db }: Database, hours: number): Promise<void> {
  await db.executeQuery(
    CompiledQuery.raw(
      `WITH expired AS (
        DELETE FROM run WHERE sealed_conversation IS NOT NULL
          AND suspended_at < now() - make_interval(hours => $1)
        RETURNING organization_id, log_id)
      UPDATE log SET log_status = 'complete', end_time = now() FROM expired
      WHERE log.organization_id = expired.organization_id AND log.id = expired.log_id`,
      [hours],
    ),
  );
}
