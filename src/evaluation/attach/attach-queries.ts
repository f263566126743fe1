import { sql } from 'kysely';
import type { Workspace } from '../../database/workspace.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import { emptied } from '../runs/reservation-queries.ts';

/** How a log came to a slot. */
export type SlotOrigin = 'run_id' | 'datapoint' | 'adopted';

/** Whether a Run is in an Evaluation. */
export async function isInEvaluation(
  { db, organizationId }: Workspace,
  runId: string,
): Promise<boolean> {
  const { rows } = await sql`SELECT FROM evaluation_member m
    JOIN evaluation e ON e.organization_id = m.organization_id AND e.id = m.evaluation_id
    WHERE m.organization_id = ${organizationId} AND m.run_id = ${runId}
      AND e.deleted_at IS NULL LIMIT 1`.execute(db);
  return rows.length > 0;
}

/** Whether a dataset version contains a datapoint. */
export async function isInDataset(
  { db, organizationId }: Workspace,
  versionId: string,
  datapointId: string,
): Promise<boolean> {
  const { rows } = await sql`SELECT FROM version_datapoint WHERE organization_id = ${organizationId}
    AND version_id = ${versionId} AND datapoint_id = ${datapointId}`.execute(db);
  return rows.length > 0;
}

/**
 * The open Runs that clients fill, of a log's version, that want a log for its datapoint. A slot whose
 * log was only adopted, and is not ready, is free for a log that names the datapoint.
 */
export async function listRunsAwaiting(
  { db, organizationId }: Workspace,
  log: Pick<LogRecord, 'file_id' | 'version_id'>,
  datapointId: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`SELECT r.id FROM evaluation_run r
    WHERE r.organization_id = ${organizationId} AND r.file_id = ${log.file_id}
      AND r.version_id = ${log.version_id} AND ${awaitsClient}
      AND EXISTS (SELECT FROM evaluation_slot s WHERE s.organization_id = r.organization_id
        AND s.run_id = r.id AND s.datapoint_id = ${datapointId} AND ${isFree})`.execute(db);
  return rows.map(({ id }) => id);
}

/** A Run `r` that is open and filled by clients. */
export const awaitsClient = sql`r.status IN ('pending', 'running') AND NOT r.orchestrated
  AND NOT r.is_closed`;

/** A slot `s` that a log which names its datapoint may take. */
const isFree = sql`(s.state = 'empty' OR s.state = 'started' AND s.origin = 'adopted')`;

/**
 * Puts a log into the first free slot of a datapoint, if there is one.
 *
 * @param workspace in a transaction that has locked the Run for a change.
 */
export async function fillSlot(
  { db, organizationId }: Workspace,
  runId: string,
  datapointId: string,
  log: { readonly id: string; readonly origin: SlotOrigin },
): Promise<boolean> {
  const { numAffectedRows } = await sql`UPDATE evaluation_slot
    SET state = 'started', log_id = ${log.id}, origin = ${log.origin}, filled_at = now()
    WHERE organization_id = ${organizationId} AND run_id = ${runId} AND position = (
      SELECT position FROM evaluation_slot s
      WHERE organization_id = ${organizationId} AND run_id = ${runId}
        AND datapoint_id = ${datapointId} AND ${isFree}
      ORDER BY state = 'empty' DESC, position LIMIT 1)`.execute(db);
  return Number(numAffectedRows) === 1;
}

/**
 * Adds a slot with a log at the end of a Run: one more trial of a datapoint, or a log without one.
 *
 * @param workspace in a transaction that has locked the Run for a change.
 */
export async function appendSlot(
  { db, organizationId }: Workspace,
  runId: string,
  datapointId: string | null,
  logId: string,
): Promise<void> {
  const ofRun = sql`organization_id = ${organizationId} AND run_id = ${runId}`;
  // Each number by its own index: one aggregate for both would read all slots for each log.
  await sql`INSERT INTO evaluation_slot (organization_id, run_id, position, trial, datapoint_id,
      state, log_id, origin, filled_at)
    SELECT ${organizationId}, ${runId},
      coalesce((SELECT max(position) FROM evaluation_slot WHERE ${ofRun}), -1) + 1,
      coalesce((SELECT max(trial) FROM evaluation_slot
        WHERE ${ofRun} AND datapoint_id = ${datapointId}), -1) + 1,
      ${datapointId}, 'started', ${logId}, 'run_id', now()`.execute(db);
}

/** A place of a log in a Run. */
export interface Placed {
  readonly runId: string;
  readonly isAdopted: boolean;
}

/** The Runs that have a log. */
export async function listPlaces(
  { db, organizationId }: Workspace,
  logId: string,
): Promise<readonly Placed[]> {
  const { rows } = await sql<Placed>`SELECT run_id AS "runId", origin = 'adopted' AS "isAdopted"
    FROM evaluation_slot WHERE organization_id = ${organizationId} AND log_id = ${logId}
    ORDER BY run_id`.execute(db);
  return rows;
}

/** Keeps an adopted log where it is, because it has named this Run. */
export async function confirmPlace(
  { db, organizationId }: Workspace,
  runId: string,
  logId: string,
): Promise<void> {
  await sql`UPDATE evaluation_slot SET origin = 'run_id' WHERE organization_id = ${organizationId}
    AND run_id = ${runId} AND log_id = ${logId} AND origin = 'adopted'`.execute(db);
}

/** Takes a log out of the Runs that adopted it. The caller has locked them for a change. */
export async function leavePlaces(
  { db, organizationId }: Workspace,
  runIds: readonly string[],
  logId: string,
): Promise<void> {
  await sql`UPDATE evaluation_slot SET ${emptied} WHERE organization_id = ${organizationId}
    AND run_id = ANY(${[...runIds]}::text[]) AND log_id = ${logId}
    AND origin = 'adopted'`.execute(db);
}

/**
 * Sets the ready slots of a log to started: it is to be judged anew.
 *
 * @returns their Runs.
 */
export async function awaitLogAgain(
  { db, organizationId }: Workspace,
  logId: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ runId: string }>`UPDATE evaluation_slot SET state = 'started'
    WHERE organization_id = ${organizationId} AND log_id = ${logId} AND state = 'ready'
    RETURNING run_id AS "runId"`.execute(db);
  return rows.map(({ runId }) => runId);
}
