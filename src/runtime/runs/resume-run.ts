import type { Workspace } from '../../database/workspace.ts';
import { timestamp } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { type Ending, endingText } from '../../logs/ended-as.ts';
import { findLog } from '../../logs/log-queries.ts';
import type { LogView, RunRecord } from '../../logs/log-record.ts';
import { versioned } from '../../logs/versioned-log.ts';
import { readState } from '../events/event-queries.ts';
import type { Lease } from '../leases/lease.ts';
import { findAncestors } from './ancestors.ts';
import { cancel, endWith } from './end-run.ts';
import type { EngineParts } from './engine-parts.ts';
import { dropRun, interruptRun } from './rest-queries.ts';
import type { ParentRun } from './run.ts';
import type { DriveOptions, RunDriver } from './run-driver.ts';
import { unsealed } from './sealed-conversation.ts';

/**
 * The most takeovers in a row without a finished step. A run that exceeds it probably crashes or
 * blocks its servers, one after the other.
 */
const mostTakeovers = 3;

/**
 * Resumes a run that this process has taken over, from what is on disk. Finished turns and tool
 * calls keep their results; those that were in progress are repeated.
 *
 * @returns when the run has started here; it does not wait for the run's rest.
 */
export async function resumeRun<Parts extends EngineParts>(
  runtime: RunDriver<Parts>,
  workspace: Workspace,
  lease: Lease,
): Promise<void> {
  const restored = await restoreRun(runtime, workspace, lease);
  if (!restored) return;
  const { view, run, options } = restored;
  const { record } = view;
  if (run.is_cancelled || (await isOrphan(workspace, run))) {
    runtime.drive(options, { begin: cancel });
    return;
  }
  const { runnable } = options;
  const missing = await runnable.missingKeys(runtime.parts, workspace, run.options);
  if (missing.length > 0 && runnable.waitsForKeys && record.save) {
    await interruptRun(workspace, lease, {
      type: 'agent_turn_suspend',
      at: timestamp(runtime.parts.clock.now()),
      turns: view.turns.length,
      error: endingText({ as: 'interrupted', providers: missing }),
    });
    return;
  }
  const obstacle = obstacleTo(view, run, missing);
  if (obstacle === undefined) runtime.drive(options);
  else runtime.drive(options, { begin: (run) => endWith(run, obstacle) });
}

/** A run as it is on disk, with the options to drive it. */
interface RestoredRun<Parts extends EngineParts> {
  readonly view: LogView;
  readonly run: RunRecord;
  readonly options: DriveOptions<Parts>;
}

/**
 * Reads what this process needs to drive a run. Drops the run if its file was deleted.
 *
 * @returns undefined when another process has taken the run, or the run was dropped.
 */
export async function restoreRun<Parts extends EngineParts>(
  runtime: Pick<RunDriver<Parts>, 'parts' | 'runnable'>,
  workspace: Workspace,
  lease: Lease,
): Promise<RestoredRun<Parts> | undefined> {
  const found = await findLog(workspace, lease.logId);
  if (found?.run?.lease_token !== lease.token) return undefined;
  const view = unsealed(runtime.parts.secrets, workspace, found);
  const { record, turns } = view;
  const { run } = found;
  try {
    const { version } = await versioned(workspace, view);
    const runnable = runtime.runnable(record.type);
    const tools = await runnable.tools(workspace, version);
    return {
      view,
      run,
      options: {
        workspace,
        runnable,
        version,
        tools,
        record,
        turns,
        lease,
        eventCount: run.event_count,
        keepOpen: run.keep_open,
        providerApiKeys: {},
        callOptions: run.options,
        origin: { type: 'taken_over' },
        parent: waitingParent(run),
        ancestors: await findAncestors(workspace, run.parent_log_id),
      },
    };
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'log_not_found') throw error;
    await dropRun(workspace, lease);
    return undefined;
  }
}

/**
 * The parent of a child run that this process drives apart from its parent: the parent waits (R6).
 */
export function waitingParent({ parent_log_id: logId }: RunRecord): ParentRun | null {
  return logId === null ? null : { logId, waits: true };
}

/** Whether the parent run has ended: nothing uses the answer of this run then. */
async function isOrphan(workspace: Workspace, { parent_log_id: parent }: RunRecord) {
  return parent !== null && (await readState(workspace, parent)) === null;
}

/**
 * Why a run cannot go on; undefined when it can. The run ends with this reason in its log, and its
 * call is answered with the log. An error would make the client call again.
 */
function obstacleTo(
  { record }: LogView,
  run: RunRecord,
  missing: readonly string[],
): Ending | undefined {
  if (!record.save && run.sealed_conversation === null) return { as: 'not_resumable' };
  if (run.takeovers > mostTakeovers) return { as: 'given_up', times: run.takeovers };
  if (missing.length > 0) return { as: 'interrupted', providers: missing };
  return undefined;
}
