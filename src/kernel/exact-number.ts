/**
 * A number of JSON that a double would change: an integer with more digits than a double holds, a
 * decimal with more, or a whole number written as a fraction (`1.0`), which is another type in
 * Python. Written as JSON or as text it is as it was; in arithmetic it is the nearest double.
 */
export class ExactNumber {
  /** As JSON writes it. */
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  /** Whether it has neither a fraction nor an exponent. */
  get isInteger(): boolean {
    return isDigits.test(this.source);
  }

  valueOf(): number {
    return Number(this.source);
  }

  toString(): string {
    return this.source;
  }

  toJSON(): unknown {
    return rawJSON(this.source);
  }
}

// Not in the types of TypeScript 6: https://github.com/tc39/proposal-json-parse-with-source
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** A number as JSON writes it. */
export const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const isDigits = /^-?\d+$/;

/** More digits, or larger exponents, are read as a double: Postgres refuses 16,384 decimals. */
const mostCharacters = 16_000;
const largestExponent = 400;

/**
 * A number of JSON, if a double would change it.
 *
 * @param source matches {@link jsonNumber}.
 */
export function exactNumber(source: string): ExactNumber | undefined {
  const double = String(Number(source));
  if (source === double || source.length > mostCharacters) return undefined;
  if (isDigits.test(source)) return source === '-0' ? undefined : new ExactNumber(source);
  const decimal = decimalOf(source);
  if (Math.abs(decimal.exponent) > largestExponent) return undefined;
  // As a double it would be written like an integer.
  if (isDigits.test(double)) return new ExactNumber(withoutExponent(source, decimal));
  return isSame(decimal, decimalOf(double)) ? undefined : new ExactNumber(source);
}

/** A whole number as a fraction. Postgres would make `100`, which is an integer, of `1e2`. */
function withoutExponent(source: string, { sign, digits, exponent }: Decimal): string {
  if (!/[eE]/.test(source)) return source;
  if (digits === '') return source.startsWith('-') ? '-0.0' : '0.0';
  if (exponent >= 0) return `${sign}${digits}${'0'.repeat(exponent)}.0`;
  const point = digits.length + exponent;
  // A number that a double has as 0, or as the nearest integer.
  return point <= 0 ? source : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * One text for equal values, valid as JSON: that of the double where it has the same value.
 */
export function canonicalNumber({ source }: ExactNumber): string {
  const decimal = decimalOf(source);
  const double = String(Number(source));
  if (isSame(decimal, decimalOf(double))) return double;
  return `${decimal.sign}${decimal.digits}e${decimal.exponent}`;
}

/** `digits` × 10^`exponent`. The digits begin and end with another digit than 0; zero has none. */
interface Decimal {
  readonly sign: '' | '-';
  readonly digits: string;
  readonly exponent: number;
}

function decimalOf(source: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const all = whole + fraction;
  const last = lastNonZero(all);
  const digits = all.slice(0, last + 1).replace(/^0+/, '');
  if (digits === '') return { sign: '', digits, exponent: 0 };
  const shift = all.length - (last + 1) - fraction.length;
  return { sign: sign === '-' ? '-' : '', digits, exponent: Number(exponent) + shift };
}

/** A loop, since `/0+$/` takes quadratic time on zeros that are not at the end. */
function lastNonZero(digits: string): number {
  let at = digits.length - 1;
  while (at >= 0 && digits[at] === '0') at -= 1;
  return at;
}

function isSame(one: Decimal, other: Decimal): boolean {
  return one.sign === other.sign && one.digits === other.digits && one.exponent === other.exponent;
}
