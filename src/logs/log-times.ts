import type { Timestamp } from '../kernel/clock.ts';
import { invalid } from '../kernel/errors.ts';
import { readTime, timeFromNumber } from '../kernel/moment.ts';

type TimeField = 'created_at' | 'start_time' | 'end_time';

/** A time of a checked request in its stored form. A date without a time is its first moment. */
export function readMoment(
  request: { readonly [Field in TimeField]?: string | number | null | undefined },
  field: TimeField,
): Timestamp | null {
  const given = request[field] ?? '';
  return typeof given === 'number' ? timeFromNumber(given) : (readTime(given)?.first ?? null);
}

/** @throws `invalid` when the end is before the start. */
export function requireOrder(start: string | null, end: string | null): void {
  if (start !== null && end !== null && Date.parse(end) < Date.parse(start)) {
    throw invalid(['body', 'end_time'], 'The end time is before the start time.');
  }
}
