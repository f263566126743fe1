import type { Workspace } from '../../database/workspace.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { getLog } from '../../logs/read-logs.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { seizeRun } from '../leases/takeover-queries.ts';
import { childRuns, findRunsOfKey } from './child-run-queries.ts';
import { cancel } from './end-run.ts';
import { runEnded } from './errors.ts';
import { restoreRun } from './resume-run.ts';
import type { Runtime } from './runtime.ts';

/**
 * Ends a run and all runs below it, in any state and whichever process drives them.
 *
 * This process first takes the run in the database, so the process that drove it can no longer
 * write (R1). If that is this same process, its work stops at once. Another process stops at its
 * next check of its leases.
 *
 * @returns the log: complete, with `error` `cancelled`.
 * @throws `log_not_found`; `run_ended` (conflict) when the log has no run, or its run has ended.
 */
export async function cancelRun(
  runtime: Runtime,
  workspace: Workspace,
  logId: string,
): Promise<VersionedLog> {
  for (;;) {
    const { run } = await getLog(workspace, logId);
    if (!run) throw runEnded(logId);
    const log = await seizeAndEnd(runtime, workspace, { logId, token: run.lease_token });
    // Undefined: another process took the run after it was read. Read it again.
    if (log) return log;
  }
}

/**
 * Cancels the runs that were begun with an API key.
 *
 * @param keyId as logs have it: of keys that replaced each other, the first.
 */
export async function cancelRunsOfKey(
  runtime: Runtime,
  workspace: Workspace,
  keyId: string,
): Promise<void> {
  const urgent = runtime.urgent(workspace);
  for (const logId of await findRunsOfKey(urgent, keyId)) {
    try {
      await cancelRun(runtime, urgent, logId);
    } catch (error) {
      // It has ended meanwhile, or its log was deleted.
      if (!(error instanceof PlatformError)) throw error;
    }
  }
}

async function seizeAndEnd(
  runtime: Runtime,
  workspace: Workspace,
  seen: { readonly logId: string; readonly token: number },
): Promise<VersionedLog | undefined> {
  const lease = await seizeRun(workspace, seen, runtime.holder, { cancels: true });
  if (!lease) return undefined;
  runtime.abandon(workspace, lease.logId);
  await cancelChildren(runtime, workspace, lease.logId);
  const restored = await restoreRun(runtime, workspace, lease);
  if (!restored) return undefined;
  const { log, endedAs } = await runtime.drive(restored.options, { begin: cancel }).outcome;
  // Check how the run ended: another process may have taken it over before the cancellation was
  // written, and then the run may have finished.
  return endedAs === 'cancelled' ? log : undefined;
}

async function cancelChildren(
  runtime: Runtime,
  workspace: Workspace,
  parentLogId: string,
): Promise<void> {
  const children = await childRuns(workspace, parentLogId);
  await Promise.all(children.map((child) => seizeAndEnd(runtime, workspace, child)));
}
