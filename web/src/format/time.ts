// Times are shown in the reader's zone, or the one they chose; the whole time, with the zone named, is in
// the tooltip.

const storage = 'loopwright.time-zone';
let zone = globalThis.localStorage?.getItem(storage) ?? undefined;
let formats = formatsIn(zone);

/** The zone that the reader chose; undefined: that of their browser. */
export function chosenTimeZone(): string | undefined {
  return zone;
}

/** Shows times in a zone from now on, in this browser. */
export function chooseTimeZone(next: string | undefined): void {
  zone = next;
  formats = formatsIn(zone);
  if (zone === undefined) localStorage.removeItem(storage);
  else localStorage.setItem(storage, zone);
}

/** `21:41:08` today, `24 Nov 21:41:08` before, with the year if it is another one. */
export function moment(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const { clock, day, dayOfYear, year } = formats;
  const time = clock.format(date);
  if (dayOfYear.format(date) === dayOfYear.format(now)) return time;
  const isThisYear = year.format(date) === year.format(now);
  return `${(isThisYear ? day : dayOfYear).format(date)} ${time}`;
}

/** `24 Nov 2026` */
export function calendarDay(iso: string): string {
  return formats.dayOfYear.format(new Date(iso));
}

/** `Sat, 21 Nov 2026, 21:41:08.137 CET` */
export function wholeTime(iso: string): string {
  return formats.whole.format(new Date(iso));
}

function formatsIn(chosen: string | undefined) {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...options, ...(chosen && { timeZone: chosen }) });
  const day = { day: 'numeric', month: 'short' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
  return {
    clock: format(clock),
    day: format(day),
    dayOfYear: format({ ...day, year: 'numeric' }),
    year: format({ year: 'numeric' }),
    whole: format({
      weekday: 'short',
      ...day,
      year: 'numeric',
      ...clock,
      fractionalSecondDigits: 3,
      timeZoneName: 'short',
    }),
  };
}

const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `just now`, `3 hours ago`, `yesterday` */
export function ago(iso: string, now = new Date()): string {
  const seconds = (now.getTime() - new Date(iso).getTime()) / 1_000;
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? [];
  return unit && size ? relative.format(-Math.floor(seconds / size), unit) : 'just now';
}
