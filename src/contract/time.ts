import { Type } from 'typebox';

/** A moment in an answer: UTC, with six decimals. */
export const time = Type.String({ format: 'date-time' });

/** A time in a request; see `kernel/moment.ts`. */
export const givenTime = Type.String({
  format: 'date-or-date-time',
  description: 'Without a zone, it is in UTC. A date alone is the start of its day.',
});

/** The last moment of the year 9999, in milliseconds. */
const lastMs = 253_402_300_799_999;

/** A time of a log in a request; old clients send numbers. See `kernel/moment.ts`. */
export const loggedTime = Type.Unsafe<string | number>({
  type: ['string', 'number'],
  format: 'date-or-date-time',
  minimum: 0,
  maximum: lastMs,
  description:
    'A text in ISO 8601, or a number of seconds since 1970; above 20,000,000,000 it counts milliseconds.',
});
