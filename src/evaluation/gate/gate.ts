import type { EvaluationStatus } from '../../contract/evaluation.ts';
import type { GateRequest } from '../../contract/evaluation-gate.ts';
import type { Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import { compareRuns, type RunComparison } from '../compare/compare-runs.ts';
import { evaluationRunNotFound } from '../errors.ts';
import {
  type EvaluationNumbers,
  type RunInNumbers,
  readEvaluationNumbers,
} from '../stats/evaluation-stats.ts';
import type { StatsScope } from '../stats/scope-queries.ts';
import { type Check, comparisonChecks, runChecks } from './checks.ts';
import type { Demands, EvaluatorDemand } from './demands.ts';

/** Whether a Run has reached what a request demands. */
export interface GateResult {
  readonly passed: boolean;
  readonly status: EvaluationStatus;
  readonly runId: string;
  /** Null when nothing was compared. */
  readonly baselineId: string | null;
  readonly checks: readonly Check[];
}

/**
 * Checks a Run. One that is not completed never passes.
 *
 * @throws `evaluation_not_found`, `evaluation_run_not_found`; `invalid` for an evaluator that is not
 *   in the Evaluation, and for a baseline that there is not.
 */
export async function checkRun(
  workspace: Workspace,
  evaluationId: string,
  runId: string,
  request: GateRequest,
): Promise<GateResult> {
  const numbers = await readEvaluationNumbers(workspace, evaluationId);
  const own = numbers.runs.find(({ run }) => run.id === runId);
  if (!own) throw evaluationRunNotFound(runId);
  const demands: Demands = {
    ...request,
    min: readDemands(numbers.scope, request.min, 'min'),
    maxDrop: readDemands(numbers.scope, request.max_drop, 'max_drop'),
  };
  const comparison = await compareToBaseline(workspace, numbers, own, request);
  const checks = [
    ...runChecks(own, numbers.scope, demands),
    ...comparisonChecks(comparison, demands),
  ];
  return {
    passed: own.run.status === 'completed' && checks.every(({ passed }) => passed),
    status: own.run.status,
    runId,
    baselineId: comparison?.baselineId ?? null,
    checks,
  };
}

/** Undefined when nothing is to be compared, or the Run is the first. */
async function compareToBaseline(
  workspace: Workspace,
  { scope }: EvaluationNumbers,
  { run }: RunInNumbers,
  { baseline, max_drop, max_cost_increase }: GateRequest,
): Promise<RunComparison | undefined> {
  const isNeeded = Object.keys(max_drop ?? {}).length > 0 || max_cost_increase != null;
  if (!isNeeded && baseline == null) return undefined;
  const chosen = baseline ?? standardBaseline(scope, run.id);
  if (chosen === undefined) return undefined;
  const options = { run: run.id, baseline: chosen, level: 0.95, clusterBy: undefined };
  return compareRuns(workspace, scope.id, options, 'body');
}

/** The control, or else the newest Run with logs before this one. */
function standardBaseline({ runs }: StatsScope, runId: string): string | undefined {
  const control = runs.find(({ isControl, id }) => isControl && id !== runId);
  if (control) return control.id;
  const before = runs.slice(runs.findIndex(({ id }) => id === runId) + 1);
  return before.find(({ status, readySlots }) => status !== 'cancelled' && readySlots > 0)?.id;
}

/** @throws `invalid` for a name that fits no evaluator of the Evaluation. */
function readDemands(
  { evaluators }: StatsScope,
  demands: GateRequest['min'],
  field: 'min' | 'max_drop',
): readonly EvaluatorDemand[] {
  return Object.entries(demands ?? {}).map(([name, threshold]) => {
    const index = evaluators.findIndex(({ path, id, versionId }) =>
      [path, id, versionId].includes(name),
    );
    const evaluator = evaluators[index];
    if (evaluator) return { evaluator, index, threshold };
    const known = evaluators.map(({ path }) => `\`${path}\``).join(', ');
    throw invalid(
      ['body', field, name],
      `The Evaluation has no evaluator \`${name}\`. It has: ${known || 'none'}.`,
    );
  });
}
