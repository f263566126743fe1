import { sql } from 'kysely';
import type { ChatMessage } from '../../contract/chat.ts';
import type { FileType } from '../../contract/kinds/index.ts';
import type { Database } from '../../database/database.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { LeaseHolder } from '../../runtime/leases/lease.ts';

/** A Run that has slots for which this server may start calls. */
export interface GeneratedRun {
  readonly organizationId: string;
  readonly id: string;
  readonly fileId: string;
  readonly versionId: string;
  readonly type: FileType;
}

/**
 * The Runs that have empty slots, or slots whose server died before the call began. The oldest come
 * first. It spans organizations, because a server generates for all.
 */
export async function listRunsToGenerate({ db }: Database): Promise<readonly GeneratedRun[]> {
  const { rows } =
    await sql<GeneratedRun>`/* hot */ SELECT r.organization_id AS "organizationId", r.id, r.file_id AS "fileId",
      r.version_id AS "versionId", f.type
    FROM evaluation_run r
    JOIN file f ON f.organization_id = r.organization_id AND f.id = r.file_id
    WHERE r.status IN ('pending', 'running') AND r.orchestrated AND NOT r.is_closed
      AND f.deleted_at IS NULL AND EXISTS (SELECT FROM evaluation_slot s
        WHERE s.organization_id = r.organization_id AND s.run_id = r.id AND ${dueSlot})
    ORDER BY r.created_at, r.id`.execute(db);
  return rows;
}

/** A slot `s` for which a call can be started. */
const dueSlot = sql`s.state <> 'ready' AND (s.state = 'empty' OR s.lease_expires_at < now())`;

/** How many calls of an open Run are in progress, and of its organization. */
export interface CallsUnderWay {
  readonly ofRun: number;
  readonly ofOrganization: number;
}

/** Counts calls on all servers. A run that waits for its client is not in progress. */
export async function countCallsUnderWay(
  { db, organizationId }: Workspace,
  runId: string,
): Promise<CallsUnderWay> {
  const { rows } =
    await sql<CallsUnderWay>`/* hot */ SELECT count(*) FILTER (WHERE s.run_id = ${runId})::integer AS "ofRun",
      count(*)::integer AS "ofOrganization"
    FROM evaluation_slot s
    LEFT JOIN run ON run.organization_id = s.organization_id AND run.log_id = s.log_id
    WHERE s.organization_id = ${organizationId} AND s.state = 'started'
      AND s.origin = 'generated'
      AND (s.lease_expires_at > now() OR run.state = 'running')`.execute(db);
  return rows[0] ?? { ofRun: 0, ofOrganization: 0 };
}

/** A slot that this server has reserved for the log of a call. */
export interface ReservedSlot {
  readonly position: number;
  readonly logId: string;
  /** How often the slot was reserved. */
  readonly token: number;
  readonly replayedLogId: string | null;
  readonly datapoint: {
    readonly id: string;
    readonly inputs: Readonly<Record<string, unknown>> | null;
    readonly messages: ChatMessage[] | null;
  } | null;
}

/**
 * Reserves the first due slots of a Run. A slot whose server died keeps its log id, so a call that
 * was begun after all is found again and not made twice.
 *
 * @param workspace in a transaction that has locked the Run for a change.
 * @param logIds an id for each slot that may be reserved.
 */
export async function reserveSlots(
  { db, organizationId }: Workspace,
  runId: string,
  holder: LeaseHolder,
  logIds: readonly string[],
): Promise<readonly ReservedSlot[]> {
  const { rows } = await sql<ReservedSlot>`/* hot */ WITH due AS (
      SELECT position FROM evaluation_slot s
      WHERE organization_id = ${organizationId} AND run_id = ${runId} AND ${dueSlot}
      ORDER BY position LIMIT ${logIds.length} FOR UPDATE SKIP LOCKED),
    numbered AS (SELECT position, row_number() OVER (ORDER BY position) AS number FROM due),
    reserved AS (
      UPDATE evaluation_slot s SET state = 'started', origin = 'generated', filled_at = now(),
        log_id = coalesce(s.log_id, given.id), lease_owner = ${holder.owner},
        lease_token = s.lease_token + 1,
        lease_expires_at = now() + make_interval(secs => ${holder.leaseSeconds})
      FROM numbered JOIN unnest(${[...logIds]}::text[]) WITH ORDINALITY AS given (id, number)
        USING (number)
      WHERE s.organization_id = ${organizationId} AND s.run_id = ${runId}
        AND s.position = numbered.position
      RETURNING s.position, s.log_id, s.lease_token, s.replayed_log_id, s.datapoint_id)
    SELECT position, log_id AS "logId", lease_token AS token,
      replayed_log_id AS "replayedLogId", CASE WHEN d.id IS NOT NULL THEN
        json_build_object('id', d.id, 'inputs', d.inputs, 'messages', d.messages) END AS datapoint
    FROM reserved LEFT JOIN datapoint d
      ON d.organization_id = ${organizationId} AND d.id = reserved.datapoint_id
    ORDER BY position`.execute(db);
  return rows;
}

/** Gives reserved slots back whose calls this server does not start. */
export async function giveBackSlots(
  { db, organizationId }: Workspace,
  runId: string,
  { owner }: LeaseHolder,
  logIds: readonly string[],
): Promise<void> {
  await sql`UPDATE evaluation_slot SET ${emptied}
    WHERE organization_id = ${organizationId} AND run_id = ${runId}
      AND log_id = ANY(${[...logIds]}::text[]) AND lease_owner = ${owner}
      AND lease_expires_at IS NOT NULL`.execute(db);
}

/** What a slot is when it has no log. */
export const emptied = sql`state = 'empty', log_id = NULL, origin = NULL, filled_at = NULL,
  lease_owner = NULL, lease_expires_at = NULL`;
