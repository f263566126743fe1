import { sql } from 'kysely';
import type { Database } from '../../database/database.ts';
import { hot, type Workspace } from '../../database/workspace.ts';
import { toldEvent } from '../events/event-sql.ts';
import type { StoredEvent } from '../events/stored-event.ts';
import type { Lease } from '../leases/lease.ts';
import { heldRun, leaseless } from '../leases/run-sql.ts';

/** Deletes a run whose log can no longer be read, because its file was deleted. */
export async function dropRun(workspace: Workspace, lease: Lease): Promise<void> {
  await sql`DELETE FROM run WHERE organization_id = ${workspace.organizationId}
    AND log_id = ${lease.logId} AND lease_token = ${lease.token}`.execute(workspace.db);
}

/**
 * Interrupts a run: no process drives it until a continue brings the keys that it needs.
 *
 * @param event the last event, with the reason. The log gets the reason as its `error`.
 */
export async function interruptRun(
  workspace: Workspace,
  lease: Lease,
  event: Extract<StoredEvent, { type: 'agent_turn_suspend' }>,
): Promise<void> {
  await hot(
    workspace,
    `/* hot */ WITH interrupted AS (
      UPDATE run SET state = 'interrupted', ${leaseless},
        event_count = event_count + 1
      WHERE ${heldRun}
      RETURNING organization_id, log_id, event_count),
    ${toldEvent('interrupted', '$5')}
    UPDATE log SET error = $4 FROM interrupted
    WHERE log.organization_id = interrupted.organization_id AND log.id = interrupted.log_id`,
    [
      workspace.organizationId,
      lease.logId,
      lease.token,
      event.error ?? null,
      JSON.stringify([event]),
    ],
  );
}

/**
 * Ends the runs that have been suspended with a sealed conversation for more than `hours`.
 *
 * The statement spans organizations, because the same limit holds for all.
 */
export async function expireSealedRuns({ db }: Database, hours: number): Promise<void> {
  await sql`WITH expired AS (
      DELETE FROM run WHERE sealed_conversation IS NOT NULL
        AND suspended_at < now() - make_interval(hours => ${hours})
      RETURNING organization_id, log_id)
    UPDATE log SET log_status = 'complete', ended_as = 'expired', end_time = now()
    FROM expired
    WHERE log.organization_id = expired.organization_id AND log.id = expired.log_id`.execute(db);
}
