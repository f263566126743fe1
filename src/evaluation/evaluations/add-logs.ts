import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { logsNotFound } from '../../logs/errors.ts';
import { evaluationNotFound, evaluationRunEnded, evaluationRunNotFound } from '../errors.ts';
import { type EvaluationRunRow, lockRuns } from '../runs/lock-queries.ts';
import { completeRuns, reopenRuns } from '../runs/run-status.ts';
import { beginRuns } from '../runs/status-queries.ts';
import { addTasks } from '../tasks/task-queries.ts';
import { lockEvaluation } from './evaluation-queries.ts';
import type { EvaluationRun } from './evaluation-run.ts';
import { takeFile } from './file-of-evaluation.ts';
import { getEvaluation } from './read-evaluations.ts';
import { getRun, requireRun } from './read-runs.ts';
import { setRunFile } from './run-queries.ts';
import { addLogsToSlots, type HeldLog, holdLogs } from './slot-queries.ts';

/** The most ids that a refusal names. */
const mostNamed = 20;

/**
 * Adds existing logs to a Run: all, or none. Logs that are in it already are passed over.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`, `log_not_found`; `invalid` for logs of
 *   another file; `evaluation_run_ended` (conflict) for a cancelled Run.
 */
export async function addLogs(
  workspace: Workspace,
  { evaluationId, runId }: { readonly evaluationId: string; readonly runId: string },
  logIds: readonly string[],
): Promise<EvaluationRun> {
  const evaluation = await getEvaluation(workspace, evaluationId);
  await requireRun(workspace, evaluationId, runId);
  const distinct = [...new Set(logIds)];
  await inTransaction(workspace, async (workspace) => {
    if (!(await lockEvaluation(workspace, evaluationId))) throw evaluationNotFound(evaluationId);
    const held = await holdLogs(workspace, distinct);
    requireAll(distinct, held);
    const [run] = await lockRuns(workspace, [runId], 'change');
    if (!run) throw evaluationRunNotFound(runId);
    if (run.status === 'cancelled') throw evaluationRunEnded(runId, run.status);
    const fileId = requireOneFile(evaluation.fileId ?? run.file_id, held);
    await takeFile(workspace, evaluation, fileId);
    if (run.file_id === null) await setRunFile(workspace, runId, fileId);
    if ((await addLogsToSlots(workspace, runId, distinct)) === 0) return;
    await beginRuns(workspace, [runId]);
    await reopenRuns(workspace, [runId]);
    await addTasks(workspace, [runId]);
  });
  await completeRuns(workspace, [runId]);
  return getRun(workspace, evaluationId, runId);
}

function requireAll(ids: readonly string[], held: readonly HeldLog[]): void {
  const found = new Set(held.map(({ id }) => id));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) throw logsNotFound(missing);
}

/** The file of some logs, which must be this one if there is one. */
function requireOneFile(fileId: EvaluationRunRow['file_id'], held: readonly HeldLog[]): string {
  const expected = fileId ?? (held[0] as HeldLog).fileId;
  const others = held.filter((log) => log.fileId !== expected).map(({ id }) => id);
  if (others.length === 0) return expected;
  throw invalid(
    ['body', 'log_ids'],
    `These logs are not of file \`${expected}\`: ${others.slice(0, mostNamed).join(', ')}.`,
  );
}
