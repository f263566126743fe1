/** The time, as a parameter: tests pass their own. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A moment as the API and the database write it: UTC, six decimals, `Z`. */
export type Timestamp = string;

/** `2026-05-01T12:00:00.000000Z`. A Date has milliseconds only, so the last three digits are 0. */
export function timestamp(date: Date): Timestamp {
  return `${date.toISOString().slice(0, -1)}000Z`;
}

/** Seconds between two moments, with millisecond precision; negative when `end` comes first. */
export function secondsBetween(start: Timestamp, end: Timestamp): number {
  return (Date.parse(end) - Date.parse(start)) / 1_000;
}
