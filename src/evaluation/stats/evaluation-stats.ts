import type { Workspace } from '../../database/workspace.ts';
import { evaluationNotFound } from '../errors.ts';
import { addUpJudgments } from './judgment-numbers-queries.ts';
import { computeAndKeep, isCompleted, loadKept } from './kept-stats.ts';
import { measureRuns, nothingMeasured } from './run-metrics-queries.ts';
import { addUpJudging, evaluatorNumbers, type RunNumbers } from './run-numbers.ts';
import { findScope, type MemberRun, type StatsScope } from './scope-queries.ts';

/** An Evaluation in numbers. */
export interface EvaluationNumbers {
  readonly scope: StatsScope;
  /** Runs with judgments first, see {@link inStatsOrder}. */
  readonly runs: readonly RunInNumbers[];
}

export interface RunInNumbers {
  readonly run: MemberRun;
  readonly numbers: RunNumbers;
}

/**
 * The statistics of an Evaluation's Runs. Those of completed Runs are stored.
 *
 * The statuses are read first: a Run that is said to be completed has all of its judgments in the
 * numbers.
 *
 * @throws `evaluation_not_found`.
 */
export async function readEvaluationNumbers(
  workspace: Workspace,
  evaluationId: string,
): Promise<EvaluationNumbers> {
  const scope = await findScope(workspace, evaluationId);
  if (!scope) throw evaluationNotFound(evaluationId);
  const kept = await loadKept(workspace, scope);
  const others = scope.runs.filter(({ id }) => !kept.has(id));
  const computed = await computeRuns(workspace, scope, others);
  const runs = scope.runs.flatMap((run) => {
    const numbers = kept.get(run.id) ?? computed.get(run.id);
    return numbers ? [{ run, numbers }] : [];
  });
  return { scope, runs: inStatsOrder(runs) };
}

/**
 * Runs that are neither cancelled nor without any judgment first, then the others; both newest
 * first. v5 SDKs take the second Run for the previous one, and break when it has no score.
 */
export function inStatsOrder(runs: readonly RunInNumbers[]): readonly RunInNumbers[] {
  const isComparable = ({ run, numbers }: RunInNumbers) =>
    run.status !== 'cancelled' && numbers.evaluators.some(({ total }) => total > 0);
  return [...runs.filter(isComparable), ...runs.filter((run) => !isComparable(run))];
}

async function computeRuns(
  workspace: Workspace,
  scope: StatsScope,
  runs: readonly MemberRun[],
): Promise<ReadonlyMap<string, RunNumbers>> {
  const open = runs.filter((run) => !isCompleted(run));
  const computed = new Map(await addUp(workspace, scope, open));
  for (const run of runs.filter(isCompleted)) {
    const compute = async () => (await addUp(workspace, scope, [run])).get(run.id) as RunNumbers;
    computed.set(run.id, await computeAndKeep(workspace, scope, run, compute));
  }
  return computed;
}

async function addUp(
  workspace: Workspace,
  { id, evaluators }: StatsScope,
  runs: readonly MemberRun[],
): Promise<ReadonlyMap<string, RunNumbers>> {
  const runIds = runs.map((run) => run.id);
  const [added, metrics] = await Promise.all([
    addUpJudgments(workspace, id, runIds),
    measureRuns(workspace, runIds),
  ]);
  const key = (runId: string, versionId: string) => `${runId} ${versionId}`;
  const byKey = new Map(added.map((one) => [key(one.runId, one.evaluatorVersionId), one]));
  return new Map(
    runIds.map((runId) => {
      const ofEach = evaluators.map((evaluator) =>
        evaluatorNumbers(evaluator, byKey.get(key(runId, evaluator.versionId))),
      );
      const judging = addUpJudging(ofEach);
      const measured = metrics.get(runId) ?? nothingMeasured;
      return [runId, { evaluators: ofEach, metrics: { ...measured, judging } }];
    }),
  );
}
