import type { Database } from '../../database/database.ts';
import { hot, inTransaction, type Workspace } from '../../database/workspace.ts';
import { type HeldLease, type Lease, type LeaseHolder, LeaseLost } from './lease.ts';
import { heldRun } from './run-sql.ts';

/**
 * Runs `work` in a transaction that locks the run's row, so that no other process can take the run
 * until the transaction ends.
 *
 * @throws `run_taken_over` (conflict) when the lease is stale; `work` is not called then.
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
      WHERE ${heldRun}
      FOR NO KEY UPDATE`,
      [workspace.organizationId, logId, token],
    );
    if (held.length === 0) throw new LeaseLost(logId);
    return work(workspace);
  });
}

/**
 * Renews all leases of this process in one statement.
 *
 * The statement spans organizations, because a process drives runs of many.
 */
export async function renewLeases(
  database: Database,
  holder: LeaseHolder,
  held: readonly HeldLease[],
): Promise<void> {
  await hot(
    database,
    `/* hot */ UPDATE run SET lease_expires_at = now() + make_interval(secs => $1)
    FROM unnest($2::text[], $3::text[], $4::bigint[]) AS held (organization_id, log_id, token)
    WHERE run.organization_id = held.organization_id AND run.log_id = held.log_id
      AND run.lease_token = held.token AND run.state = 'running'`,
    [holder.leaseSeconds, ...leaseColumns(held)],
  );
}

/**
 * The leases that other processes have taken, or whose runs are deleted or at rest.
 *
 * It spans organizations, because a process drives runs of many.
 */
export async function lostLeases(
  database: Database,
  held: readonly HeldLease[],
): Promise<readonly HeldLease[]> {
  return hot<HeldLease>(
    database,
    `/* hot */ SELECT held.organization_id AS "organizationId", held.log_id AS "logId", held.token
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS held (organization_id, log_id, token)
    WHERE NOT EXISTS (SELECT FROM run
      WHERE run.organization_id = held.organization_id AND run.log_id = held.log_id
        AND run.lease_token = held.token AND run.state = 'running')`,
    leaseColumns(held),
  );
}

/**
 * Releases leases: any process can take over their runs at once, and later writes under these
 * leases are refused.
 *
 * It spans organizations, because a process drives runs of many.
 *
 * @param held the leases, each with the number of the last event that its run emitted.
 */
export async function releaseLeases(
  database: Database,
  held: readonly (HeldLease & { readonly eventCount: number })[],
): Promise<void> {
  await hot(
    database,
    `/* hot */ UPDATE run SET lease_owner = NULL, lease_expires_at = now(),
      lease_token = lease_token + 1, event_count = greatest(run.event_count, held.event_count)
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::integer[])
      AS held (organization_id, log_id, token, event_count)
    WHERE run.organization_id = held.organization_id AND run.log_id = held.log_id
      AND run.lease_token = held.token AND run.state = 'running'`,
    [...leaseColumns(held), held.map(({ eventCount }) => eventCount)],
  );
}

function leaseColumns(held: readonly HeldLease[]): [string[], string[], number[]] {
  return [
    held.map(({ organizationId }) => organizationId),
    held.map(({ logId }) => logId),
    held.map(({ token }) => token),
  ];
}
