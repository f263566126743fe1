import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { emptied } from '../runs/reservation-queries.ts';

/** Locks logs until the transaction ends, because judgments of them are deleted. */
export async function lockLosingLogs(
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
