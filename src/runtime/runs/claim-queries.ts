import type { ChatMessage } from '../../contract/chat.ts';
import { hot, type Workspace } from '../../database/workspace.ts';
import type { RunRecord } from '../../logs/log-record.ts';
import { toldEvent } from '../events/event-sql.ts';
import type { Lease, LeaseHolder } from '../leases/lease.ts';
import { seenRun, taken } from '../leases/run-sql.ts';

/** What a continue writes when it claims a run. */
interface ContinueClaim {
  readonly holder: LeaseHolder;
  readonly fingerprint: string;
  readonly options: RunRecord['options'];
  /** The event `agent_turn_continue`, in its stored form. */
  readonly event: { readonly type: string; readonly at: string };
}

/**
 * The CTE `claimed`, which claims a run for a continue. Of several continues at once, one succeeds.
 *
 * @param state the state of the run before.
 * @param more.sets further assignments, each after a comma.
 * @param more.condition further conditions, each after an `AND`.
 */
function claimed(
  state: 'suspended' | 'interrupted',
  { sets = '', condition = '' }: { readonly sets?: string; readonly condition?: string } = {},
): string {
  return `claimed AS (
      UPDATE run SET state = 'running', ${taken('$4', '$5')}, event_count = event_count + 1,
        continue_fingerprint = $6, options = $7, takeovers = 0${sets}
      WHERE ${seenRun} AND state = '${state}'${condition}
      RETURNING organization_id, log_id, lease_token, event_count)`;
}

/** The parameters $1 to $7 of {@link claimed}, and in $8 the row of the event. */
function claimValues(
  { organizationId }: Workspace,
  seen: Lease,
  { holder, fingerprint, options, event }: ContinueClaim,
): readonly unknown[] {
  return [
    organizationId,
    seen.logId,
    seen.token,
    holder.owner,
    holder.leaseSeconds,
    fingerprint,
    JSON.stringify(options),
    JSON.stringify([event]),
  ];
}

/**
 * Claims a suspended run for a continue with answers.
 *
 * The client's messages, who they are of, and the event of the continue are written in the same commit.
 *
 * @returns the new lease; undefined when the run is no longer suspended under this token, or when
 *   its parent run is running and drives it (R6).
 */
export async function claimSuspendedRun(
  workspace: Workspace,
  seen: Lease,
  claim: ContinueClaim & {
    readonly turnNumber: number;
    readonly continuation: readonly ChatMessage[];
    readonly save: boolean;
  },
): Promise<Lease | undefined> {
  const [row] = await hot<{ token: number }>(
    workspace,
    `/* hot */ WITH ${claimed('suspended', {
      sets: ', sealed_conversation = NULL, suspended_at = NULL',
      condition: ` AND NOT EXISTS (SELECT FROM run AS parent
          WHERE parent.organization_id = run.organization_id
            AND parent.log_id = run.parent_log_id AND parent.state = 'running')`,
    })},
    ${toldEvent('claimed', '$8', '$9')},
    answered AS (
      UPDATE turn SET continuation = $11, continued_at = now(), continued_by = $12,
        continued_by_key = $13
      FROM claimed
      WHERE turn.organization_id = $1 AND turn.log_id = $2 AND turn.number = $10)
    SELECT lease_token AS token FROM claimed`,
    [
      ...claimValues(workspace, seen, claim),
      claim.save,
      claim.turnNumber,
      claim.save ? JSON.stringify(claim.continuation) : null,
      workspace.memberId,
      workspace.keyId,
    ],
  );
  return row && { logId: seen.logId, token: row.token };
}

/**
 * Claims an interrupted run for a continue with keys.
 *
 * @returns the new lease; undefined when the run is no longer interrupted under this token.
 */
export async function claimInterruptedRun(
  workspace: Workspace,
  seen: Lease,
  claim: ContinueClaim,
): Promise<Lease | undefined> {
  const [row] = await hot<{ token: number }>(
    workspace,
    `/* hot */ WITH ${claimed('interrupted')},
    ${toldEvent('claimed', '$8')},
    cleared AS (
      UPDATE log SET error = NULL FROM claimed
      WHERE log.organization_id = claimed.organization_id AND log.id = claimed.log_id)
    SELECT lease_token AS token FROM claimed`,
    claimValues(workspace, seen, claim),
  );
  return row && { logId: seen.logId, token: row.token };
}
