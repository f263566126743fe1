import { CompiledQuery } from 'kysely';
import type { Database } from '../../database/database.ts';
import { hot, type Workspace } from '../../database/workspace.ts';
import type { HeldLease, Lease, LeaseHolder } from './lease.ts';
import { seenRun, taken } from './run-sql.ts';

/**
 * Numbers that are left out when a run is taken from a process that may have counted on: more than
 * it may tell before it has written what it told (R2).
 */
export const eventLeap = 1_000;

/** Where the events of a run that is taken over go on. */
const eventsFromHere = `greatest(event_count, coalesce((
    SELECT number + json_array_length(events) - 1 FROM run_event
    WHERE run_event.organization_id = run.organization_id AND run_event.log_id = run.log_id
    ORDER BY number DESC LIMIT 1), 0))
  + CASE WHEN state = 'running' AND lease_owner IS NOT NULL THEN ${eventLeap} ELSE 0 END`;

/**
 * Takes a run away from the process that drives it, in whatever state it is.
 *
 * @param cancels true: it is taken to be ended; if this process dies, the next one ends it.
 * @returns the new lease; undefined when the run is not there, or was taken by another process
 *   since it was seen.
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
 * Takes over runs whose leases have run out: no process drives them any more. A run that answers the
 * call of another is left to that one, as long as it can still go on and is not to be cancelled (R6).
 *
 * Looks across organizations: a process drives runs of many.
 *
 * @param held leases that this process still uses: it may have renewed them late.
 * @param most how many are taken at once, so that others take some, too.
 */
export async function takeOverRuns(
  { db }: Database,
  holder: LeaseHolder,
  held: readonly HeldLease[],
  most: number,
): Promise<readonly HeldLease[]> {
  const { rows } = await db.executeQuery<HeldLease>(
    CompiledQuery.raw(
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
    ),
  );
  return rows;
}
