import type { ItemComparison } from '../../evaluation/compare/compare-items.ts';
import type { RunComparison, ValueComparison } from '../../evaluation/compare/compare-runs.ts';
import type { PairwiseResult } from '../../evaluation/pairwise/compare-pairwise.ts';

type Body = Readonly<Record<string, unknown>>;

/** A Run compared with a baseline. */
export function runComparisonBody(
  { runId, baselineId, evaluators, metrics }: RunComparison,
  options: { readonly level: number; readonly clusterBy: string | undefined },
): Body {
  return {
    run_id: runId,
    baseline_run_id: baselineId,
    level: options.level,
    cluster_by: options.clusterBy ?? null,
    evaluators: evaluators.map(({ evaluator, ...comparison }) => ({
      evaluator_id: evaluator.id,
      evaluator_version_id: evaluator.versionId,
      path: evaluator.path,
      ...comparisonBody(comparison),
      p_adjusted: comparison.adjustedP,
    })),
    metrics: { cost: comparisonBody(metrics.cost), latency: comparisonBody(metrics.latency) },
  };
}

function comparisonBody(comparison: ValueComparison): Body {
  const { pairs, onlyRun, onlyBaseline, pValue, adjustedP: _, ...rest } = comparison;
  return {
    n_pairs: pairs,
    n_only_run: onlyRun,
    n_only_baseline: onlyBaseline,
    ...rest,
    p_value: pValue,
  };
}

/** What two Runs made of a Datapoint. */
export function comparedDatapointBody(item: ItemComparison): Body {
  return {
    datapoint: item.datapoint,
    run_logs: item.run,
    baseline_logs: item.baseline,
    evaluators: item.evaluators.map(({ evaluator, change, run, baseline }) => ({
      evaluator_version_id: evaluator.versionId,
      change,
      run: sideBody(run),
      baseline: sideBody(baseline),
    })),
  };
}

function sideBody({ value, judgments }: ItemComparison['evaluators'][number]['run']): Body {
  return {
    value,
    judgments: judgments.map(({ logId, evaluatorLogId, judgment, error }) => ({
      log_id: logId,
      evaluator_log_id: evaluatorLogId,
      judgment,
      error,
    })),
  };
}

/** How often a model prefers a Run. */
export function pairwiseBody(result: PairwiseResult): Body {
  const { pairs, pValue, ...comparison } = result.comparison;
  return {
    run_id: result.runId,
    baseline_run_id: result.baselineId,
    evaluator_version_id: result.evaluatorVersionId,
    n_pairs: pairs,
    n_flips: result.flips,
    n_failed: result.failed,
    ...comparison,
    p_value: pValue,
    better: 'higher',
  };
}
