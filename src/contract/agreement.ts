import { type Static, Type } from 'typebox';
import { judgment } from './kinds/evaluator.ts';
import { nullable, oneOf } from './nullable.ts';

const id = Type.String({ minLength: 1 });
const count = Type.Integer();

export const agreementQuery = Type.Object({
  with: Type.Optional(
    Type.String({
      minLength: 1,
      description:
        'The id of another evaluator of the same return type. Without it, the people who judge ' +
        'with this evaluator are compared with each other.',
    }),
  ),
  run_id: Type.Optional(Type.String({ minLength: 1, description: 'Only logs of this Run.' })),
});

/** How many disagreements an answer lists. */
export const mostDisagreements = 100;

const said = Type.Object(
  {
    evaluator_id: id,
    user: nullable(
      Type.String({ description: 'Who judged; null for the server and unnamed clients.' }),
    ),
    judgment: nullable(judgment),
  },
  { additionalProperties: true },
);

/** How far people, or two evaluators, agree. A number is null where it is not defined. */
export const agreementResponse = Type.Object(
  {
    evaluator_id: id,
    with_evaluator_id: nullable(id),
    run_id: nullable(id),
    return_type: oneOf(['boolean', 'number', 'select', 'multi_select']),
    logs_count: Type.Integer({ description: 'Logs that are judged at least twice, or by both.' }),
    judges: Type.Array(
      Type.Object(
        { user: nullable(Type.String()), judgments_count: count },
        { additionalProperties: true },
      ),
      { description: 'Who judged with this evaluator, and how many logs.' },
    ),
    alpha: nullable(
      Type.Number({
        description:
          'Krippendorff’s α among people: 1 is full agreement, 0 is chance. For numbers it is that ' +
          'of intervals, otherwise that of names.',
      }),
    ),
    accuracy: nullable(Type.Number({ description: 'The share of logs on which both agree.' })),
    kappa: nullable(Type.Number({ description: 'Cohen’s κ of two evaluators.' })),
    pearson: nullable(
      Type.Number({ description: 'The correlation of two evaluators of numbers.' }),
    ),
    confusion: nullable(
      Type.Object({
        labels: Type.Array(Type.String()),
        counts: Type.Array(Type.Array(count), {
          description: 'A row for each label of this evaluator, a column for each of the other.',
        }),
      }),
    ),
    disagreements_count: count,
    disagreements: Type.Array(
      Type.Object(
        { log_id: Type.String(), judgments: Type.Array(said) },
        { additionalProperties: true },
      ),
      { description: `The first ${mostDisagreements} logs on which the judgments differ.` },
    ),
  },
  { additionalProperties: true },
);

export type AgreementQuery = Static<typeof agreementQuery>;
export type AgreementResponse = Static<typeof agreementResponse>;
