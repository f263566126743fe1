import { isDuplicate } from '../database/violations.ts';
import type { Workspace } from '../database/workspace.ts';
import { PlatformError } from '../kernel/errors.ts';
import { logIdTaken } from '../logs/errors.ts';
import { findLog } from '../logs/log-queries.ts';
import type { LogView } from '../logs/log-record.ts';

/**
 * The log that an equal request made before, when this one failed because it is a repeat: its
 * `log_id` is taken, or its parent has been completed since.
 *
 * @param failure what the request failed with.
 * @throws `log_id_taken` (conflict) when another request made the log; the failure itself when
 *   there is no such log.
 */
export async function madeBefore(
  workspace: Workspace,
  request: { readonly logId: string | null | undefined; readonly fingerprint: string | null },
  failure: unknown,
): Promise<LogView> {
  const isTaken = isDuplicate(failure, 'log_pkey');
  const isLate = failure instanceof PlatformError && failure.code === 'trace_complete';
  if (!request.logId || !(isTaken || isLate)) throw failure;
  const made = await findLog(workspace, request.logId);
  if (made && made.record.request_fingerprint === request.fingerprint) return made;
  throw isTaken ? logIdTaken(request.logId) : failure;
}
