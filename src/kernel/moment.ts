import type { Timestamp } from './clock.ts';

/**
 * A time that a client gave, as a range: from `first` to `last`. Both are equal, except for a date,
 * which is a whole day in UTC.
 */
export interface GivenTime {
  readonly first: Timestamp;
  /** Inclusive, to the microsecond. */
  readonly last: Timestamp;
}

/**
 * Reads a date, or a date and a time, in the ISO 8601 forms that the v5 API accepts.
 *
 * @param text `2026-05-01`, `2026-05-01T12:00`, `2026-05-01 12:00:00.123456+02:00`; UTC without a
 *   zone.
 * @returns undefined for any other text, and for a time that does not exist in the years 1 to 9999,
 *   such as February 30th or a leap second.
 */
export function readTime(text: string): GivenTime | undefined {
  const [, day, minute, second = '00', fraction = '', zone = ''] = form.exec(text) ?? [];
  if (day === undefined) return undefined;
  const first = moment(`${day}T${minute ?? '00:00'}:${second}`, fraction, zone);
  if (first === undefined) return undefined;
  return { first, last: minute === undefined ? `${day}T23:59:59.999999Z` : first };
}

/** A number from here on counts milliseconds: read as seconds it would be in the year 2603. */
const firstMilliseconds = 2e10;

/**
 * The moment that a number stands for: seconds since 1970, or milliseconds from {@link
 * firstMilliseconds} on. The v5 API read numbers like this, and decorators of the Python SDK up to
 * 0.8.23 send them.
 *
 * @param value not negative, and not after the year 9999.
 */
export function timeFromNumber(value: number): Timestamp {
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
  // A Date reads February 30th as March 2nd, and 24:00 as the next day: compare with what was
  // given.
  if (Number.isNaN(asUtc.getTime()) || !asUtc.toISOString().startsWith(local)) return undefined;
  const offset = zoneOffsetMinutes(zone);
  if (offset === undefined) return undefined;
  const date = new Date(asUtc.getTime() - offset * 60_000);
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  // A Date has milliseconds only, so the microseconds are copied from the text.
  return `${date.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

/** How many minutes a zone is ahead of UTC; undefined for a text that names no zone. */
function zoneOffsetMinutes(zone: string): number | undefined {
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
