import type { ChatMessage } from '../../contract/chat.ts';
import { hot, type Workspace } from '../../database/workspace.ts';
import type { RunRecord } from '../../logs/log-record.ts';
import { toldEvent } from '../events/event-sql.ts';
import type { Lease, LeaseHolder } from '../leases/lease.ts';
import { seenRun, taken } from '../leases/run-sql.ts';

/** What a continue takes a run up with. */
interface ContinueClaim {
  readonly holder: LeaseHolder;
  readonly fingerprint: string;
  readonly options: RunRecord['options'];
  /** The event that begins the continue, as it is stored. */
  readonly event: { readonly type: string; readonly at: string };
}

/**
 * Takes up a run that waits, as `claimed`: of any number that try at once, one succeeds.
 *
 * @param state what it waits in.
 * @param more what else is set, and what else must be true.
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

/** The parameters of {@link claimed}, and in $8 the row of the event. */
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
 * Takes up a run that waits for its client.
 *
 * Writes the client's messages to the last turn, and the event that tells of it, in the same commit.
 *
 * @returns the new lease; undefined when the run was not suspended under this token any more, or
 *   when the run whose call it answers is under way (R6).
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
      UPDATE turn SET continuation = $11 FROM claimed
      WHERE turn.organization_id = $1 AND turn.log_id = $2 AND turn.number = $10)
    SELECT lease_token AS token FROM claimed`,
    [
      ...claimValues(workspace, seen, claim),
      claim.save,
      claim.turnNumber,
      claim.save ? JSON.stringify(claim.continuation) : null,
    ],
  );
  return row && { logId: seen.logId, token: row.token };
}

/**
 * Takes up a run that was interrupted, with the keys that a client brings.
 *
 * @returns the new lease; undefined when the run was not interrupted under this token any more.
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
