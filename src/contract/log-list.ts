import { type Static, Type } from 'typebox';
import { returnTypes } from './kinds/evaluator.ts';
import { logFilterProperties, logOrderProperties } from './log-filter.ts';
import { nullable, oneOf } from './nullable.ts';
import { forkedFrom, logStates } from './spans.ts';
import { time } from './time.ts';

const open = { additionalProperties: true } as const;
const count = Type.Integer();
/** How to page, filter and sort a list of logs. */
export const logListQuery = Type.Object({
  ...logFilterProperties,
  ...logOrderProperties,
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({
    minimum: 0,
    maximum: 1_000,
    default: 10,
    description:
      'The most logs of a page. A page of large logs ends sooner, after 32 MB; its `next_cursor` ' +
      'leads to the rest.',
  }),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_000,
      description:
        'The `next_cursor` of an earlier answer. The list continues where that page ended, even if ' +
        'more was logged since. Use it instead of `page`.',
    }),
  ),
  sample: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000_000,
      description:
        'The approximate number of matching logs to list. They are chosen at random; the next page ' +
        'uses the same choice.',
    }),
  ),
  include_parent: Type.Boolean({
    default: false,
    description: 'Include in logs of evaluators the log that they judge, as `parent`.',
  }),
  include_trace_children: Type.Boolean({ default: false }),
  view: Type.Unsafe<'full' | 'summary'>({
    ...oneOf(['full', 'summary'], {
      description: '`summary`: records without payloads; see LogSummary.',
    }),
    default: 'full',
  }),
});

export type LogListQuery = Static<typeof logListQuery>;

/** How many characters of an input, an output or an error a summary shows. */
export const clippedLength = 200;

/** What an evaluator says of a log, for lists. */
const listedJudgment = Type.Object(
  {
    evaluator_id: Type.String(),
    evaluator_version_id: Type.String(),
    evaluator_name: Type.String(),
    judge: nullable(Type.String({ description: 'The `user` of the judgment.' })),
    outcome: oneOf(['judged', 'null', 'error']),
    return_type: nullable(
      oneOf(returnTypes, { description: 'What the version of the evaluator gives.' }),
    ),
    value: nullable(Type.Number({ description: 'A number, or 1 and 0 for true and false.' })),
    options: nullable(Type.Array(Type.String())),
  },
  open,
);

/** A log without its payloads, for lists. */
export const logSummary = Type.Object(
  {
    id: Type.String(),
    type: Type.String(),
    file_id: Type.String(),
    version_id: Type.String(),
    version_name: nullable(Type.String()),
    path: Type.String({ description: 'The path of the file.' }),
    name: Type.String({ description: 'The name of the file.' }),
    created_at: time,
    start_time: nullable(time),
    end_time: nullable(time),
    provider_latency: nullable(Type.Number({ description: 'Seconds.' })),
    log_status: nullable(oneOf(['complete', 'incomplete'])),
    run_state: nullable(oneOf(['running', 'suspended', 'interrupted'])),
    status: oneOf(logStates, { description: 'The state in one word.' }),
    latency: nullable(
      Type.Number({ description: 'Seconds from the start to the end, or `provider_latency`.' }),
    ),
    cost: nullable(Type.Number({ description: 'US dollars: `prompt_cost` and `output_cost`.' })),
    tokens: nullable(Type.Integer({ description: '`prompt_tokens` and `output_tokens`.' })),
    prompt_tokens: nullable(count),
    reasoning_tokens: nullable(count),
    output_tokens: nullable(count),
    prompt_cost: nullable(Type.Number({ description: 'US dollars.' })),
    output_cost: nullable(Type.Number({ description: 'US dollars.' })),
    finish_reason: nullable(Type.String()),
    input: nullable(
      Type.String({
        description: `The first ${clippedLength} characters of the last message of a user, or else of the inputs as JSON.`,
      }),
    ),
    output: nullable(
      Type.String({ description: `The first ${clippedLength} characters of the output.` }),
    ),
    error: nullable(
      Type.String({ description: `The first ${clippedLength} characters of the error.` }),
    ),
    trace_id: nullable(Type.String()),
    trace_parent_id: nullable(Type.String()),
    trace_flow_id: nullable(Type.String()),
    environment: nullable(Type.String()),
    user: nullable(Type.String()),
    source: nullable(Type.String()),
    source_datapoint_id: nullable(Type.String()),
    forked_from: forkedFrom,
    judgments: Type.Optional(
      Type.Array(listedJudgment, {
        description:
          'What evaluators say of the log: of each judge the newest. Only in lists of logs.',
      }),
    ),
  },
  open,
);

/** Fields of a page of logs besides its records. */
export const logPageProperties = {
  page: Type.Integer(),
  size: Type.Integer(),
  total: Type.Integer({
    description: 'The number of matching logs; if `total_is_exact` is false, at least so many.',
  }),
  total_is_exact: Type.Boolean(),
  next_cursor: nullable(
    Type.String({ description: 'The cursor of the next page; null on the last page.' }),
  ),
};
