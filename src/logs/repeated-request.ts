import { isDuplicate } from '../database/violations.ts';
import type { Workspace } from '../database/workspace.ts';
import { logIdTaken } from './errors.ts';
import { findLog } from './log-queries.ts';
import type { LogView } from './log-record.ts';

/**
 * The log that an equal, earlier request created. Call it when a request fails: its `log_id` may be
 * taken, or it may not be repeatable, for example because its parent is complete by now.
 *
 * @param failure the error of the request.
 * @throws `log_id_taken` (conflict) when a different request created the log; `failure` when there
 *   is no such log.
 */
export async function findEarlierLog(
  workspace: Workspace,
  request: { readonly logId: string | null | undefined; readonly fingerprint: string | null },
  failure: unknown,
): Promise<LogView> {
  if (!request.logId) throw failure;
  const made = await findLog(workspace, request.logId);
  if (made && made.record.request_fingerprint === request.fingerprint) return made;
  throw isDuplicate(failure, 'log_pkey') ? logIdTaken(request.logId) : failure;
}
