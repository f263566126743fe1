import { type Static, Type } from 'typebox';
import { logFilterProperties } from './log-filter.ts';
import { nullable } from './nullable.ts';
import { time } from './time.ts';

/** The most stretches of time that figures are shown for. */
const mostBuckets = 200;

/** Which logs to add up, and in how many stretches of time. */
export const logStatsQuery = Type.Object({
  ...logFilterProperties,
  buckets: Type.Integer({
    minimum: 0,
    maximum: mostBuckets,
    default: 60,
    description: 'About how many stretches of time to show figures for; 0: none.',
  }),
});

const seconds = nullable(Type.Number({ description: 'Seconds, exact to 2 %.' }));
const dollars = nullable(Type.Number({ description: 'US dollars; null when none is known.' }));

/** What logs add up to. */
export const logStatsResponse = Type.Object({
  total: Type.Integer(),
  total_is_exact: Type.Boolean({
    description:
      'False when so many logs have the text of a search that only the newest were added up.',
  }),
  errors: Type.Integer(),
  latency: Type.Object({ p50: seconds, p95: seconds, p99: seconds }),
  cost: dollars,
  cost_p95: dollars,
  cost_p99: dollars,
  logs_without_cost: Type.Integer(),
  tokens: nullable(Type.Integer()),
  from: nullable({ ...time, description: 'The `start_date`, or else the first log.' }),
  until: nullable({ ...time, description: 'The `end_date`, or else the last log.' }),
  bucket_seconds: nullable(Type.Integer({ description: 'How long a bucket is.' })),
  buckets: Type.Array(
    Type.Object({
      from: time,
      count: Type.Integer(),
      errors: Type.Integer(),
      p50: seconds,
      p95: seconds,
      cost: dollars,
    }),
    { description: 'The stretches of time that have logs, oldest first.' },
  ),
});

export type LogStatsResponse = Static<typeof logStatsResponse>;
