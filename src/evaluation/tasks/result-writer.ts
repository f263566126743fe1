import { inTransaction, type Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { Verdict } from '../../runtime/kinds/evaluator/verdict.ts';
import { deleteStats, listRunsOfLogs } from '../judgments/judgment-queries.ts';
import { lockRuns } from '../runs/lock-queries.ts';
import type { ClaimedTask } from './claim-queries.ts';
import { newEvaluatorLog } from './evaluator-log.ts';
import { type DoneTask, endTasks, lockJudgedLogs } from './result-queries.ts';

/** The most results of one transaction, and the milliseconds that a result waits for others. */
const mostAtOnce = 50;
const waitMs = 100;

/** What a task has come to. */
export interface TaskResult {
  readonly task: ClaimedTask;
  readonly verdict: Verdict;
  /** The datapoint with which the log was judged. */
  readonly datapointId: string | null;
}

/** Writes the results of tasks of one evaluator version, several in a transaction. */
export class ResultWriter {
  readonly #workspace: Workspace;
  readonly #version: FileVersion<'evaluator'>;
  readonly #runIds = new Set<string>();
  readonly #waiting: TaskResult[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** The transactions under way. Results that come meanwhile are in the next one, together. */
  #writing: Promise<void> = Promise.resolve();

  constructor(workspace: Workspace, version: FileVersion<'evaluator'>) {
    this.#workspace = workspace;
    this.#version = version;
  }

  /** Takes a result, to be written soon. */
  add(result: TaskResult): void {
    this.#waiting.push(result);
    if (this.#waiting.length >= mostAtOnce) this.#begin();
    else this.#timer ??= setTimeout(() => this.#begin(), waitMs).unref();
  }

  /**
   * Writes what is left.
   *
   * @returns the Runs that have the logs of all written results.
   * @throws what kept a result from being written.
   */
  async end(): Promise<ReadonlySet<string>> {
    this.#begin();
    await this.#writing;
    return this.#runIds;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeAll());
    // `end` throws it.
    this.#writing.catch(() => undefined);
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const results = this.#waiting.splice(0, mostAtOnce);
      const runIds = await writeResults(this.#workspace, this.#version, results);
      for (const id of runIds) this.#runIds.add(id);
    }
  }
}

/**
 * Ends tasks and writes their judgments, all or none. Results of tasks that are no longer held, and
 * of logs that were deleted, are dropped.
 *
 * @returns the Runs that have the logs.
 */
function writeResults(
  workspace: Workspace,
  version: FileVersion<'evaluator'>,
  results: readonly TaskResult[],
): Promise<readonly string[]> {
  return inTransaction(workspace, async (workspace) => {
    const ids = results.map(({ task }) => task.logId);
    const judged = new Map((await lockJudgedLogs(workspace, ids)).map((log) => [log.id, log]));
    const runIds = await listRunsOfLogs(workspace, [...judged.keys()]);
    await lockRuns(workspace, runIds, 'judge');
    const done = results.flatMap(({ task, verdict, datapointId }): readonly DoneTask[] => {
      const log = judged.get(task.logId);
      if (!log) return [];
      const source = task.forRun ? 'evaluation' : 'monitoring';
      return [{ task, datapointId, evaluatorLog: newEvaluatorLog(version, log, verdict, source) }];
    });
    await endTasks(workspace, done);
    await deleteStats(workspace, runIds);
    return runIds;
  });
}
