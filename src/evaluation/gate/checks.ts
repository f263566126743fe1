import type { RunComparison } from '../compare/compare-runs.ts';
import { positiveOptions } from '../compare/valence.ts';
import type { RunInNumbers } from '../stats/evaluation-stats.ts';
import type { EvaluatorNumbers } from '../stats/run-numbers.ts';
import type { AttachedEvaluator, StatsScope } from '../stats/scope-queries.ts';
import type { Demands } from './demands.ts';

/** One thing that was demanded, and what came. */
export interface Check {
  /** The path of the evaluator; null for a check of the logs. */
  readonly evaluator: string | null;
  readonly rule: 'min' | 'max_drop' | 'max_cost_increase' | 'max_p95_latency' | 'max_errors';
  /** Null when nothing is known. */
  readonly value: number | null;
  readonly threshold: number;
  readonly passed: boolean;
  readonly note: string | null;
}

/** The checks of a Run by itself. */
export function runChecks(
  { numbers }: RunInNumbers,
  { evaluators }: StatsScope,
  { min, max_p95_latency: mostLatency, max_errors: mostErrors }: Demands,
): readonly Check[] {
  const ofEvaluators = min.map(({ evaluator, index, threshold }) =>
    check('min', evaluator, scoreOf(evaluator, numbers.evaluators[index]), threshold, atLeast),
  );
  const latency =
    mostLatency == null
      ? []
      : [check('max_p95_latency', null, numbers.metrics.latency.p95, mostLatency, atMost)];
  const errors =
    mostErrors == null
      ? []
      : [
          check('max_errors', null, numbers.metrics.errors.share, mostErrors, atMost),
          ...evaluators.map((evaluator, index) =>
            check(
              'max_errors',
              evaluator,
              errorShare(numbers.evaluators[index]),
              mostErrors,
              atMost,
            ),
          ),
        ];
  return [...ofEvaluators, ...latency, ...errors];
}

/** @param comparison undefined when there is no Run to compare with. */
export function comparisonChecks(
  comparison: RunComparison | undefined,
  { maxDrop, significant, max_cost_increase: mostIncrease }: Demands,
): readonly Check[] {
  const ofEvaluators = maxDrop.map(({ evaluator, index, threshold }) => {
    const compared = comparison?.evaluators[index];
    if (!compared) return withoutBaseline('max_drop', evaluator.path, threshold);
    // Turn the difference around where lower values are better, so that a drop is below 0.
    const sign = compared.better === 'lower' ? -1 : 1;
    const difference = compared.difference === null ? null : sign * compared.difference;
    const best = sign === 1 ? compared.high : compared.low;
    const isDrop = difference !== null && difference < -threshold;
    const isCertain = best !== null && sign * best < 0;
    return {
      evaluator: evaluator.path,
      rule: 'max_drop' as const,
      value: difference,
      threshold,
      passed: difference !== null && (!isDrop || (significant === true && !isCertain)),
      note: isDrop && significant === true && !isCertain ? 'The drop is not significant.' : null,
    };
  });
  if (mostIncrease == null) return ofEvaluators;
  if (!comparison) {
    return [...ofEvaluators, withoutBaseline('max_cost_increase', null, mostIncrease)];
  }
  const { baseline, candidate } = comparison.metrics.cost;
  const increase = baseline === null || candidate === null ? null : growth(baseline, candidate);
  return [...ofEvaluators, check('max_cost_increase', null, increase, mostIncrease, atMost)];
}

/** The first Run of an Evaluation cannot be worse than another. */
function withoutBaseline(rule: Check['rule'], evaluator: string | null, threshold: number): Check {
  return {
    evaluator,
    rule,
    value: null,
    threshold,
    passed: true,
    note: 'There is no baseline yet.',
  };
}

type Fits = (value: number, threshold: number) => boolean;
const atLeast: Fits = (value, threshold) => value >= threshold;
const atMost: Fits = (value, threshold) => value <= threshold;

function check(
  rule: Check['rule'],
  evaluator: AttachedEvaluator | null,
  value: number | null,
  threshold: number,
  fits: Fits,
): Check {
  return {
    evaluator: evaluator?.path ?? null,
    rule,
    value,
    threshold,
    passed: value !== null && fits(value, threshold),
    note: value === null ? 'Nothing is known.' : null,
  };
}

/** The mean, or the share of true or of positive options; null when nothing was judged. */
function scoreOf(
  { spec }: AttachedEvaluator,
  numbers: EvaluatorNumbers | undefined,
): number | null {
  if (!numbers || numbers.judged === 0) return null;
  switch (spec.return_type) {
    case 'boolean':
    case 'number':
      return numbers.mean;
    case 'select': {
      const positive = positiveOptions(spec);
      if (positive.length === 0) return null;
      const chosen = positive.reduce((sum, name) => sum + (numbers.perOption?.[name] ?? 0), 0);
      return chosen / numbers.judged;
    }
    // A judgment may have several positive options, so their counts say nothing of the share.
    case 'multi_select':
    case 'text':
      return null;
  }
}

/** 0 when there are no judgments. */
function errorShare(numbers: EvaluatorNumbers | undefined): number {
  return numbers && numbers.total > 0 ? numbers.errors / numbers.total : 0;
}

/** 0.1 for 10 % more; null when the share cannot be told. */
function growth(before: number, after: number): number | null {
  if (before === 0) return after === 0 ? 0 : null;
  return after / before - 1;
}
