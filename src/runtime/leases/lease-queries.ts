import { CompiledQuery } from 'kysely';
import type { ChatMessage } from '../../contract/chat.ts';
import type { Database } from '../../database/database.ts';
import { hot, inTransaction, type Workspace } from '../../database/workspace.ts';
import type { RunRecord } from '../../logs/log-record.ts';
import { leaseLost } from '../runs/errors.ts';

/** The right to drive a run. Every write of a step names it; a stale one writes nothing. */
export interface Lease {
  readonly logId: string;
  readonly token: number;
}

/** Who takes leases. */
export interface LeaseHolder {
  /** This process. */
  readonly owner: string;
  /** Seconds for which a lease holds unless it is renewed. */
  readonly leaseSeconds: number;
}

/** A lease, and whose run it is of. */
export interface HeldLease extends Lease {
  readonly organizationId: string;
}

/** What a continue takes a run up with. */
interface ContinueClaim {
  readonly holder: LeaseHolder;
  readonly fingerprint: string;
  readonly options: RunRecord['options'];
  /** The event that begins the continue, as it is stored. */
  readonly event: { readonly type: string; readonly at: string };
}

/**
 * Takes up a suspended run: of any number that try at once, one succeeds.
 *
 * Writes the client's messages to the last turn, and the event that tells of it, in the same commit.
 *
 * @returns the new lease; undefined when the run was not suspended under this token any more, or
 *   when the run whose call it answers is under way.
 */
export async function claimSuspendedRun(
  workspace: Workspace,
  seen: Lease,
  claim: ContinueClaim & {
    readonly turnNumber: number;
    readonly continuation: readonly ChatMessage[];
    readonly save: boolean;
  },
): Promise<Lease | undefined> {
  const [row] = await hot<{ token: number }>(
    workspace,
    `/* hot */ WITH claimed AS (
      UPDATE run SET state = 'running', lease_token = lease_token + 1, lease_owner = $4,
        lease_expires_at = now() + make_interval(secs => $5), event_count = event_count + 1,
        continue_fingerprint = $6, sealed_conversation = NULL, suspended_at = NULL, options = $9,
        takeovers = 0
      WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'suspended'
        AND NOT EXISTS (SELECT FROM run AS parent
          WHERE parent.organization_id = run.organization_id
            AND parent.log_id = run.parent_log_id AND parent.state = 'running')
      RETURNING lease_token, event_count),
    told AS (
      INSERT INTO run_event (organization_id, log_id, number, events)
      SELECT $1, $2, event_count, $10 FROM claimed WHERE $11),
    answered AS (
      UPDATE turn SET continuation = $8 FROM claimed
      WHERE organization_id = $1 AND log_id = $2 AND number = $7)
    SELECT lease_token AS token FROM claimed`,
    [
      workspace.organizationId,
      seen.logId,
      seen.token,
      claim.holder.owner,
      claim.holder.leaseSeconds,
      claim.fingerprint,
      claim.turnNumber,
      claim.save ? JSON.stringify(claim.continuation) : null,
      JSON.stringify(claim.options),
      JSON.stringify([claim.event]),
      claim.save,
    ],
  );
  return row && { logId: seen.logId, token: row.token };
}

/**
 * Takes up a run that was interrupted, with what a new call brings.
 *
 * @returns the new lease; undefined when the run was not interrupted under this token any more.
 */
