import { Type } from 'typebox';
import { evaluationStatus } from './evaluation.ts';
import { nullable } from './nullable.ts';

const open = { additionalProperties: true } as const;
const number = nullable(Type.Number());

const interval = nullable(
  Type.Object(
    {
      low: Type.Number(),
      high: Type.Number(),
      level: Type.Number({ description: 'The share of such intervals with the true value: 0.95.' }),
    },
    { ...open, title: 'ConfidenceInterval' },
  ),
);

const judgmentCounts = {
  evaluator_version_id: Type.String(),
  total_logs: Type.Integer({
    description:
      'Evaluator logs that count, with those without a judgment and those with an error.',
  }),
  num_judgments: Type.Integer(),
  num_nulls: Type.Integer(),
  num_errors: Type.Integer(),
};

const ofNumbers = Type.Object(
  {
    ...judgmentCounts,
    mean: number,
    sum: number,
    std: nullable(Type.Number({ description: 'Of the sample (n − 1). Null below two judgments.' })),
    percentiles: Type.Record(Type.String(), Type.Number(), {
      description:
        'By `0`, `25`, `50`, `75`, `90`, `95`, `99`, `99.9` and `100`; empty when nothing is judged.',
    }),
    confidence_interval: interval,
  },
  {
    ...open,
    title: 'NumericEvaluatorStatsResponse',
    description:
      'Of an evaluator that returns numbers. `confidence_interval` is of the mean: a bootstrap, once the Run is completed and has five judgments.',
  },
);

const ofBooleans = Type.Object(
  {
    ...judgmentCounts,
    num_true: Type.Integer(),
    num_false: Type.Integer(),
    confidence_interval: interval,
  },
  {
    ...open,
    title: 'BooleanEvaluatorStatsResponse',
    description:
      'Of an evaluator that returns booleans. `confidence_interval` is of the share of true: a Wilson score interval.',
  },
);

const ofOptions = Type.Object(
  {
    ...judgmentCounts,
    num_judgments_per_option: Type.Record(Type.String(), Type.Integer()),
  },
  {
    ...open,
    title: 'SelectEvaluatorStatsResponse',
    description: 'Of an evaluator that returns one or several of its options.',
  },
);

const ofTexts = Type.Object(judgmentCounts, {
  ...open,
  title: 'TextEvaluatorStatsResponse',
  description: 'Of an evaluator that returns text.',
});

const total = { mean: number, sum: number };
const partlyKnown = Type.Object(
  {
    ...total,
    unknown: Type.Integer({ description: 'Logs for which it is not known. They are left out.' }),
  },
  open,
);

/** What the logs of a Run took, with everything below them in their traces. */
const runMetrics = Type.Object(
  {
    latency: Type.Object(
      { mean: number, p50: number, p90: number, p95: number, p99: number, max: number },
      { ...open, description: 'In seconds.' },
    ),
    cost: Type.Object(partlyKnown.properties, { ...open, description: 'In US dollars.' }),
    prompt_tokens: partlyKnown,
    output_tokens: partlyKnown,
    model_calls: Type.Object(total, open),
    tool_calls: Type.Object(total, open),
    errors: Type.Object({ count: Type.Integer(), share: number }, open),
    judging: Type.Object(
      {
        cost: nullable(
          Type.Number({ description: 'What judging models cost, in US dollars, as far as known.' }),
        ),
        latency_mean: nullable(
          Type.Number({ description: 'Of the judgments whose latency is known, in seconds.' }),
        ),
      },
      open,
    ),
  },
  { ...open, title: 'RunMetrics' },
);

/** The statistics of one Run. */
const runStats = Type.Object(
  {
    run_id: Type.String(),
    version_id: nullable(Type.String()),
    batch_id: Type.Null(),
    num_logs: Type.Integer({ description: 'Logs that can be judged.' }),
    evaluator_stats: Type.Array(Type.Union([ofNumbers, ofBooleans, ofOptions, ofTexts]), {
      description: 'One for each evaluator of the Evaluation, in their order.',
    }),
    status: evaluationStatus,
    metrics: runMetrics,
  },
  { ...open, title: 'RunStatsResponse' },
);

/** The statistics of an Evaluation. */
export const evaluationStats = Type.Object(
  {
    run_stats: Type.Array(runStats, {
      description:
        'Runs with judgments first, then Runs without and cancelled ones; both newest first.',
    }),
    progress: Type.String({
      description:
        'How far the newest Run is, as text for people. Empty for the Node SDK, which fails on other texts when it has no terminal.',
    }),
    report: Type.String({ description: 'The statistics as a table in text.' }),
    status: evaluationStatus,
  },
  { ...open, title: 'EvaluationStats' },
);
