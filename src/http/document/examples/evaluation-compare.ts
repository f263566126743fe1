import { contentId } from '../../../kernel/ids.ts';
import {
  comparedDatapointBody,
  pairwiseBody,
  runComparisonBody,
} from '../../wire/run-comparison.ts';
import { attachedEvaluator } from './evaluation-stats.ts';
import { evaluationRunId } from './evaluations.ts';
import { datapoints } from './files.ts';
import { logAnswer, records } from './logs.ts';

export const baselineRunId = contentId('run', 'Politeness, before');

const same = {
  pairs: 3,
  onlyRun: 0,
  onlyBaseline: 0,
  difference: 0,
  low: null,
  high: null,
  pValue: null,
  adjustedP: null,
  method: 'too_few' as const,
  wins: 0,
  losses: 0,
  ties: 3,
};
const cheaper = { ...same, better: 'lower' as const };

/** A comparison of two Runs with three logs each. */
export const runComparisonAnswer = runComparisonBody(
  {
    runId: evaluationRunId,
    baselineId: baselineRunId,
    evaluators: [
      {
        ...same,
        evaluator: attachedEvaluator,
        baseline: 1 / 3,
        candidate: 2 / 3,
        difference: 1 / 3,
        wins: 1,
        ties: 2,
        better: 'higher',
      },
    ],
    metrics: {
      cost: { ...cheaper, baseline: 0.0002, candidate: 0.0002 },
      latency: { ...cheaper, baseline: 0.5, candidate: 0.5 },
    },
  },
  { level: 0.95, clusterBy: undefined },
);

/** A Datapoint that one Run got right, and the other did not. */
export const comparedDatapointsAnswer = {
  records: [
    comparedDatapointBody({
      datapoint: datapoints[0] ?? null,
      run: [logAnswer('prompt')],
      baseline: [],
      evaluators: [
        {
          evaluator: attachedEvaluator,
          change: null,
          run: {
            value: null,
            judgments: [
              {
                runId: evaluationRunId,
                evaluatorVersionId: attachedEvaluator.versionId,
                logId: records.prompt.id,
                evaluatorLogId: records.evaluator.id,
                judgment: true,
                error: null,
              },
            ],
          },
          baseline: { value: null, judgments: [] },
        },
      ],
    }),
  ],
  page: 1,
  size: 10,
  total: 1,
};

/** A Run that does not reach what was demanded. */
export const gateAnswer = {
  passed: false,
  status: 'completed',
  run_id: evaluationRunId,
  baseline_run_id: null,
  checks: [
    {
      evaluator: attachedEvaluator.path,
      rule: 'min',
      value: 2 / 3,
      threshold: 0.9,
      passed: false,
      note: null,
    },
    { evaluator: null, rule: 'max_errors', value: 0, threshold: 0.01, passed: true, note: null },
  ],
};

/** A model that prefers the Run in two of three pairs. */
export const pairwiseAnswer = pairwiseBody({
  runId: evaluationRunId,
  baselineId: baselineRunId,
  evaluatorVersionId: contentId('evv', 'Which is better'),
  flips: 1,
  failed: 0,
  comparison: {
    pairs: 3,
    baseline: 0,
    candidate: 2 / 3,
    difference: 2 / 3,
    low: null,
    high: null,
    pValue: null,
    method: 'too_few',
    wins: 2,
    losses: 0,
    ties: 1,
  },
});
