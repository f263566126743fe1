import type { Workspace } from '../../database/workspace.ts';
import { findDatapoints } from '../../files/datasets/datapoint-queries.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import { type FileVersion, isOfKind } from '../../files/file-version.ts';
import { evaluatorKind } from '../../files/kinds/evaluator.ts';
import { Places } from '../../kernel/places.ts';
import { judge } from '../../runtime/kinds/evaluator/judge.ts';
import type { JudgeItem } from '../../runtime/kinds/evaluator/judge-call.ts';
import { loadJudgedLogs } from '../../runtime/kinds/evaluator/load-judged-logs.ts';
import { newVerdict, type Verdict } from '../../runtime/kinds/evaluator/verdict.ts';
import type { RuntimeParts } from '../../runtime/kinds/runtime-parts.ts';
import { type ClaimedTask, deleteTasks } from './claim-queries.ts';
import { listTaskLogs } from './judged-log-queries.ts';
import { ResultWriter } from './result-writer.ts';

/** How often the server tries to judge a log, before it writes an error. */
export const mostAttempts = 5;

/** The most logs of a batch that are in memory at once, each of up to 4 MB. */
const mostLoaded = 20;

/**
 * The logs that are in memory for the sandbox, or wait for their turn: as few as keep its processes
 * busy, and more than one organization has batches. Logs for models have no such turns, since a vendor
 * that hangs would delay everybody.
 */
const sandboxTurns = new Places(6);

/** Tasks of one evaluator version that this process has claimed; at least one. */
interface TaskBatch {
  readonly workspace: Workspace;
  readonly tasks: readonly ClaimedTask[];
  /** Aborted when none of the tasks is held any more, or the server stops. */
  readonly signal: AbortSignal;
}

/**
 * Judges the logs of tasks, and ends the tasks. Tasks that nobody wants any more are dropped: their
 * log or evaluator was deleted, their log left its Run, or their monitor was deactivated.
 *
 * @returns the Runs that have the logs.
 * @throws what kept the server from judging or writing. Results that were written before are valid.
 */
export async function judgeTasks(
  parts: RuntimeParts,
  batch: TaskBatch,
): Promise<ReadonlySet<string>> {
  const { workspace, tasks, signal } = batch;
  const [{ versionId }] = tasks as readonly [ClaimedTask];
  const version = (await findVersionsById(workspace, [versionId])).get(versionId);
  if (!isOfKind(version, evaluatorKind) || version.isDeleted) {
    await deleteTasks(workspace, tasks);
    return new Set();
  }
  const isForSandbox = version.spec.spec.evaluator_type === 'python';
  const results = new ResultWriter(workspace, version);
  try {
    for (let first = 0; first < tasks.length; first += mostLoaded) {
      const part = { ...batch, tasks: tasks.slice(first, first + mostLoaded) };
      const judgePart = () => judgeTogether(parts, part, version, results);
      await (isForSandbox ? sandboxTurns.take(judgePart, signal) : judgePart());
    }
  } catch (error) {
    // Write what was told before.
    await results.end();
    throw error;
  }
  return results.end();
}

/** Loads the logs of tasks, and judges them. */
async function judgeTogether(
  parts: RuntimeParts,
  batch: TaskBatch,
  version: FileVersion<'evaluator'>,
  results: ResultWriter,
): Promise<void> {
  const { workspace, tasks, signal } = batch;
  const wanted = await loadWanted(batch, version);
  const unwanted = tasks.filter((task) => !wanted.some((judged) => judged.task === task));
  await deleteTasks(workspace, unwanted);
  const tell = ({ task, item }: WantedTask, verdict: Verdict) =>
    results.add({ task, verdict, datapointId: item.testcase?.id ?? null });
  const judgeable = wanted.filter((each) => {
    const error = whyNotJudged(each);
    if (error !== undefined) tell(each, newVerdict({ error }));
    return error === undefined;
  });
  await judge(
    parts,
    workspace,
    version,
    judgeable.map(({ item }) => item),
    {
      lane: 'judging',
      signal,
      told: (index, verdict) => tell(judgeable[index] as WantedTask, verdict),
    },
  );
}

/** A task, and what its evaluator is given. */
interface WantedTask {
  readonly task: ClaimedTask;
  readonly item: JudgeItem;
  readonly save: boolean;
}

async function loadWanted(
  { workspace, tasks }: TaskBatch,
  version: FileVersion<'evaluator'>,
): Promise<readonly WantedTask[]> {
  const ids = tasks.map(({ logId }) => logId);
  const [taskLogs, judgedLogs] = await Promise.all([
    listTaskLogs(workspace, version.id, ids),
    loadJudgedLogs(workspace, ids),
  ]);
  const byId = new Map(taskLogs.map((log) => [log.id, log]));
  const datapoints = await findDatapoints(
    workspace,
    taskLogs.flatMap(({ datapointId }) => datapointId ?? []),
  );
  return tasks.flatMap((task) => {
    const found = byId.get(task.logId);
    const log = judgedLogs.get(task.logId);
    if (!found || !log) return [];
    const isForRun = task.forRun && found.isInRun;
    if (!isForRun && !found.isMonitored) return [];
    const testcase = isForRun ? (datapoints.get(found.datapointId ?? '') ?? null) : null;
    return [{ task, item: { log, testcase }, save: found.save }];
  });
}

function whyNotJudged({ task, save }: WantedTask): string | undefined {
  if (!save) {
    return 'The log was made with `save: false`: its inputs and output are not stored, so it cannot be judged.';
  }
  if (task.attempts > mostAttempts) {
    return `The server could not judge this log: ${mostAttempts} attempts failed. What it logged itself says why.`;
  }
  return undefined;
}
