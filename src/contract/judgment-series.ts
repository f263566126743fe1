import { Type } from 'typebox';
import { nullable, oneOf } from './nullable.ts';
import { givenTime, time } from './time.ts';

const open = { additionalProperties: true } as const;
const count = Type.Integer();

/** Which judgments to add up, and over how long. */
export const judgmentSeriesQuery = Type.Object({
  from: Type.Optional(
    Type.Unsafe<string>({
      ...givenTime,
      description: 'Only logs made since then. Default: 30 days before `to`.',
    }),
  ),
  to: Type.Optional(
    Type.Unsafe<string>({ ...givenTime, description: 'Only logs made until then. Default: now.' }),
  ),
  interval: Type.Unsafe<'hour' | 'day' | 'week'>({
    ...oneOf(['hour', 'day', 'week'], {
      description: 'The time that one point stands for, in UTC. Weeks begin on Mondays.',
    }),
    default: 'day',
  }),
  evaluator_version_id: Type.Optional(
    Type.String({ minLength: 1, description: 'Only judgments of this version of an evaluator.' }),
  ),
  version_id: Type.Optional(
    Type.String({ minLength: 1, description: 'Only judgments on logs of this version.' }),
  ),
});

/** What evaluators say of the logs of a file over time. */
export const judgmentSeries = Type.Object(
  {
    series: Type.Array(
      Type.Object(
        {
          evaluator_id: Type.String(),
          evaluator_version_id: Type.String(),
          version_id: nullable(
            Type.String({ description: 'The version asked for; null: all of them.' }),
          ),
          points: Type.Array(
            Type.Object(
              {
                at: Type.Unsafe<string>({ ...time, description: 'When the interval begins.' }),
                total: Type.Integer({ description: 'Evaluator logs, with nulls and errors.' }),
                judged: count,
                nulls: count,
                errors: count,
                mean: Type.Optional(
                  nullable(Type.Number({ description: 'Of evaluators that return numbers.' })),
                ),
                share: Type.Optional(
                  nullable(Type.Number({ description: 'The share of true, of booleans.' })),
                ),
                per_option: Type.Optional(
                  Type.Record(Type.String(), count, {
                    description: 'How often each option was chosen.',
                  }),
                ),
              },
              open,
            ),
            { description: 'Oldest first. Intervals without judgments are left out.' },
          ),
        },
        open,
      ),
    ),
  },
  { ...open, title: 'JudgmentSeries' },
);
