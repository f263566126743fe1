import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { newId } from '../../kernel/ids.ts';
import { inBackground } from '../../statistics/background.ts';
import { lockRuns } from '../runs/lock-queries.ts';
import { collectValues } from './judgment-numbers-queries.ts';
import { fillKept, listKept, reserveKept } from './kept-stats-queries.ts';
import type { RunNumbers } from './run-numbers.ts';
import type { MemberRun, StatsScope } from './scope-queries.ts';

/** Stored statistics, and what they are of. */
interface Kept {
  /** When the Run ended: it may have been reopened and completed again since. */
  readonly endedAt: string | null;
  readonly evaluators: string;
  readonly numbers: RunNumbers;
}

/** The stored statistics of completed Runs, by the id of the Run. */
export async function loadKept(
  workspace: Workspace,
  scope: StatsScope,
): Promise<ReadonlyMap<string, RunNumbers>> {
  const completed = new Map(scope.runs.filter(isCompleted).map((run) => [run.id, run]));
  const rows = await listKept(workspace, scope.id, [...completed.keys()]);
  return new Map(
    rows.flatMap(({ runId, stats }) => {
      const { endedAt, evaluators, numbers } = stats as Kept;
      const isCurrent =
        endedAt === completed.get(runId)?.endedAt && evaluators === evaluatorsKey(scope);
      return isCurrent ? [[runId, numbers] as const] : [];
    }),
  );
}

/**
 * Computes the statistics of a completed Run, and stores them unless the Run changes meanwhile.
 *
 * The Run is locked only to reserve their place: a judgment of it is then either committed, and seen
 * by `compute`, or deletes the reservation.
 */
export async function computeAndKeep(
  workspace: Workspace,
  scope: StatsScope,
  run: MemberRun,
  compute: () => Promise<RunNumbers>,
): Promise<RunNumbers> {
  const place = { evaluationId: scope.id, runId: run.id, reservation: newId('own') };
  const isReserved = await inTransaction(workspace, async (workspace) => {
    const [locked] = await lockRuns(workspace, [run.id], 'change');
    if (locked?.status !== 'completed' || locked.ended_at !== run.endedAt) return false;
    await reserveKept(workspace, place);
    return true;
  });
  const numbers = await withIntervals(workspace, scope, run, await compute());
  if (isReserved) {
    const kept: Kept = { endedAt: run.endedAt, evaluators: evaluatorsKey(scope), numbers };
    await fillKept(workspace, { ...place, stats: kept });
  }
  return numbers;
}

export function isCompleted({ status }: MemberRun): boolean {
  return status === 'completed';
}

/** Adds the intervals of means. They take too long for a Run that changes. */
async function withIntervals(
  workspace: Workspace,
  scope: StatsScope,
  run: MemberRun,
  numbers: RunNumbers,
): Promise<RunNumbers> {
  const isNumber = scope.evaluators.map(({ spec }) => spec.return_type === 'number');
  if (!isNumber.includes(true)) return numbers;
  const values = await collectValues(workspace, scope.id, run.id);
  const evaluators = numbers.evaluators.map(async (one, index) => {
    const evaluator = scope.evaluators[index];
    if (!evaluator || !isNumber[index]) return one;
    const ofRun = values.get(evaluator.versionId) ?? [];
    // The evaluator's file, so that a new version of it draws the same resamples.
    const seed = `${run.id} ${evaluator.id}`;
    return {
      ...one,
      interval:
        (await inBackground(workspace.organizationId, 'bootstrapMean', ofRun, { seed })) ?? null,
    };
  });
  return { ...numbers, evaluators: await Promise.all(evaluators) };
}

/** Statistics depend on the evaluators of the Evaluation, and on who judges. */
function evaluatorsKey({ evaluators }: StatsScope): string {
  return evaluators.map(({ versionId, orchestrated }) => `${versionId} ${orchestrated}`).join(', ');
}
