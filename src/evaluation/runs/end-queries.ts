import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import { emptied } from './reservation-queries.ts';

/** Empties the slots of a Run that are reserved for calls which have not begun. */
export async function emptyReservedSlots(
  { db, organizationId }: Workspace,
  runId: string,
): Promise<void> {
  const ofRun = sql`organization_id = ${organizationId} AND run_id = ${runId}`;
  await sql`UPDATE evaluation_slot SET ${emptied}
    WHERE ${ofRun} AND position IN (SELECT position FROM evaluation_slot
      WHERE ${ofRun} AND state = 'started' AND lease_expires_at IS NOT NULL
      ORDER BY position FOR UPDATE)`.execute(db);
}

/** The logs of the calls that the server makes for a Run and that have not ended. */
export async function listCallsUnderWay(
  { db, organizationId }: Workspace,
  runId: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ logId: string }>`SELECT s.log_id AS "logId"
    FROM evaluation_slot s
    JOIN run ON run.organization_id = s.organization_id AND run.log_id = s.log_id
    WHERE s.organization_id = ${organizationId} AND s.run_id = ${runId} AND s.state = 'started'
      AND s.origin = 'generated' ORDER BY s.log_id`.execute(db);
  return rows.map(({ logId }) => logId);
}
