import { sql } from 'kysely';
import { hot, type Workspace } from '../../database/workspace.ts';
import { endingText } from '../../logs/ended-as.ts';
import type { TurnRecord } from '../../logs/log-record.ts';
import { toldEvent } from '../events/event-sql.ts';
import type { Lease } from '../leases/lease.ts';

/**
 * The id of the log of the run that answers a tool call; undefined when no such run was opened.
 *
 * @param call.type the type of the file that answers the call.
 * @param call.turn the turn that made the call. Vendors may give calls of different turns the same
 *   id.
 */
export async function findChildLog(
  workspace: Workspace,
  {
    parentId,
    callId,
    type,
    turn,
  }: {
    readonly parentId: string;
    readonly callId: string;
    readonly type: string;
    readonly turn: Pick<TurnRecord, 'started_at'> | undefined;
  },
): Promise<string | undefined> {
  const [row] = await hot<{ id: string }>(
    workspace,
    `/* hot */ SELECT id FROM log
    WHERE organization_id = $1 AND trace_parent_id = $2 AND tool_call_id = $3 AND type = $4
      AND created_at >= $5
    ORDER BY created_at DESC LIMIT 1`,
    [workspace.organizationId, parentId, callId, type, turn?.started_at ?? '-infinity'],
  );
  return row?.id;
}

/**
 * Locks the row of a suspended run until the transaction ends. @returns undefined when it is not
 * suspended.
 */
export async function lockWaitingRun(
  workspace: Workspace,
  logId: string,
): Promise<{ readonly lease_token: number } | undefined> {
  const [row] = await hot<{ lease_token: number }>(
    workspace,
    `/* hot */ SELECT lease_token FROM run
    WHERE organization_id = $1 AND log_id = $2 AND state = 'suspended' FOR UPDATE`,
    [workspace.organizationId, logId],
  );
  return row;
}

/**
 * Writes the answer to a call of a suspended run whose row is locked.
 *
 * The answer to the last open call makes the run `running`, with an expired lease, so that any
 * process may take it over. Every answer raises the token, so that a continue that read the run
 * before must read it again.
 */
export async function answerWaitingRun(
  workspace: Workspace,
  answer: {
    readonly logId: string;
    readonly turnNumber: number;
    /** The tool message, as JSON; null when payloads are not stored. */
    readonly message: string | null;
    /** The sealed conversation with the answer; null when payloads are stored. */
    readonly sealed: Buffer | null;
    /** The event of the answer, as JSON; null when it is not stored. */
    readonly event: string | null;
    /** True: no other call is open. */
    readonly isLast: boolean;
  },
): Promise<void> {
  await hot(
    workspace,
    `/* hot */ WITH answered AS (
      UPDATE run SET event_count = event_count + 1,
        sealed_conversation = coalesce($6, sealed_conversation),
        state = CASE WHEN $7 THEN 'running' ELSE state END,
        lease_token = lease_token + 1,
        lease_expires_at = CASE WHEN $7 THEN now() END
      WHERE organization_id = $1 AND log_id = $2
      RETURNING organization_id, log_id, event_count),
    ${toldEvent('answered', 'json_build_array($5::json)', '$5::json IS NOT NULL')}
    UPDATE turn SET results = results || $4::jsonb
    WHERE organization_id = $1 AND log_id = $2 AND number = $3 AND $4::jsonb IS NOT NULL`,
    [
      workspace.organizationId,
      answer.logId,
      answer.turnNumber,
      answer.message,
      answer.event,
      answer.sealed,
      answer.isLast,
    ],
  );
}

/** The leases of the runs that answer a run's calls. */
export async function childRuns(
  workspace: Workspace,
  parentLogId: string,
): Promise<readonly Lease[]> {
  return hot<Lease>(
    workspace,
    `/* hot */ SELECT log_id AS "logId", lease_token AS token FROM run
    WHERE organization_id = $1 AND parent_log_id = $2`,
    [workspace.organizationId, parentLogId],
  );
}

/** How many runs were begun below a log, at any depth. */
export async function countRunsBelow(
  { organizationId, db }: Workspace,
  logId: string,
): Promise<number> {
  const { rows } = await sql<{ begun: number }>`WITH RECURSIVE child AS (
      SELECT id, ended_as FROM log
      WHERE organization_id = ${organizationId} AND trace_parent_id = ${logId}
        AND tool_call_id IS NOT NULL
      UNION ALL
      SELECT log.id, log.ended_as FROM child
      JOIN log ON log.organization_id = ${organizationId} AND log.trace_parent_id = child.id
        AND log.tool_call_id IS NOT NULL)
    SELECT count(*)::integer AS begun FROM child WHERE ended_as IS NOT NULL
      OR EXISTS (SELECT FROM run WHERE organization_id = ${organizationId} AND log_id = child.id)
  `.execute(db);
  return rows[0]?.begun ?? 0;
}

/**
 * Ends the runs that answer these calls of a log, and all runs below them, as `superseded`: the
 * client has answered the calls itself. The caller must have locked the parent's row (R5).
 */
export function abandonChildren(
  workspace: Workspace,
  parentId: string,
  callIds: readonly string[],
): Promise<void> {
  return endBelow(workspace, parentId, 'log.tool_call_id = ANY($3)', [...callIds]);
}

/**
 * Ends all runs below a log whose own run has ended, as `cancelled`: nothing uses their answers.
 */
export function cancelBelow(workspace: Workspace, parentId: string): Promise<void> {
  return endBelow(workspace, parentId, '$3::text[] IS NULL', null);
}

/**
 * @param condition selects the runs directly below the log.
 * @param callIds the calls that were answered; null: the runs are cancelled.
 */
async function endBelow(
  workspace: Workspace,
  parentId: string,
  condition: string,
  callIds: string[] | null,
): Promise<void> {
  await hot(
    workspace,
    `/* hot */ WITH RECURSIVE child AS (
      SELECT run.organization_id, run.log_id FROM run JOIN log
        ON log.organization_id = run.organization_id AND log.id = run.log_id
      WHERE run.organization_id = $1 AND run.parent_log_id = $2 AND ${condition}
      UNION ALL
      SELECT run.organization_id, run.log_id FROM run JOIN child
        ON run.organization_id = child.organization_id AND run.parent_log_id = child.log_id),
    closed AS (
      UPDATE log SET log_status = 'complete', end_time = now(),
        ended_as = CASE WHEN $3::text[] IS NULL THEN 'cancelled' ELSE 'superseded' END,
        error = CASE WHEN $3::text[] IS NULL THEN $4 ELSE error END
      FROM child WHERE log.organization_id = child.organization_id AND log.id = child.log_id)
    DELETE FROM run USING child
    WHERE run.organization_id = child.organization_id AND run.log_id = child.log_id`,
    [workspace.organizationId, parentId, callIds, endingText({ as: 'cancelled' })],
  );
}

/** The ids of the logs whose runs were begun with an API key, and have not ended. */
export async function findRunsOfKey(
  { db, organizationId }: Workspace,
  keyId: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT log.id FROM run JOIN log ON log.organization_id = run.organization_id AND log.id = run.log_id
    WHERE run.organization_id = ${organizationId} AND log.api_key_id = ${keyId}
    ORDER BY log.id`.execute(db);
  return rows.map(({ id }) => id);
}
