import { JinjaFault } from './faults.ts';
import { spendOn } from './fuel.ts';

/**
 * A number with a count of digits after its point, correctly rounded: half goes to the even digit,
 * which `toFixed` does not know. Negative counts round digits before the point.
 */
export function fixed(value: number | bigint, digits: number): string {
  limited(digits);
  const { numerator, denominator } = fractionOf(value);
  const isNegative = numerator < 0n || Object.is(value, -0);
  const places = digits < 0 ? Math.max(digits, -mostDigitsIn(numerator)) : Math.min(digits, most);
  const scale = 10n ** BigInt(Math.abs(places));
  const [top, bottom] =
    places >= 0 ? [abs(numerator) * scale, denominator] : [abs(numerator), denominator * scale];
  let rounded = top / bottom;
  const twice = (top % bottom) * 2n;
  if (twice > bottom || (twice === bottom && rounded % 2n === 1n)) rounded += 1n;
  if (places < 0) rounded *= scale;
  const text = rounded.toString().padStart(places > 0 ? places + 1 : 1, '0');
  const point = text.length - Math.max(0, places);
  const whole =
    places > 0 ? `${text.slice(0, point)}.${text.slice(point).padEnd(digits, '0')}` : text;
  return isNegative ? `-${whole}` : whole;
}

/** No float has more digits after its point than the smallest, 2 ** -1074. */
const most = 1_074;

/** So many digits or fewer an int has, and one more, so that it is less than half of a one there. */
function mostDigitsIn(value: bigint): number {
  return value.toString(16).length * 2 + 1;
}

/** A number with an exponent of two digits or more: `1.50e+03`. */
export function exponential(value: number, digits: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential(Math.min(digits, 100)).split('e');
  return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${exponent.slice(1).padStart(2, '0')}`;
}

/** A number with a count of digits in all: with an exponent if it is very large or very small. */
export function general(value: number, digits: number, keepsZeros: boolean): string {
  const significant = Math.max(1, Math.min(digits, 101));
  const power = Number(value.toExponential(significant - 1).split('e')[1]);
  const text =
    power < -4 || power >= significant
      ? exponential(value, significant - 1)
      : fixed(value, significant - 1 - power);
  if (keepsZeros || !text.includes('.')) return text;
  const [mantissa = '', exponent] = text.split('e');
  let end = mantissa.length;
  while (mantissa[end - 1] === '0') end -= 1;
  if (mantissa[end - 1] === '.') end -= 1;
  return mantissa.slice(0, end) + (exponent === undefined ? '' : `e${exponent}`);
}

/** `nan` and `inf`, which have no digits; undefined for a number. */
export function notFinite(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/**
 * Digits in groups: `1,234,567`.
 *
 * @param leastColumns zeros are put before until it is so long: `00,003`.
 */
export function grouped(
  digits: string,
  separator: string,
  size: number,
  leastColumns: number,
): string {
  const [, sign = '', given = '', rest = ''] = /^([-+ ]?)([\da-f]+)(.*)$/is.exec(digits) ?? [];
  const room = leastColumns - sign.length - rest.length;
  const whole = given.padStart(room - Math.floor((room - 1) / (size + 1)), '0');
  const groups: string[] = [];
  for (let end = whole.length; end > 0; end -= size) {
    groups.unshift(whole.slice(Math.max(0, end - size), end));
  }
  return `${sign}${groups.join(separator)}${rest}`;
}

/** A count of digits or characters that is not absurd. */
export function limited(count: number): number {
  if (Math.abs(count) > 1_000_000) throw new JinjaFault('too many digits or characters');
  spendOn(Math.abs(count));
  return count;
}

// A float is a fraction exactly: 52 bits of a power of two.
function fractionOf(value: number | bigint): { numerator: bigint; denominator: bigint } {
  if (typeof value === 'bigint') return { numerator: value, denominator: 1n };
  let [numerator, power] = [value, 0];
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    power += 1;
  }
  return { numerator: BigInt(numerator), denominator: 2n ** BigInt(power) };
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
