import { type EvaluationRunRequest, mostLogs } from '../../contract/evaluation-run.ts';
import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { readTime } from '../../kernel/moment.ts';
import { findLogIds } from '../../logs/list/list-logs.ts';
import { everyLog, type LogFilter } from '../../logs/list/log-filter.ts';
import type { PlannedRun } from './plan-run.ts';
import {
  countDatapoints,
  type DatapointChoice,
  drawLogs,
  findForeignDatapoints,
  findLogsToReuse,
  holdLogs,
  insertDatapointSlots,
  insertLogSlots,
  reuseLogs,
} from './slot-queries.ts';

/** The slots that a new Run will have. */
export type SlotPlan =
  | { readonly from: 'nothing' }
  | {
      readonly from: 'datapoints';
      readonly choice: DatapointChoice;
      readonly size: number;
      readonly trials: number;
      /** The version whose logs are used where there are some. */
      readonly reuse: string | undefined;
    }
  | { readonly from: 'logs'; readonly logIds: readonly string[]; readonly size: number };

/**
 * Finds out which slots a Run will have. Writes nothing.
 *
 * @throws `invalid` for more than 100,000 logs, and for datapoints that the dataset does not have.
 */
export async function planSlots(
  workspace: Workspace,
  { request, dataset, version }: PlannedRun,
): Promise<SlotPlan> {
  if (request.logs) return planLogs(workspace, request.logs);
  if (!dataset) return { from: 'nothing' };
  const choice: DatapointChoice = {
    datasetVersionId: dataset.versionId,
    ids: request.datapoints?.ids ?? undefined,
    inputs: request.datapoints?.inputs ?? undefined,
  };
  if (choice.ids) await requireDatapoints(workspace, choice.datasetVersionId, choice.ids);
  const size = sizeOfSample(await countDatapoints(workspace, choice), request.sample, [
    'body',
    'sample',
  ]);
  const trials = request.trials ?? 1;
  if (size * trials > mostLogs) {
    throw invalid(['body', 'dataset'], tooMany(`${size} datapoints in ${trials} trials`));
  }
  const reuse = request.use_existing_logs ? version?.versionId : undefined;
  return { from: 'datapoints', choice, size, trials, reuse };
}

/**
 * Adds the slots of a new Run.
 *
 * @param workspace in the transaction that adds the Run.
 * @returns whether some have logs already.
 */
export async function fillSlots(
  workspace: Workspace,
  runId: string,
  plan: SlotPlan,
): Promise<boolean> {
  if (plan.from === 'nothing') return false;
  if (plan.from === 'logs') {
    const logIds = await drawLogs(workspace, runId, plan.logIds, plan.size);
    await holdLogs(workspace, logIds);
    await insertLogSlots(workspace, runId, logIds);
    return logIds.length > 0;
  }
  await insertDatapointSlots(workspace, runId, plan.choice, plan);
  if (plan.reuse === undefined) return false;
  const found = await findLogsToReuse(workspace, runId, plan.reuse);
  await holdLogs(workspace, found);
  await reuseLogs(workspace, { runId, versionId: plan.reuse }, found);
  return found.length > 0;
}

async function requireDatapoints(
  workspace: Workspace,
  datasetVersionId: string,
  ids: readonly string[],
): Promise<void> {
  const foreign = await findForeignDatapoints(workspace, datasetVersionId, ids);
  if (foreign.length === 0) return;
  throw invalid(
    ['body', 'datapoints', 'ids'],
    `The dataset does not have these datapoints: ${foreign.slice(0, 20).join(', ')}.`,
  );
}

async function planLogs(
  workspace: Workspace,
  logs: NonNullable<EvaluationRunRequest['logs']>,
): Promise<SlotPlan> {
  const found = await findLogIds(workspace, readLogFilter(logs), logs.limit ?? mostLogs + 1);
  if (found.length > mostLogs) throw invalid(['body', 'logs'], tooMany('These logs'));
  const size = sizeOfSample(found.length, logs.sample, ['body', 'logs', 'sample']);
  return { from: 'logs', logIds: found, size };
}

/** The filter of the logs that a request chooses. */
export function readLogFilter(
  logs: Omit<NonNullable<EvaluationRunRequest['logs']>, 'sample' | 'limit'>,
): LogFilter {
  return {
    ...everyLog,
    fileId: logs.file_id,
    versionId: logs.version_id ?? undefined,
    createdFrom: readTime(logs.start_date ?? '')?.first,
    createdUntil: readTime(logs.end_date ?? '')?.last,
    said: logs.search ?? undefined,
    metadata: logs.metadata_search ?? undefined,
  };
}

/**
 * How many of some things a sample has: all without one, a number of them, or a share of them.
 *
 * @throws `invalid` at `loc` for a fraction above 1.
 */
export function sizeOfSample(
  count: number,
  sample: number | null | undefined,
  loc: readonly string[],
): number {
  if (sample == null) return count;
  if (sample < 1) return Math.ceil(count * sample);
  if (!Number.isInteger(sample)) {
    throw invalid(loc, 'Give a whole number, or a share of them below 1.');
  }
  return Math.min(count, sample);
}

function tooMany(what: string): string {
  return `A run can have at most ${mostLogs} logs. ${what} are more.`;
}
