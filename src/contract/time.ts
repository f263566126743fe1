import { Type } from 'typebox';

/** A time in an answer: UTC, with microseconds. */
export const time = Type.String({ format: 'date-time' });

/** A time in a request; `kernel/moment.ts` reads it. */
export const givenTime = Type.String({
  format: 'date-or-date-time',
  description: 'Without a time zone, the time is in UTC. A date alone means the start of that day.',
});

/** The last millisecond of the year 9999, since 1970. */
const lastMs = 253_402_300_799_999;

/** A time of a log in a request. Old clients send numbers. `kernel/moment.ts` reads it. */
export const loggedTime = Type.Unsafe<string | number>({
  type: ['string', 'number'],
  format: 'date-or-date-time',
  minimum: 0,
  maximum: lastMs,
  description:
    'Text in ISO 8601, or a number of seconds since 1970. A number above 20,000,000,000 counts milliseconds.',
});
