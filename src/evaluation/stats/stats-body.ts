import type { EvaluatorDetails } from '../../contract/kinds/evaluator.ts';
import { shownPercentiles } from '../../statistics/describe-numbers.ts';
import type { EvaluationNumbers, RunInNumbers } from './evaluation-stats.ts';
import { progressText } from './progress-text.ts';
import { reportText } from './report-text.ts';
import type { EvaluatorNumbers } from './run-numbers.ts';
import type { AttachedEvaluator } from './scope-queries.ts';

interface StatsTexts {
  /** The web address of the Evaluation. */
  readonly url: string;
  /** False: `progress` is empty. */
  readonly showsProgress: boolean;
}

/** The statistics of an Evaluation as the API answers them. */
export function statsBody(
  numbers: EvaluationNumbers,
  { url, showsProgress }: StatsTexts,
): Record<string, unknown> {
  return {
    run_stats: numbers.runs.map((run) => runStatsBody(numbers.scope.evaluators, run)),
    progress: showsProgress ? progressText(numbers) : '',
    report: reportText(numbers, url),
    status: numbers.scope.status,
  };
}

function runStatsBody(
  evaluators: readonly AttachedEvaluator[],
  { run, numbers }: RunInNumbers,
): Record<string, unknown> {
  const { logs, ...metrics } = numbers.metrics;
  return {
    run_id: run.id,
    version_id: run.versionId,
    batch_id: null,
    num_logs: logs,
    evaluator_stats: numbers.evaluators.flatMap((one, index) => {
      const evaluator = evaluators[index];
      return evaluator ? [evaluatorStatsBody(evaluator, one)] : [];
    }),
    status: run.status,
    metrics,
  };
}

function evaluatorStatsBody(
  { versionId, spec }: AttachedEvaluator,
  numbers: EvaluatorNumbers,
): Record<string, unknown> {
  return {
    evaluator_version_id: versionId,
    total_logs: numbers.total,
    num_judgments: numbers.judged,
    num_nulls: numbers.nulls,
    num_errors: numbers.errors,
    ...fieldsByType[spec.return_type](numbers, spec),
  };
}

type TypeFields = (numbers: EvaluatorNumbers, spec: EvaluatorDetails) => Record<string, unknown>;

/** SDKs tell the types apart by these fields: a boolean with `percentiles` would be a number. */
const fieldsByType: Readonly<Record<EvaluatorDetails['return_type'], TypeFields>> = {
  boolean: ({ sum, judged, interval }) => ({
    num_true: sum ?? 0,
    num_false: judged - (sum ?? 0),
    confidence_interval: interval,
  }),
  number: ({ mean, sum, std, percentiles, interval }) => ({
    mean,
    sum,
    std,
    percentiles: Object.fromEntries(
      (percentiles ?? []).map((value, index) => [shownPercentiles[index], value]),
    ),
    confidence_interval: interval,
  }),
  select: optionCounts,
  multi_select: optionCounts,
  text: () => ({}),
};

/** Every option of the evaluator, and any that was chosen all the same. */
function optionCounts(
  { perOption }: EvaluatorNumbers,
  { options }: EvaluatorDetails,
): Record<string, unknown> {
  const none = (options ?? []).map(({ name }) => [name, 0]);
  return { num_judgments_per_option: { ...Object.fromEntries(none), ...perOption } };
}
