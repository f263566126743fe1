import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import type { LogRecord } from '../../logs/log-record.ts';
import { evaluationRunNotFound } from '../errors.ts';
import { type EvaluationRunRow, lockRuns } from '../runs/lock-queries.ts';
import { reopenRuns } from '../runs/run-status.ts';
import { beginRuns } from '../runs/status-queries.ts';
import { adopt, findEqualSlots } from './adoption-queries.ts';
import {
  appendSlot,
  confirmPlace,
  fillSlot,
  isInDataset,
  isInEvaluation,
  leavePlaces,
  listPlaces,
  listRunsAwaiting,
} from './attach-queries.ts';

/**
 * Attaches a log to the Run that it names: to the slot of its datapoint, as one more trial of it, or
 * at the end. A completed Run is running again. In a cancelled Run the log is not judged.
 *
 * A log that another Run had adopted leaves that one.
 *
 * @param workspace in a transaction.
 * @throws `evaluation_run_not_found`; `invalid` for a log of another file than the Run's, and for a
 *   datapoint that is not in the Run's dataset.
 */
export async function attachToRun(
  workspace: Workspace,
  log: LogRecord,
  runId: string,
): Promise<void> {
  const places = await listPlaces(workspace, log.id);
  const left = places.filter((place) => place.isAdopted && place.runId !== runId);
  const runs = await lockRuns(workspace, [runId, ...left.map((place) => place.runId)], 'change');
  const run = runs.find(({ id }) => id === runId);
  if (!run || !(await isInEvaluation(workspace, runId))) throw evaluationRunNotFound(runId);
  if (run.file_id !== null && run.file_id !== log.file_id) {
    throw invalid(
      ['body', 'run_id'],
      `Evaluation run \`${runId}\` is of file \`${run.file_id}\`, and this log of \`${log.file_id}\`.`,
    );
  }
  const leftIds = left.map((place) => place.runId);
  if (leftIds.length > 0) await leavePlaces(workspace, leftIds, log.id);
  if (places.some((place) => place.runId === runId)) await confirmPlace(workspace, runId, log.id);
  else await place(workspace, run, log);
  await noteLogs(workspace, runs);
}

async function place(
  workspace: Workspace,
  { id: runId, dataset_version_id: datasetVersionId }: EvaluationRunRow,
  log: LogRecord,
): Promise<void> {
  const { source_datapoint_id: datapointId } = log;
  if (datasetVersionId === null || datapointId === null) {
    return appendSlot(workspace, runId, null, log.id);
  }
  if (await fillSlot(workspace, runId, datapointId, { id: log.id, origin: 'run_id' })) return;
  if (!(await isInDataset(workspace, datasetVersionId, datapointId))) {
    throw invalid(
      ['body', 'source_datapoint_id'],
      `Datapoint \`${datapointId}\` is not in the dataset of evaluation run \`${runId}\`.`,
    );
  }
  await appendSlot(workspace, runId, datapointId, log.id);
}

/** Attaches a log to each open Run that clients fill and that wants a log for this datapoint. */
export async function attachByDatapoint(
  workspace: Workspace,
  log: LogRecord,
  datapointId: string,
): Promise<void> {
  const awaiting = await listRunsAwaiting(workspace, log, datapointId);
  const has = new Set((await listPlaces(workspace, log.id)).map((place) => place.runId));
  const wanted = awaiting.filter((id) => !has.has(id));
  const runs = await lockRuns(workspace, wanted, 'change');
  for (const { id } of runs) {
    await fillSlot(workspace, id, datapointId, { id: log.id, origin: 'datapoint' });
  }
  await noteLogs(workspace, runs);
}

/**
 * Attaches a log that names neither a Run nor a datapoint to the Run that probably awaits it: v5 SDKs
 * lose these ids in two everyday cases. Exactly one empty slot of the Runs that the key created lately
 * must have the log's inputs and messages.
 */
export async function adoptLog(workspace: Workspace, log: LogRecord, keyId: string): Promise<void> {
  const [slot, another] = await findEqualSlots(workspace, log, keyId);
  if (!slot || another) return;
  const runs = await lockRuns(workspace, [slot.runId], 'change');
  if (await adopt(workspace, slot, log.id)) await noteLogs(workspace, runs);
}

/** Notes that the logs of these Runs have changed. */
async function noteLogs(workspace: Workspace, runs: readonly EvaluationRunRow[]): Promise<void> {
  const withStatus = (...statuses: EvaluationRunRow['status'][]) =>
    runs.filter(({ status }) => statuses.includes(status)).map(({ id }) => id);
  await beginRuns(workspace, withStatus('pending'));
  await reopenRuns(workspace, withStatus('completed', 'cancelled'));
}
