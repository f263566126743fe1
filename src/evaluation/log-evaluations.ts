import type { Workspace } from '../database/workspace.ts';
import { PlacesByKey } from '../kernel/places.ts';
import type { ChangedLog, LogEvaluations, RunClaim } from '../logs/log-evaluations.ts';
import type { LogRecord } from '../logs/log-record.ts';
import { mayBeAdopted } from './attach/adoption-queries.ts';
import { adoptLog, attachByDatapoint, attachToRun } from './attach/attach-log.ts';
import { awaitLogAgain, listPlaces } from './attach/attach-queries.ts';
import { emptySlotsOf, lockLosingLogs } from './attach/deleted-log-queries.ts';
import { countJudgments, uncountJudgments } from './judgments/count-judgments.ts';
import { deleteStats, listJudgedBy, listRunsOfLogs } from './judgments/judgment-queries.ts';
import { lockRuns } from './runs/lock-queries.ts';
import { reopenRuns } from './runs/run-status.ts';
import { addTasksForLogs, updateSlots } from './tasks/intake-queries.ts';

/**
 * How many logs of an organization a process writes at once that concern evaluations. Writes of one
 * Run wait for each other anyway, each with a connection.
 */
const turns = new PlacesByKey(3);
const never = new AbortController().signal;

/** What evaluations do when logs are written. */
export const logEvaluations: LogEvaluations = {
  concerns(workspace, record, { runId, sdkKeyId }) {
    if (runId !== null || record.source_datapoint_id !== null || record.parent_id !== null) {
      return true;
    }
    return sdkKeyId !== null && record.trace_parent_id === null
      ? mayBeAdopted(workspace, record.file_id, sdkKeyId)
      : false;
  },

  inTurn: ({ organizationId }, work) => turns.take(organizationId, work, never),

  async recorded(workspace, record, claim) {
    await attach(workspace, record, claim);
    await countJudgments(workspace, [record]);
  },

  async changed(workspace, log, { runId, datapointId }) {
    const isFed = isContentChanged(log);
    if (isFed) await judgeAgain(workspace, log.after.id);
    if (runId !== null) await attachToRun(workspace, log.after, runId);
    else if (datapointId) await attachByDatapoint(workspace, log.after, datapointId);
    else return;
    if (!isFed) await judgeAttached(workspace, log.after);
  },

  async deleting(workspace, logIds) {
    const judgedIds = await listJudgedBy(workspace, logIds);
    // Lock all logs, and then all Runs: another order would deadlock. The judged logs too: a deletion
    // of another judgment at this moment could make the deleted one count.
    await lockLosingLogs(workspace, judgedIds);
    const runIds = await listRunsOfLogs(workspace, [...logIds, ...judgedIds]);
    if (runIds.length + judgedIds.length === 0) return;
    await lockRuns(workspace, runIds, 'change');
    await emptySlotsOf(workspace, logIds);
    await uncountJudgments(workspace, logIds);
    await deleteStats(workspace, runIds);
  },
};

async function attach(
  workspace: Workspace,
  record: LogRecord,
  { runId, sdkKeyId }: RunClaim,
): Promise<void> {
  const { source_datapoint_id: datapointId, trace_parent_id: traceParentId } = record;
  if (runId !== null) await attachToRun(workspace, record, runId);
  else if (datapointId !== null) await attachByDatapoint(workspace, record, datapointId);
  else if (sdkKeyId !== null && traceParentId === null && record.parent_id === null) {
    await adoptLog(workspace, record, sdkKeyId);
  }
}

/** Awaits new judgments in the Runs that have a log. The feed says when it can be judged. */
async function judgeAgain(workspace: Workspace, logId: string): Promise<void> {
  const runIds = (await listPlaces(workspace, logId)).map(({ runId }) => runId);
  if (runIds.length === 0) return;
  await lockRuns(workspace, runIds, 'change');
  await reopenRuns(workspace, await awaitLogAgain(workspace, logId));
}

/** Judges a log that was attached when it was ready: no row of the feed will say so. */
async function judgeAttached({ db, organizationId }: Workspace, log: LogRecord): Promise<void> {
  const { id, file_id: fileId } = log;
  const writes = [{ organizationId, id, fileId, isChanged: false, wasComplete: false }];
  if ((await updateSlots(db, writes)) > 0) await addTasksForLogs(db, writes);
}

/**
 * Whether the feed will have a row that says that a log's content changed. It must not be true
 * otherwise: the log would be awaited for ever.
 */
function isContentChanged({ before, after }: ChangedLog): boolean {
  const isComplete = after.log_status !== 'incomplete';
  if (isComplete !== (before.log_status !== 'incomplete')) return true;
  return isComplete && contentOf(before) !== contentOf(after);
}

function contentOf({ inputs, messages, output, output_message, error }: LogRecord): string {
  return JSON.stringify([inputs, messages, output, output_message, error]);
}
