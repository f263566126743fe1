import { hot, type Workspace } from '../database/workspace.ts';
import type { TurnRecord } from '../logs/log-record.ts';

/**
 * The log of the run that answers a tool call, if that was begun.
 *
 * @param turn that made the call: vendors may give calls of other turns the same id.
 */
export async function findChildLog(
  workspace: Workspace,
  parentId: string,
  callId: string,
  turn: Pick<TurnRecord, 'started_at'> | undefined,
): Promise<string | undefined> {
  const [row] = await hot<{ id: string }>(
    workspace,
    `/* hot */ SELECT id FROM log
    WHERE organization_id = $1 AND trace_parent_id = $2 AND tool_call_id = $3 AND type = 'agent'
      AND created_at >= $4
    ORDER BY created_at DESC LIMIT 1`,
    [workspace.organizationId, parentId, callId, turn?.started_at ?? '-infinity'],
  );
  return row?.id;
}

/** A run that waits for an answer to one of its calls, locked until the transaction ends. */
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
 * Answers a call of a run that waits, and is locked. When nothing else is waited for, the run may
 * be driven again, by whoever takes it first. A continue that has seen it before must look again.
 */
export async function answerWaitingRun(
  workspace: Workspace,
  answer: {
    readonly logId: string;
    readonly turnNumber: number;
    /** The tool message, as JSON; null when payloads are not stored. */
    readonly message: string | null;
    /** The conversation with the answer, where payloads are not stored. */
    readonly sealed: Buffer | null;
    /** The event that tells of it, as JSON; null when it is not stored. */
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
      RETURNING event_count),
    told AS (
      INSERT INTO run_event (organization_id, log_id, number, events)
      SELECT $1, $2, event_count, json_build_array($5::json) FROM answered
      WHERE $5::json IS NOT NULL)
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
