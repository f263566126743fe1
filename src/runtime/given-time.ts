import { invalid } from '../kernel/errors.ts';

type TimeField = 'created_at' | 'start_time' | 'end_time';

/**
 * A moment of a request in our form. One without a zone is meant as UTC.
 *
 * @throws `invalid` for one that no calendar has, such as a leap second, or year 0.
 */
export function givenTime(
  request: { readonly [Field in TimeField]?: string | null | undefined },
  field: TimeField,
): string | null {
  const text = request[field];
  return text ? momentAt(text, ['body', field]) : null;
}

/** A moment of a request, whose place a refusal names; see {@link givenTime}. */
export function momentAt(text: string, loc: readonly string[]): string {
  const [, day, time, fraction = '', zone = ''] = moment.exec(text) ?? [];
  const date = new Date(`${day}T${time}${zoneOf(zone)}`);
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    const msg = 'Must be a moment that the calendar has, from the year 1 to 9999.';
    throw invalid(loc, msg);
  }
  // A Date knows milliseconds; the microseconds are taken over from the text.
  return `${date.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** @throws `invalid` when a run would have ended before it began. */
export function requireOrder(start: string | null, end: string | null): void {
  if (start !== null && end !== null && Date.parse(end) < Date.parse(start)) {
    throw invalid(['body', 'end_time'], 'The end is before the start.');
  }
}

/** What the format `iso-date-time` lets through: date, time to the second, its fraction, the zone. */
const moment = /^(.{10}).(.{8})(?:\.(\d+))?(.*)$/;

/** `Z` or `+05:00`, from any spelling of a zone. */
function zoneOf(text: string): string {
  const [, hours, minutes = '00'] = /^([+-]\d\d)(?::?(\d\d))?$/.exec(text) ?? [];
  return hours === undefined ? 'Z' : `${hours}:${minutes}`;
}
