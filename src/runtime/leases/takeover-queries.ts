import type { Database } from '../../database/database.ts';
import { hot, type Workspace } from '../../database/workspace.ts';
import type { HeldLease, Lease, LeaseHolder } from './lease.ts';
import { seenRun, taken } from './run-sql.ts';

/**
 * How many event numbers a takeover skips when another process may still have been emitting events
 * (R2). A process never has this many events that are emitted but not on disk.
 */
export const eventLeap = 1_000;

/** The number after which a run that is taken over numbers its events. */
const eventsFromHere = `greatest(event_count, coalesce((
    SELECT number + json_array_length(events) - 1 FROM run_event
    WHERE run_event.organization_id = run.organization_id AND run_event.log_id = run.log_id
    ORDER BY number DESC LIMIT 1), 0))
  + CASE WHEN state = 'running' AND lease_owner IS NOT NULL THEN ${eventLeap} ELSE 0 END`;

/**
 * Takes a run in any state from the process that drives it, if one does.
 *
 * @param cancels true: the run is marked as cancelled, so that another process ends it if this one
 *   dies.
 * @returns the new lease; undefined when the run is gone, or another process has taken it since it
 *   was read.
 */
export async function seizeRun(
  workspace: Workspace,
  seen: Lease,
  holder: LeaseHolder,
  { cancels }: { readonly cancels: boolean },
): Promise<Lease | undefined> {
  const [row] = await hot<{ token: number }>(
    workspace,
    `/* hot */ UPDATE run SET state = 'running', ${taken('$4', '$5')}, event_count = ${eventsFromHere},
      is_cancelled = is_cancelled OR $6
    WHERE ${seenRun}
    RETURNING lease_token AS token`,
    [workspace.organizationId, seen.logId, seen.token, holder.owner, holder.leaseSeconds, cancels],
  );
  return row && { logId: seen.logId, token: row.token };
}

/**
 * Takes over runs whose leases have expired. It leaves out a child run whose parent is not
 * suspended, because the parent drives it (R6); a cancelled child run is taken over nevertheless.
 *
 * The statement spans organizations, because a process drives runs of many.
 *
 * @param held leases that this process holds. It may have renewed one late, and must not take over
 *   its own run.
 * @param most the most runs to take over at once, so that other processes take some too.
 */
export async function takeOverRuns(
  database: Database,
  holder: LeaseHolder,
  held: readonly HeldLease[],
  most: number,
): Promise<readonly HeldLease[]> {
  return hot<HeldLease>(
    database,
    `/* hot */ WITH expired AS (
      SELECT organization_id, log_id FROM run
      WHERE lease_expires_at < now() AND state = 'running'
        AND NOT EXISTS (SELECT FROM unnest($3::text[], $4::text[]) AS held (organization_id, log_id)
          WHERE run.lease_owner = $1 AND held.organization_id = run.organization_id
            AND held.log_id = run.log_id)
        AND (is_cancelled OR NOT EXISTS (SELECT FROM run AS parent
          WHERE parent.organization_id = run.organization_id
            AND parent.log_id = run.parent_log_id AND parent.state <> 'suspended'))
      ORDER BY lease_expires_at LIMIT $5 FOR UPDATE SKIP LOCKED)
    UPDATE run SET ${taken('$1', '$2')}, event_count = ${eventsFromHere},
      takeovers = takeovers + CASE WHEN lease_owner IS NULL THEN 0 ELSE 1 END
    FROM expired
    WHERE run.organization_id = expired.organization_id AND run.log_id = expired.log_id
    RETURNING run.organization_id AS "organizationId", run.log_id AS "logId",
      run.lease_token AS token`,
    [
      holder.owner,
      holder.leaseSeconds,
      held.map(({ organizationId }) => organizationId),
      held.map(({ logId }) => logId),
      most,
    ],
  );
}

/**
 * Takes runs and all runs below them from the processes that drive them, and marks them as cancelled:
 * from this commit on, nothing more is written for them, and the next process that looks for expired
 * leases ends them.
 *
 * @param workspace in a transaction.
 */
export async function markCancelled(
  workspace: Workspace,
  logIds: readonly string[],
): Promise<void> {
  // One statement for each level: lock the rows of parents before those of their child runs (R5).
  for (let level = logIds; level.length > 0; ) {
    const marked = await hot<{ logId: string }>(
      workspace,
      `/* hot */ UPDATE run SET state = 'running', lease_token = lease_token + 1, lease_owner = NULL,
        lease_expires_at = now(), event_count = ${eventsFromHere}, is_cancelled = true
      WHERE organization_id = $1 AND log_id = ANY($2)
      RETURNING log_id AS "logId"`,
      [workspace.organizationId, level],
    );
    const below = await hot<{ logId: string }>(
      workspace,
      `/* hot */ SELECT log_id AS "logId" FROM run
      WHERE organization_id = $1 AND parent_log_id = ANY($2)`,
      [workspace.organizationId, marked.map(({ logId }) => logId)],
    );
    level = below.map(({ logId }) => logId);
  }
}
