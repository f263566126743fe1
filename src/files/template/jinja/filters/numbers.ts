import { floatOf, numberOf } from '../compare.ts';
import { JinjaFault } from '../faults.ts';
import { type Filter, taking } from '../filter.ts';
import { spendOn } from '../fuel.ts';
import { roundedFloat } from '../methods/number.ts';
import { fixed } from '../number-format.ts';
import { toIndex } from '../sequences.ts';
import { str } from '../spelling.ts';
import { defined, isTrue, textOf, typeOf, type Value } from '../values.ts';

/** Filters of numbers, and those that make numbers. */
export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: (value) => {
    const number = needNumber(value, 'abs()');
    return number < 0 ? -number : number;
  },
  int: taking('default base', (value, [other = 0n, base = 10n]) => {
    const present = defined(value);
    const text = textOf(present);
    const whole = text === undefined ? numberOf(present) : intIn(text, toIndex(base));
    const number = whole ?? (text === undefined ? undefined : floatIn(text));
    if (typeof number !== 'number') return number ?? other;
    return Number.isFinite(number) ? BigInt(Math.trunc(number)) : other;
  }),
  float: taking('default', (value, [other = 0]) => {
    const present = defined(value);
    const text = textOf(present);
    const number = text === undefined ? numberOf(present) : floatIn(text);
    return number === undefined ? other : floatOf(number);
  }),
  round: taking('precision method', round),
  filesizeformat: taking('binary', (value, [binary = false]) => fileSize(value, isTrue(binary))),
};

function round(value: Value, [precision = 0n, method = 'common']: (Value | undefined)[]): Value {
  const number = needNumber(value, 'round()');
  const digits = toIndex(precision);
  const how = str(method);
  if (how === 'ceil' || how === 'floor') {
    const scale = 10 ** digits;
    return Math[how](Number(number) * scale) / scale;
  }
  if (how !== 'common') throw new JinjaFault('method must be common, ceil or floor');
  if (typeof number === 'number') return roundedFloat(number, digits);
  return digits >= 0 ? number : BigInt(fixed(number, digits));
}

const bases = { 2: /^0b/i, 8: /^0o/i, 16: /^0x/i } as const;

/** The int that a text is in a base; undefined if it is none. */
function intIn(text: string, base: number): bigint | undefined {
  spendOn(text.length);
  const [, sign, digits = ''] = /^\s*([-+]?)([\da-z](?:_?[\da-z])*)\s*$/i.exec(text) ?? [];
  if (sign === undefined || digits.length > 4_300) return undefined;
  const plain = digits.replaceAll('_', '').toLowerCase();
  const bare = base in bases ? plain.replace(bases[base as keyof typeof bases], '') : plain;
  let number = 0n;
  for (const digit of bare) {
    const value = Number.parseInt(digit, 36);
    if (value >= base) return undefined;
    number = number * BigInt(base) + BigInt(value);
  }
  if (bare === '') return undefined;
  return sign === '-' ? -number : number;
}

/** The float that a text is; undefined if it is none. */
function floatIn(text: string): number | undefined {
  spendOn(text.length);
  const plain = text.trim();
  const number =
    /^[-+]?(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:e[-+]?\d(?:_?\d)*)?$/i;
  if (number.test(plain)) return Number(plain.replaceAll('_', ''));
  const [, sign, word] = /^([-+]?)(inf|infinity|nan)$/i.exec(plain) ?? [];
  if (word === undefined) return undefined;
  const special = word.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY;
  return sign === '-' ? -special : special;
}

function fileSize(value: Value, isBinary: boolean): string {
  const text = textOf(defined(value));
  const size = text === undefined ? Number(needNumber(value, 'float()')) : floatIn(text);
  if (size === undefined) throw new JinjaFault('could not convert string to float');
  const base = isBinary ? 1024 : 1000;
  if (size === 1) return '1 Byte';
  if (size < base) return `${Math.trunc(size)} Bytes`;
  const prefixes = isBinary
    ? ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
    : ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
  const found = prefixes.findIndex((_prefix, index) => size < base ** (index + 2));
  const index = found < 0 ? prefixes.length - 1 : found;
  return `${fixed((base * size) / base ** (index + 2), 1)} ${prefixes[index]}`;
}

function needNumber(value: Value, what: string): bigint | number {
  const number = numberOf(defined(value));
  if (number === undefined)
    throw new JinjaFault(`bad operand type for ${what}: '${typeOf(value)}'`);
  return number;
}
