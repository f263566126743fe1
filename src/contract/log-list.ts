import { type Static, Type } from 'typebox';
import { nullable, oneOf } from './nullable.ts';
import { givenTime, time } from './time.ts';

const open = { additionalProperties: true } as const;
const count = Type.Integer();
const part = Type.String({ minLength: 1, maxLength: 1_000 });

/** Which logs of a file are listed, and how. Each filter narrows what the others leave. */
export const logListQuery = Type.Object({
  file_id: Type.String({ minLength: 1, description: 'The file whose logs are listed.' }),
  page: Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 1 }),
  size: Type.Integer({ minimum: 0, maximum: 1_000, default: 10 }),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 1_000,
      description:
        'The `next_cursor` of another answer: the list goes on where that page ended, whatever was ' +
        'logged since. It stands in place of `page`.',
    }),
  ),
  version_id: Type.Optional(Type.String()),
  id: Type.Optional(
    Type.Array(part, {
      maxItems: 100,
      description: 'Parts of ids: logs whose id has one of them.',
    }),
  ),
  search: Type.Optional(
    Type.String({
      maxLength: 1_000,
      description: 'A part of the inputs, read as JSON, or of the output; in any case.',
    }),
  ),
  metadata_search: Type.Optional(
    Type.String({
      maxLength: 1_000,
      description: 'A part of the metadata, read as JSON (`{"key": "value"}`); in any case.',
    }),
  ),
  start_date: Type.Optional(
    Type.Unsafe<string>({
      ...givenTime,
      description: 'Logs created then or later; a date is the start of its day in UTC.',
    }),
  ),
  end_date: Type.Optional(
    Type.Unsafe<string>({
      ...givenTime,
      description: 'Logs created then or earlier; a date is the end of its day in UTC.',
    }),
  ),
  in_trace_filter: Type.Optional(
    Type.Array(Type.Boolean(), {
      maxItems: 2,
      description: 'True: logs below another. False: those that are not. Both: all.',
    }),
  ),
  sample: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000_000,
      description:
        'About how many of the logs that match to list. Which ones is left to chance once: the same ' +
        'logs are drawn again for the next page.',
    }),
  ),
  include_parent: Type.Boolean({
    default: false,
    description: 'Logs of evaluators show the log that they judge, as `parent`.',
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

/** Characters that a summary shows of an output or an error. */
export const clippedLength = 200;

/** A log without its payloads, for lists. */
export const logSummary = Type.Object(
  {
    id: Type.String(),
    type: Type.String(),
    file_id: Type.String(),
    version_id: Type.String(),
    path: Type.String({ description: 'Of the file.' }),
    name: Type.String({ description: 'Of the file.' }),
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

/** What a page of logs says beside its records. */
export const logPageProperties = {
  page: Type.Integer(),
  size: Type.Integer(),
  total: Type.Integer({
    description: 'How many logs match; at least so many, where `total_is_exact` is false.',
  }),
  total_is_exact: Type.Boolean(),
  next_cursor: nullable(
    Type.String({ description: 'Where the next page begins; null on the last.' }),
  ),
};
