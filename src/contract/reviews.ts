import { type Static, Type } from 'typebox';
import { judgment } from './kinds/evaluator.ts';
import { nullable, oneOf, optional } from './nullable.ts';
import { time } from './time.ts';

/** Which reviews are meant. A review must match all filters. */
const filters = {
  file_id: Type.String({ minLength: 1, description: 'Only logs of this file.' }),
  evaluator_id: Type.String({ minLength: 1, description: 'Only for this human evaluator.' }),
  run_id: Type.String({ minLength: 1, description: 'Only logs of this Run.' }),
};

export const reviewsQuery = Type.Object({
  file_id: Type.Optional(filters.file_id),
  evaluator_id: Type.Optional(filters.evaluator_id),
  run_id: Type.Optional(filters.run_id),
  state: Type.Unsafe<'open' | 'mine' | 'done'>({
    ...oneOf(['open', 'mine', 'done'], {
      description:
        '`open`: reviews that you can give and nobody has reserved; at most 1,000 are counted. ' +
        '`mine`: those that you have reserved. `done`: those that you have given, newest first.',
    }),
    default: 'open',
  }),
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 1_000, default: 10 }),
});

export const nextReviewRequest = Type.Object({
  file_id: optional(filters.file_id),
  evaluator_id: optional(filters.evaluator_id),
  run_id: optional(filters.run_id),
});

/** A reviewer's judgment, or the wish to skip the log. */
export const reviewRequest = Type.Object({
  judgment: Type.Optional(
    nullable(
      Type.Unsafe<Static<typeof judgment>>({
        ...judgment,
        description: 'As the evaluator returns it. Null or left out: you abstain, which counts.',
      }),
    ),
  ),
  note: optional(
    Type.String({
      maxLength: 100_000,
      description: 'The reason. It becomes the `output` of the evaluator log.',
    }),
  ),
  skip: optional(
    Type.Boolean({
      description:
        'True: you do not judge this log, and are not given it again. Without `judgment`.',
    }),
  ),
});

/** A log that people are to judge. */
export const reviewResponse = Type.Object(
  {
    id: Type.String(),
    state: oneOf(['open', 'reserved', 'done', 'skipped']),
    log: Type.Unsafe<unknown>({
      ...Type.Union([Type.Ref('LogResponse'), Type.Ref('LogSummary')]),
      description: 'The whole log; in lists its summary. It shows no judgments.',
    }),
    evaluator: Type.Ref('EvaluatorResponse'),
    run_ids: Type.Array(Type.String(), { description: 'The open Runs that wait for this review.' }),
    reserved_until: nullable(time),
    reviews_per_log: Type.Integer({ description: 'How many people are to judge the log.' }),
    reviews_count: Type.Integer({ description: 'How many people have judged it.' }),
    reviews: nullable(
      Type.Array(Type.Ref('EvaluatorLogResponse'), {
        description: 'The judgments of all reviewers; null until you have given yours.',
      }),
    ),
  },
  { additionalProperties: true },
);

export const nextReviewResponse = Type.Object(
  {
    review: nullable(Type.Ref('ReviewResponse')),
  },
  { additionalProperties: true },
);

export type ReviewFilters = Static<typeof nextReviewRequest>;
export type ReviewRequest = Static<typeof reviewRequest>;
