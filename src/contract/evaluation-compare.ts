import { type TProperties, Type } from 'typebox';
import { versionReference } from './evaluation.ts';
import { datapoint } from './kinds/dataset.ts';
import { judgment } from './kinds/evaluator.ts';
import { nullable, oneOf, optional } from './nullable.ts';

const open = { additionalProperties: true } as const;
const count = Type.Integer();
const number = nullable(Type.Number());

const runs = {
  run: Type.String({ minLength: 1, description: 'The id of the Run.' }),
  baseline: Type.String({
    minLength: 1,
    default: 'control',
    description:
      'The Run to compare with: its id, `control`, or `previous` for the newest one with logs that was added before.',
  }),
};

/** Which Runs to compare, and how. */
export const compareQuery = Type.Object({
  ...runs,
  level: Type.Number({
    exclusiveMinimum: 0.5,
    exclusiveMaximum: 1,
    default: 0.95,
    description: 'The share of intervals with the true difference.',
  }),
  cluster_by: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'An input, such as `inputs.document`. Datapoints with the same value of it depend on each other, and are resampled together.',
    }),
  ),
});

/** Which Datapoints of two Runs to show. */
export const compareDatapointsQuery = Type.Object({
  ...runs,
  only: Type.Optional(
    oneOf(['regressions', 'improvements', 'changed'], {
      description: 'Only Datapoints of which an evaluator says this.',
    }),
  ),
  evaluator_version_id: Type.Optional(
    Type.String({ minLength: 1, description: 'With `only`: what this evaluator says.' }),
  ),
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 100, default: 10 }),
});

/** How one value differs between two Runs. */
const comparisonProperties = {
  n_pairs: Type.Integer({ description: 'Datapoints with a value in both Runs.' }),
  n_only_run: Type.Integer({ description: 'Datapoints with a value in the Run alone. Not used.' }),
  n_only_baseline: Type.Integer({
    description: 'Datapoints with a value in the baseline alone. Not used.',
  }),
  baseline: Type.Unsafe<number | null>({ ...number, description: 'The mean over the pairs.' }),
  candidate: Type.Unsafe<number | null>({ ...number, description: 'The mean over the pairs.' }),
  difference: Type.Unsafe<number | null>({
    ...number,
    description: 'The candidate minus the baseline.',
  }),
  low: Type.Unsafe<number | null>({ ...number, description: 'The interval of the difference.' }),
  high: number,
  p_value: number,
  method: oneOf(['mcnemar', 'sign_flip', 'too_few', 'not_comparable'], {
    description:
      'How `p_value` is computed. `too_few`: there are less than five pairs. `not_comparable`: judgments are texts, or options without a valence.',
  }),
  wins: Type.Integer({
    description: 'Pairs in which the Run is better; without a valence, in which it is higher.',
  }),
  losses: count,
  ties: count,
  better: nullable(
    oneOf(['higher', 'lower'], { description: 'Which values are better, by the valence.' }),
  ),
} satisfies TProperties;

const metric = Type.Object(comparisonProperties, { ...open, title: 'MetricComparison' });

/** A Run compared with a baseline. */
export const runComparison = Type.Object(
  {
    run_id: Type.String(),
    baseline_run_id: Type.String(),
    level: Type.Number(),
    cluster_by: nullable(Type.String()),
    evaluators: Type.Array(
      Type.Object(
        {
          evaluator_id: Type.String(),
          evaluator_version_id: Type.String(),
          path: Type.String(),
          ...comparisonProperties,
          p_adjusted: Type.Unsafe<number | null>({
            ...number,
            description: '`p_value`, adjusted for the number of evaluators (Holm).',
          }),
        },
        { ...open, title: 'EvaluatorComparison' },
      ),
    ),
    metrics: Type.Object({ cost: metric, latency: metric }, open),
  },
  { ...open, title: 'RunComparison' },
);

const side = Type.Object(
  {
    value: Type.Unsafe<number | null>({
      ...number,
      description: 'The mean over trials; null unless both Runs have one.',
    }),
    judgments: Type.Array(
      Type.Object(
        {
          log_id: Type.String(),
          evaluator_log_id: Type.String(),
          judgment: nullable(judgment),
          error: nullable(Type.String()),
        },
        open,
      ),
    ),
  },
  open,
);

/** What two Runs made of one Datapoint. */
export const comparedDatapoint = Type.Object(
  {
    datapoint: nullable(datapoint),
    run_logs: Type.Array(Type.Ref('LogResponse'), { description: 'One for each trial.' }),
    baseline_logs: Type.Array(Type.Ref('LogResponse')),
    evaluators: Type.Array(
      Type.Object(
        {
          evaluator_version_id: Type.String(),
          change: nullable(
            oneOf(['improvement', 'regression', 'changed', 'same'], {
              description: '`changed`: the evaluator has no valence.',
            }),
          ),
          run: side,
          baseline: side,
        },
        open,
      ),
    ),
  },
  { ...open, title: 'ComparedDatapoint' },
);

/** Which Runs a model compares, log by log. */
export const pairwiseRequest = Type.Object({
  run: runs.run,
  baseline: optional(
    Type.String({
      minLength: 1,
      description: 'The Run to compare with: its id, `control` (default) or `previous`.',
    }),
  ),
  // Of type `llm`, with the options A, B and tie; its template has `log` (A) and `other` (B).
  evaluator: versionReference,
});

/** How often a model prefers a Run. */
export const pairwiseComparison = Type.Object(
  {
    run_id: Type.String(),
    baseline_run_id: Type.String(),
    evaluator_version_id: Type.String(),
    n_pairs: Type.Integer({ description: 'Datapoints of which the model said something.' }),
    n_flips: Type.Integer({
      description: 'Pairs whose verdict changed with the order of the logs. They are ties.',
    }),
    n_failed: Type.Integer({
      description: 'Pairs on which the model failed. The next request asks about them again.',
    }),
    baseline: Type.Unsafe<number | null>({
      ...number,
      description: 'The share of pairs in which the baseline is better.',
    }),
    candidate: Type.Unsafe<number | null>({
      ...number,
      description: 'The share of pairs in which the Run is better.',
    }),
    difference: comparisonProperties.difference,
    low: comparisonProperties.low,
    high: comparisonProperties.high,
    p_value: comparisonProperties.p_value,
    method: oneOf(['mcnemar', 'sign_flip', 'too_few']),
    wins: count,
    losses: count,
    ties: count,
    better: oneOf(['higher']),
  },
  { ...open, title: 'PairwiseComparison' },
);
