import { type Static, Type } from 'typebox';
import { oneOf } from './nullable.ts';
import { logStates } from './spans.ts';
import { givenTime } from './time.ts';

const part = Type.String({ minLength: 1, maxLength: 1_000 });
const amount = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1e12, description }));

/** The kinds of file that have logs. */
export const loggedTypes = ['agent', 'prompt', 'tool', 'flow', 'evaluator'] as const;

/** What a list of logs can be sorted by. */
export const logSorts = ['created_at', 'latency', 'cost', 'tokens'] as const;

/** Which logs a request is about. A log must match all filters. */
export const logFilterProperties = {
  file_id: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Only logs of this file. Default: logs of all files that are not deleted.',
    }),
  ),
  version_id: Type.Optional(Type.String()),
  type: Type.Optional(
    Type.Array(oneOf(loggedTypes), { description: 'Only logs of files of these types.' }),
  ),
  status: Type.Optional(
    Type.Array(oneOf(logStates), {
      description:
        'Only logs in one of these states. A run in progress, one that waits for its client, and one that waits for keys are `running`, `suspended` and `interrupted`. Other logs are in `error` if they have one, or else `incomplete` or `complete`.',
    }),
  ),
  environment: Type.Optional(
    Type.Array(part, { maxItems: 100, description: 'Only logs with one of these labels.' }),
  ),
  user: Type.Optional(Type.String({ description: 'Only logs with this `user`.' })),
  source: Type.Optional(Type.String({ description: 'Only logs with this `source`.' })),
  min_cost: amount('Only logs that cost this many US dollars or more.'),
  max_cost: amount('Only logs that cost this many US dollars or less.'),
  min_latency: amount('Only logs that took this many seconds or longer.'),
  max_latency: amount('Only logs that took this many seconds or shorter.'),
  min_tokens: amount('Only logs with this many tokens or more: of input and output together.'),
  max_tokens: amount('Only logs with this many tokens or fewer.'),
  judgment: Type.Optional(
    Type.Array(part, {
      maxItems: 20,
      description:
        'What evaluators say of a log. Each is the id of an evaluator, a colon, and `true`, `false`, `null`, `error`, `any`, `none` (it has not judged), `>=0.5`, `<=0.5` or `=` and an option. All must hold.',
    }),
  ),
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
};

/** The order of a list. */
export const logOrderProperties = {
  sort_by: Type.Unsafe<(typeof logSorts)[number]>({
    ...oneOf(logSorts, {
      description: 'What to sort by. Logs for which it is unknown come last.',
    }),
    default: 'created_at',
  }),
  order: Type.Unsafe<'asc' | 'desc'>({ ...oneOf(['asc', 'desc']), default: 'desc' }),
};

const logFilter = Type.Object(logFilterProperties);

/** The filters of a query about logs. */
export type LogFilterQuery = Static<typeof logFilter>;
