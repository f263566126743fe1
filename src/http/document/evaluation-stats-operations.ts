import {
  baselineRunId,
  comparedDatapointsAnswer,
  gateAnswer,
  pairwiseAnswer,
  runComparisonAnswer,
} from './examples/evaluation-compare.ts';
import { evaluationStatsAnswer } from './examples/evaluation-stats.ts';
import { evaluationRunId } from './examples/evaluations.ts';
import { politeness } from './examples/files.ts';
import type { OperationText } from './operation-text.ts';

/** The texts of the operations that show Evaluations in numbers. */
export const evaluationStatsOperations: Readonly<Record<string, OperationText>> = {
  evaluations_get_stats: {
    summary: 'Get the statistics of an Evaluation',
    description:
      'For each Run and evaluator: the judgments that count, added up. Errors and missing judgments are counted beside them, and never as false or 0. Judgments of clients are matched by the file of the evaluator, because SDKs send them with newer versions.',
    returns: 'The statistics of all Runs, and a text of them for people.',
    answer: { EvaluationStats: evaluationStatsAnswer },
    refusals: ['evaluation_not_found'],
  },
  evaluations_compare: {
    summary: 'Compare two Runs',
    description:
      'Pairs the Runs by Datapoint, and tells for each evaluator, and for cost and latency, how the Run differs from the baseline: with the interval of the mean difference (paired bootstrap) and a p-value (McNemar’s exact test for booleans, otherwise a test of sign flips). Several trials of a Datapoint are averaged first.',
    returns: 'The comparison.',
    answer: { RunComparison: runComparisonAnswer },
    refusals: ['evaluation_not_found', 'evaluation_run_not_found'],
  },
  evaluations_compare_datapoints: {
    summary: 'List the Datapoints of two Runs',
    description:
      'One page of what the two Runs made of each Datapoint, in the order of the dataset: the logs, and what each evaluator says of them.',
    returns: 'The Datapoints of the page, and the number of matching Datapoints.',
    answer: { ComparedDatapoints: comparedDatapointsAnswer },
    refusals: ['evaluation_not_found', 'evaluation_run_not_found'],
  },
  evaluations_compare_in_pairs: {
    summary: 'Have a model compare two Runs',
    description:
      'Asks a model which of two logs is better, for each pair of logs of the Runs, in both orders: the evaluator is of type `llm`, returns one of the options `A`, `B` and `tie`, and refers to the logs as `log` (A) and `other` (B). Models prefer one place, so a verdict that changes with the order is a tie. What the model says is stored as evaluator logs of the logs of the Run, with `other` and `swapped` in their metadata, and is not asked again. At most 1,000 pairs.',
    returns: 'How often the model prefers the Run, and how sure that is.',
    request: {
      Pairwise: {
        run: evaluationRunId,
        baseline: baselineRunId,
        evaluator: { path: 'Judges/Which is better' },
      },
    },
    answer: { PairwiseComparison: pairwiseAnswer },
    refusals: ['evaluation_not_found', 'evaluation_run_not_found', 'version_not_found'],
  },
  evaluations_gate: {
    summary: 'Check a Run',
    description:
      'Says whether a Run is good enough: each evaluator against a least value and against a baseline, and costs, latencies and errors. Nothing is changed. A Run that is not completed does not pass.',
    returns: 'Every check, with the value that it saw.',
    request: { Gate: { min: { [politeness.path]: 0.9 }, max_errors: 0.01 } },
    answer: { GateResult: gateAnswer },
    refusals: ['evaluation_not_found', 'evaluation_run_not_found'],
  },
};
