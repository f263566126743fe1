import type { Timestamp } from './clock.ts';

/** A time that a client gave. The two are equal but for a date, which is a whole day in UTC. */
export interface GivenTime {
  readonly first: Timestamp;
  /** To the microsecond, and inclusive. */
  readonly last: Timestamp;
}

/**
 * Reads a date, or a date and a time: the ISO 8601 that the v5 API took.
 *
 * @param text `2026-05-01`, `2026-05-01T12:00`, `2026-05-01 12:00:00.123456+02:00`; without a zone
 *   it is UTC.
 * @returns undefined for anything else, and for what the calendar does not have from the year 1 to
 *   9999: February 30th, a leap second.
 */
export function readTime(text: string): GivenTime | undefined {
  const [, day, minute, second = '00', fraction = '', zone = ''] = form.exec(text) ?? [];
  if (day === undefined) return undefined;
  const first = moment(`${day}T${minute ?? '00:00'}:${second}`, fraction, zone);
  if (first === undefined) return undefined;
  return { first, last: minute === undefined ? `${day}T23:59:59.999999Z` : first };
}

/** From here on a number counts milliseconds: as seconds it would be the year 2603. */
const firstMilliseconds = 2e10;

/**
 * The moment of a number, as the decorators of the Python SDK up to 0.8.23 send it: seconds since
 * 1970, or milliseconds from {@link firstMilliseconds} on, which is how the v5 API read numbers.
 *
 * @param value not negative, and not after the year 9999.
 */
export function timeOfNumber(value: number): Timestamp {
  const ms = value > firstMilliseconds ? value : value * 1_000;
  const seconds = Math.floor(ms / 1_000);
  const microseconds = Math.min(Math.round((ms - seconds * 1_000) * 1_000), 999_999);
  const text = new Date(seconds * 1_000).toISOString().slice(0, 19);
  return `${text}.${String(microseconds).padStart(6, '0')}Z`;
}

const form =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;

function moment(local: string, fraction: string, zone: string): Timestamp | undefined {
  const asUtc = new Date(`${local}Z`);
  // A Date takes February 30th for March 2nd, and 24:00 for the next day.
  if (Number.isNaN(asUtc.getTime()) || !asUtc.toISOString().startsWith(local)) return undefined;
  const offset = minutesOf(zone);
  if (offset === undefined) return undefined;
  const date = new Date(asUtc.getTime() - offset * 60_000);
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  // A Date knows milliseconds; the microseconds are taken over from the text.
  return `${date.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** How far a zone is ahead of UTC; undefined where no zone is. */
function minutesOf(zone: string): number | undefined {
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
