import { type Static, Type } from 'typebox';
import { nullable, oneOf } from './nullable.ts';
import { givenTime, time } from './time.ts';

const open = { additionalProperties: true } as const;
const count = Type.Integer();
const part = Type.String({ minLength: 1, maxLength: 1_000 });

/** How to page and filter the logs of a file. A log must match all filters. */
export const logListQuery = Type.Object({
  file_id: Type.String({ minLength: 1, description: 'The file whose logs are listed.' }),
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
  version_id: Type.Optional(Type.String()),
  id: Type.Optional(
    Type.Array(part, {
      maxItems: 100,
      description: 'Parts of ids: only logs whose id contains one of them.',
    }),
  ),
  search: Type.Optional(
    Type.String({
      maxLength: 1_000,
      description: 'Part of the inputs, as JSON, or of the output. Case is ignored.',
    }),
  ),
  metadata_search: Type.Optional(
    Type.String({
      maxLength: 1_000,
      description: 'Part of the metadata, as JSON (`{"key": "value"}`). Case is ignored.',
    }),
  ),
  start_date: Type.Optional(
    Type.Unsafe<string>({
      ...givenTime,
      description:
        'Only logs created at this time or later. A date means the start of that day in UTC.',
    }),
  ),
  end_date: Type.Optional(
    Type.Unsafe<string>({
      ...givenTime,
      description:
        'Only logs created at this time or earlier. A date means the end of that day in UTC.',
    }),
  ),
  in_trace_filter: Type.Optional(
    Type.Array(Type.Boolean(), {
      maxItems: 2,
      description:
        'True: only logs below another log. False: only logs that are not. Both: all logs.',
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

/** How many characters of an output or an error a summary shows. */
export const clippedLength = 200;

/** A log without its payloads, for lists. */
export const logSummary = Type.Object(
  {
    id: Type.String(),
    type: Type.String(),
    file_id: Type.String(),
    version_id: Type.String(),
    path: Type.String({ description: 'The path of the file.' }),
    name: Type.String({ description: 'The name of the file.' }),
    created_at: time,
    start_time: nullable(time),
    end_time: nullable(time),
    provider_latency: nullable(Type.Number({ description: 'Seconds.' })),
    log_status: nullable(oneOf(['complete', 'incomplete'])),
    run_state: nullable(oneOf(['running', 'suspended', 'interrupted'])),
    prompt_tokens: nullable(count),
    reasoning_tokens: nullable(count),
    output_tokens: nullable(count),
    prompt_cost: nullable(Type.Number({ description: 'US dollars.' })),
    output_cost: nullable(Type.Number({ description: 'US dollars.' })),
    finish_reason: nullable(Type.String()),
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
