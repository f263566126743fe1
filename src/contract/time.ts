import { Type } from 'typebox';

/** A moment in an answer: UTC, with six decimals. */
export const time = Type.String({ format: 'date-time' });

/** A time in a request; see `kernel/given-time.ts`. */
export const givenTime = Type.String({
  format: 'date-or-date-time',
  description: 'Without a zone, it is in UTC. A date alone is the start of its day.',
});
