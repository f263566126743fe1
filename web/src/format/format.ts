/** `<1ms`, `212ms`, `1.85s`, `2m 14s`, `3h 05m`, `2d 4h`. */
export function duration(ms: number): string {
  if (ms < 1) return '<1ms';
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)}s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${twoDigits(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)}h ${twoDigits(minutes % 60)}m`;
  return `${Math.floor(minutes / 1_440)}d ${Math.floor((minutes % 1_440) / 60)}h`;
}

/** A time on the axis of a trace: `0`, `250ms`, `2.5s`, `1m 30s`. */
export function axisTime(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1_000) return `${Number(ms.toFixed(ms < 1 ? 2 : 0))}ms`;
  if (ms < 60_000) return `${Number((ms / 1_000).toFixed(2))}s`;
  return duration(ms).replace(' 00s', '').replace(' 00m', '');
}

/** US dollars: four decimals under a dollar. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0';
  if (amount < 0.00005) return '<$0.0001';
  return `$${amount < 1 ? amount.toFixed(4) : wholeDollars.format(amount)}`;
}

/** `7,044` */
export function count(number: number): string {
  return whole.format(number);
}

/** `0.75`, `1,234.568`, `0.00012`: a number of any size. */
export function amount(number: number): string {
  return (Math.abs(number) < 0.1 ? small : large).format(number);
}

/** `1 error`, `12 errors` */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** `0%`, `<0.1%`, `0.7%`, `12%` of a share between 0 and 1. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%';
  const digits = share > 0 && share < 0.0995 ? 1 : 0;
  return `${(share * 100).toFixed(digits)}%`;
}

/** `412 B`, `64 KB`, `5.2 MB` */
export function bytes(size: number): string {
  if (size < 1_000) return `${size} B`;
  if (size < 1_000_000) return `${Math.round(size / 1_000)} KB`;
  return `${(size / 1_000_000).toFixed(1)} MB`;
}

const whole = new Intl.NumberFormat('en-US');
const large = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });
const small = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const wholeDollars = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
