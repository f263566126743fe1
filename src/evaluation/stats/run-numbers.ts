import type { Interval } from '../../statistics/interval.ts';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';
import type { JudgmentNumbers } from './judgment-numbers-queries.ts';
import type { RunMetrics } from './run-metrics-queries.ts';
import type { AttachedEvaluator } from './scope-queries.ts';

/** The statistics of a Run in an Evaluation. */
export interface RunNumbers {
  /** One for each evaluator of the Evaluation, in the same order. */
  readonly evaluators: readonly EvaluatorNumbers[];
  readonly metrics: RunMetrics & { readonly judging: JudgingMetrics };
}

/** What judging the logs of a Run took. */
export interface JudgingMetrics {
  /** US dollars, as far as known; null when nothing is known. */
  readonly cost: number | null;
  /** Seconds that a judgment took; null when it is known of none. */
  readonly latency_mean: number | null;
}

/** What one evaluator said of the logs of a Run. */
export interface EvaluatorNumbers extends Omit<JudgmentNumbers, 'runId' | 'evaluatorVersionId'> {
  /** Of the share of true, or of the mean; null when there is none. */
  readonly interval: Interval | null;
}

/** @param added undefined when nothing was judged. */
export function evaluatorNumbers(
  { spec }: AttachedEvaluator,
  added: JudgmentNumbers | undefined,
): EvaluatorNumbers {
  if (!added) return nothingJudged;
  const { runId: _, evaluatorVersionId: __, ...numbers } = added;
  const share = spec.return_type === 'boolean' && wilsonInterval(numbers.sum ?? 0, numbers.judged);
  return { ...numbers, interval: share || null };
}

/** What the evaluators of a Run took together. */
export function addUpJudging(evaluators: readonly EvaluatorNumbers[]): JudgingMetrics {
  const latencySum = knownSum(evaluators.map((numbers) => numbers.latencySum));
  const latencies = evaluators.reduce((sum, numbers) => sum + numbers.latencies, 0);
  return {
    cost: knownSum(evaluators.map(({ cost }) => cost)),
    latency_mean: latencySum === null ? null : latencySum / latencies,
  };
}

/** Null when nothing is known. */
function knownSum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

const nothingJudged: EvaluatorNumbers = {
  total: 0,
  judged: 0,
  nulls: 0,
  errors: 0,
  logs: 0,
  sum: null,
  mean: null,
  std: null,
  percentiles: null,
  perOption: null,
  cost: null,
  latencySum: null,
  latencies: 0,
  interval: null,
};