export async function claimInterruptedRun(
  workspace: Workspace,
  seen: Lease,
  claim: ContinueClaim,
): Promise<Lease | undefined> {
  const [row] = await hot<{ token: number }>(
    workspace,
    `/* hot */ WITH claimed AS (
      UPDATE run SET state = 'running', lease_token = lease_token + 1, lease_owner = $4,
        lease_expires_at = now() + make_interval(secs => $5), event_count = event_count + 1,
        continue_fingerprint = $6, options = $7, takeovers = 0
      WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'interrupted'
      RETURNING organization_id, log_id, lease_token, event_count),
    told AS (
      INSERT INTO run_event (organization_id, log_id, number, events)
      SELECT organization_id, log_id, event_count, $8 FROM claimed),
    cleared AS (
      UPDATE log SET error = NULL FROM claimed
      WHERE log.organization_id = claimed.organization_id AND log.id = claimed.log_id)
    SELECT lease_token AS token FROM claimed`,
    [
      workspace.organizationId,
      seen.logId,
      seen.token,
      claim.holder.owner,
      claim.holder.leaseSeconds,
      claim.fingerprint,
      JSON.stringify(claim.options),
      JSON.stringify([claim.event]),
    ],
  );
  return row && { logId: seen.logId, token: row.token };
}

/**
 * Does something under a lease: until the transaction ends, nobody takes the run.
 *
 * @throws `run_taken_over` (conflict) when the lease is stale; then nothing is done.
 */
export function underLease<Result>(
  workspace: Workspace,
  { logId, token }: Lease,
  work: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  return inTransaction(workspace, async (workspace) => {
    const held = await hot(
      workspace,
      `/* hot */ SELECT 1 FROM run
      WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'running'
      FOR NO KEY UPDATE`,
      [workspace.organizationId, logId, token],
    );
    if (held.length === 0) throw leaseLost(logId);
    return work(workspace);
  });
}

/**
 * Renews leases of a process, all at once.
 *
 * Looks across organizations: a process drives runs of many.
 */
export async function renewLeases(
  { db }: Database,
  holder: LeaseHolder,
  held: readonly HeldLease[],
): Promise<void> {
  await db.executeQuery(
    CompiledQuery.raw(
      `/* hot */ UPDATE run SET lease_expires_at = now() + make_interval(secs => $1)
      FROM unnest($2::text[], $3::text[], $4::bigint[]) AS held (organization_id, log_id, token)
      WHERE run.organization_id = held.organization_id AND run.log_id = held.log_id
        AND run.lease_token = held.token AND run.state = 'running'`,
      [holder.leaseSeconds, ...columnsOf(held)],
    ),
  );
}

/** Those of the leases that have been taken by others, or whose runs are gone. */
export async function lostLeases(
  { db }: Database,
  held: readonly HeldLease[],
): Promise<readonly HeldLease[]> {
  const { rows } = await db.executeQuery<HeldLease>(
    CompiledQuery.raw(
      `/* hot */ SELECT held.organization_id AS "organizationId", held.log_id AS "logId", held.token
      FROM unnest($1::text[], $2::text[], $3::bigint[]) AS held (organization_id, log_id, token)
      WHERE NOT EXISTS (SELECT FROM run
        WHERE run.organization_id = held.organization_id AND run.log_id = held.log_id
          AND run.lease_token = held.token AND run.state = 'running')`,
      columnsOf(held),
    ),
  );
  return rows;
}

/**
 * Gives up leases: their runs may be taken over at once, and what the process still tries to write
 * is refused.
 *
 * @param held with the number of the last event that each told.
 */
export async function releaseLeases(
  { db }: Database,
  held: readonly (HeldLease & { readonly eventCount: number })[],
): Promise<void> {
  await db.executeQuery(
    CompiledQuery.raw(
      `/* hot */ UPDATE run SET lease_owner = NULL, lease_expires_at = now(),
        lease_token = lease_token + 1, event_count = greatest(run.event_count, held.event_count)
      FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[])
        AS held (organization_id, log_id, token, event_count)
      WHERE run.organization_id = held.organization_id AND run.log_id = held.log_id
        AND run.lease_token = held.token AND run.state = 'running'`,
      [...columnsOf(held), held.map(({ eventCount }) => eventCount)],
    ),
  );
}

function columnsOf(held: readonly HeldLease[]): [string[], string[], number[]] {
  return [
    held.map(({ organizationId }) => organizationId),
    held.map(({ logId }) => logId),
    held.map(({ token }) => token),
  ];
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
