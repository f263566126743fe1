import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { versionNotFound } from '../../files/errors.ts';
import { evaluationRunNotFound } from '../errors.ts';
import { deleteStats } from '../judgments/judgment-queries.ts';
import { addTasks } from '../tasks/task-queries.ts';
import { lockRuns } from './lock-queries.ts';
import {
  emptyGeneratedSlots,
  listUnattached,
  outdateJudgments,
  reopenRun,
} from './retry-queries.ts';
import { completeRuns } from './run-status.ts';

/** What of a Run is done again. */
export interface Retry {
  readonly what: 'errors' | 'missing' | 'all';
  /** Only these versions of evaluators; undefined: all. */
  readonly evaluators: readonly string[] | undefined;
  /** Whether logs are made again, too; undefined: when the server makes them. */
  readonly logs: boolean | undefined;
}

/**
 * Does parts of a Run again. A Run that has ended is open again, and what is missing in it is done,
 * whatever else is asked for.
 *
 * Failed calls get new logs in their slots, and the old logs stay. Failed judgments are made again.
 *
 * @throws `evaluation_run_not_found`; `version_not_found` for an evaluator that no Evaluation of the
 *   Run has.
 */
export async function retryEvaluationRun(
  workspace: Workspace,
  runId: string,
  { what, evaluators, logs = true }: Retry,
): Promise<void> {
  await inTransaction(workspace, async (workspace) => {
    const [run] = await lockRuns(workspace, [runId], 'change');
    if (!run) throw evaluationRunNotFound(runId);
    const [unknown] = await listUnattached(workspace, runId, evaluators ?? []);
    if (unknown !== undefined) throw versionNotFound(unknown);
    if (what !== 'missing') {
      if (logs && run.orchestrated) await emptyGeneratedSlots(workspace, runId, what);
      await outdateJudgments(workspace, runId, { errors: what === 'errors', evaluators });
    }
    await reopenRun(workspace, runId);
    await addTasks(workspace, [runId]);
    await deleteStats(workspace, [runId]);
  });
  await completeRuns(workspace, [runId]);
}
