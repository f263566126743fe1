import type { ChatMessage } from '../../contract/chat.ts';
import { hot, type Workspace } from '../../database/workspace.ts';
import type { RunRecord } from '../../logs/log-record.ts';
import type { Lease, LeaseHolder } from '../leases/lease.ts';

/** What a continue takes a run up with. */
interface ContinueClaim {
  readonly holder: LeaseHolder;
  readonly fingerprint: string;
  readonly options: RunRecord['options'];
  /** The event that begins the continue, as it is stored. */
  readonly event: { readonly type: string; readonly at: string };
}

/**
 * Takes up a suspended run: of any number that try at once, one succeeds.
 *
 * Writes the client's messages to the last turn, and the event that tells of it, in the same commit.
 *
 * @returns the new lease; undefined when the run was not suspended under this token any more, or
 *   when the run whose call it answers is under way.
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
    `/* hot */ WITH claimed AS (
      UPDATE run SET state = 'running', lease_token = lease_token + 1, lease_owner = $4,
        lease_expires_at = now() + make_interval(secs => $5), event_count = event_count + 1,
        continue_fingerprint = $6, sealed_conversation = NULL, suspended_at = NULL, options = $9,
        takeovers = 0
      WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'suspended'
        AND NOT EXISTS (SELECT FROM run AS parent
          WHERE parent.organization_id = run.organization_id
            AND parent.log_id = run.parent_log_id AND parent.state = 'running')
      RETURNING lease_token, event_count),
    told AS (
      INSERT INTO run_event (organization_id, log_id, number, events)
      SELECT $1, $2, event_count, $10 FROM claimed WHERE $11),
    answered AS (
      UPDATE turn SET continuation = $8 FROM claimed
      WHERE organization_id = $1 AND log_id = $2 AND number = $7)
    SELECT lease_token AS token FROM claimed`,
    [
      workspace.organizationId,
      seen.logId,
      seen.token,
      claim.holder.owner,
      claim.holder.leaseSeconds,
      claim.fingerprint,
      claim.turnNumber,
      claim.save ? JSON.stringify(claim.continuation) : null,
      JSON.stringify(claim.options),
      JSON.stringify([claim.event]),
      claim.save,
    ],
  );
  return row && { logId: seen.logId, token: row.token };
}

/**
 * Takes up a run that was interrupted, with what a new call brings.
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
    `/* hot */ WITH claimed AS (
      UPDATE run SET state = 'running', lease_token = lease_token + 1, lease_owner = $4,
        lease_expires_at = now() + make_interval(secs => $5), event_count = event_count + 1,
        continue_fingerprint = $6, options = $7, takeovers = 0
      WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'interrupted'
      RETURNING organization_id, log_id, lease_token, event_count),
    told AS (
      INSERT INTO run_event (organization_id, log_id, number, events)
      SELECT organization_id, log_id, event_count, $8 FROM claimed),
    cleared AS (
      UPDATE log SET error = NULL FROM claimed
      WHERE log.organization_id = claimed.organization_id AND log.id = claimed.log_id)
    SELECT lease_token AS token FROM claimed`,
    [
      workspace.organizationId,
      seen.logId,
      seen.token,
      claim.holder.owner,
      claim.holder.leaseSeconds,
      claim.fingerprint,
      JSON.stringify(claim.options),
      JSON.stringify([claim.event]),
    ],
  );
  return row && { logId: seen.logId, token: row.token };
}
