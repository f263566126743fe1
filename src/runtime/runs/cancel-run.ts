import type { Workspace } from '../../database/workspace.ts';
import { getLog } from '../../logs/read-logs.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { seizeRun } from '../leases/takeover-queries.ts';
import { childRuns } from './child-run-queries.ts';
import { cancel } from './end-run.ts';
import { runEnded } from './errors.ts';
import { restoreRun } from './resume-run.ts';
import type { Runtime } from './runtime.ts';

/**
 * Ends a run for good, with the runs below it, in whatever state it is and whichever process drives
 * it.
 *
 * The run is taken away from its driver in the database, so the driver cannot write any more (R1). The
 * driver stops its work at once when it is this process, or else when it next looks at its leases.
 *
 * @returns the log: complete, with `error` `cancelled`.
 * @throws `log_not_found`; `run_ended` (conflict) when there is no run any more.
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
    // Undefined: another process took the run since it was read. Look again.
    if (log) return log;
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
  // Another process may have taken the run over before its end was written: then it may have finished.
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
