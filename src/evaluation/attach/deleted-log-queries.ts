import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { doomedWith } from '../../logs/log-queries.ts';
import { emptied } from '../runs/reservation-queries.ts';

/** The logs of slots that disappear when logs and all that is below them are deleted. */
export async function listPlacedBelow(
  { db, organizationId }: Workspace,
  logIds: readonly string[],
): Promise<readonly { readonly logId: string; readonly runId: string }[]> {
  const { rows } = await sql<{ logId: string; runId: string }>`
    WITH RECURSIVE doomed AS (${doomedWith(organizationId, logIds)})
    SELECT s.log_id AS "logId", s.run_id AS "runId" FROM doomed
    JOIN evaluation_slot s ON s.organization_id = ${organizationId} AND s.log_id = doomed.id
    ORDER BY s.log_id`.execute(db);
  return rows;
}

/** Locks logs until the transaction ends, for their deletion. */
export async function lockLogs(
  { db, organizationId }: Workspace,
  logIds: readonly string[],
): Promise<void> {
  await sql`SELECT FROM log WHERE organization_id = ${organizationId}
    AND id = ANY(${[...logIds]}::text[]) ORDER BY id FOR UPDATE`.execute(db);
}

/**
 * Empties the slots of logs, and deletes slots that no log could fill again: those that clients added
 * with their logs. The caller has locked the Runs for a change.
 */
export async function emptySlotsOf(
  { db, organizationId }: Workspace,
  logIds: readonly string[],
): Promise<void> {
  const ofLogs = sql`s.organization_id = ${organizationId} AND s.log_id = ANY(${[...logIds]}::text[])`;
  await sql`DELETE FROM evaluation_slot s USING evaluation_run r
    WHERE ${ofLogs} AND r.organization_id = s.organization_id AND r.id = s.run_id
      AND s.replayed_log_id IS NULL AND (s.datapoint_id IS NULL
        OR s.trial >= coalesce((r.options ->> 'trials')::integer, 1))`.execute(db);
  await sql`UPDATE evaluation_slot s SET ${emptied} WHERE ${ofLogs}`.execute(db);
}
