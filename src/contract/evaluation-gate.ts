import { type Static, Type } from 'typebox';
import { nullable, oneOf, optional } from './nullable.ts';

const open = { additionalProperties: true } as const;
const share = Type.Number({ minimum: 0 });

const byEvaluator = (description: string) =>
  optional(Type.Record(Type.String(), Type.Number(), { description }));

/** What a Run has to reach. */
export const gateRequest = Type.Object({
  min: byEvaluator(
    'The least value for each evaluator: its mean, or its share of true or of positive options. Evaluators are named by their path, their id or that of their version.',
  ),
  max_drop: byEvaluator('How much worse than the baseline the Run may be, for each evaluator.'),
  significant: optional(
    Type.Boolean({
      description:
        'True: a drop only counts if the whole interval of the difference is below 0, too.',
    }),
  ),
  max_cost_increase: optional(
    Type.Number({
      minimum: 0,
      description: 'How much more than in the baseline a log may cost: 0.1 for 10 %.',
    }),
  ),
  max_p95_latency: optional(
    Type.Number({ minimum: 0, description: 'The 95th percentile of the latencies, in seconds.' }),
  ),
  max_errors: optional(
    Type.Number({
      ...share,
      maximum: 1,
      description: 'The share of logs, and of the judgments of each evaluator, with an error.',
    }),
  ),
  baseline: optional(
    Type.String({
      minLength: 1,
      description:
        'The Run to compare with: its id, `control` or `previous`. Default: the control, or else the Run before. A first Run has none, and passes what needs one.',
    }),
  ),
});

/** Whether a Run has reached it. */
export const gateResponse = Type.Object(
  {
    passed: Type.Boolean({ description: 'The Run is completed, and every check has passed.' }),
    status: oneOf(['pending', 'running', 'completed', 'cancelled']),
    run_id: Type.String(),
    baseline_run_id: nullable(Type.String()),
    checks: Type.Array(
      Type.Object(
        {
          evaluator: nullable(Type.String({ description: 'The path of the evaluator.' })),
          rule: oneOf(['min', 'max_drop', 'max_cost_increase', 'max_p95_latency', 'max_errors']),
          value: nullable(
            Type.Number({ description: 'Null when nothing is known: the check fails.' }),
          ),
          threshold: Type.Number(),
          passed: Type.Boolean(),
          note: nullable(Type.String({ description: 'Why it passed or failed, if that is odd.' })),
        },
        { ...open, title: 'GateCheck' },
      ),
    ),
  },
  { ...open, title: 'GateResponse' },
);

export type GateRequest = Static<typeof gateRequest>;
