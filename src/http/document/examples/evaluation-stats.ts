import { statsBody } from '../../../evaluation/stats/stats-body.ts';
import { evaluationId, evaluationRunId } from './evaluations.ts';
import { at, politeness, versions } from './files.ts';

const total = { mean: 1, sum: 3 };

const run = {
  id: evaluationRunId,
  versionId: versions.prompt.versionId,
  datasetVersionId: versions.dataset.versionId,
  status: 'completed' as const,
  orchestrated: true,
  isControl: false,
  addedAt: at('10:00:00'),
  endedAt: at('10:00:05'),
  slots: 3,
  readySlots: 3,
};

export const attachedEvaluator = {
  id: politeness.id,
  versionId: politeness.versionId,
  path: politeness.path,
  orchestrated: true,
  spec: {
    evaluator_type: 'external' as const,
    arguments_type: 'target_free' as const,
    return_type: 'boolean' as const,
  },
};

/** The statistics of a Run with three logs. */
export const evaluationStatsAnswer = statsBody(
  {
    scope: {
      status: 'completed',
      id: evaluationId,
      name: 'Politeness',
      path: versions.prompt.path,
      evaluators: [attachedEvaluator],
      runs: [run],
    },
    runs: [
      {
        run,
        numbers: {
          evaluators: [
            {
              total: 3,
              judged: 3,
              nulls: 0,
              errors: 0,
              logs: 3,
              sum: 2,
              mean: 2 / 3,
              std: null,
              percentiles: null,
              perOption: null,
              cost: null,
              latencySum: 0.012,
              latencies: 3,
              interval: { low: 0.2077, high: 0.9385, level: 0.95 },
            },
          ],
          metrics: {
            logs: 3,
            latency: { mean: 0.5, p50: 0.4, p90: 0.7, p95: 0.7, p99: 0.7, max: 0.7 },
            cost: { mean: 0.0002, sum: 0.0006, unknown: 0 },
            prompt_tokens: { mean: 40, sum: 120, unknown: 0 },
            output_tokens: { mean: 20, sum: 60, unknown: 0 },
            model_calls: total,
            tool_calls: { mean: 0, sum: 0 },
            errors: { count: 0, share: 0 },
            judging: { cost: null, latency_mean: 0.004 },
          },
        },
      },
    ],
  },
  { url: `https://loopwright.example.com/evaluations/${evaluationId}`, showsProgress: true },
);
