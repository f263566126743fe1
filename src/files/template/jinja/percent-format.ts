import { floatOf, numberOf } from './compare.ts';
import { JinjaFault } from './faults.ts';
import { exponential, fixed, general, limited, notFinite } from './number-format.ts';
import { ascii, repr, str } from './spelling.ts';
import { Dict, defined, Tuple, textOf, typeOf, type Value } from './values.ts';

// A name without an end takes the rest, which is looked at once.
const conversion =
  /%(?:\(([^)]*)(?:\)|$))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([diouxXeEfFgGcrsa%])?/g;

/** Python's `format % values`: of a tuple its items, of a dict its members, else the value alone. */
export function percentFormat(format: string, values: Value): string {
  const items = values instanceof Tuple ? [...values.items] : [values];
  let used = 0;
  const next = (): Value => {
    const item = items[used++];
    if (item === undefined) throw new JinjaFault('not enough arguments for format string');
    return item;
  };
  const text = format.replace(conversion, (whole: string, ...found: (string | undefined)[]) => {
    const [name, flags = '', width, precision, type] = found;
    if (type === '%') return '%';
    if (type === undefined) throw new JinjaFault('unsupported format character after %');
    const columns = width === '*' ? toNumber(next()) : Number(width ?? 0);
    const digits = precision === '*' ? toNumber(next()) : precision && Number(precision);
    const value = name === undefined ? next() : memberOf(values, name);
    const fallback = whole.includes('.') ? 0 : undefined;
    const places = typeof digits === 'number' ? limited(digits) : fallback;
    return padded(converted(value, type, flags, places), flags, limited(columns), type);
  });
  // What has members may be left over: it could be there for names.
  if (used < items.length && !(values instanceof Dict) && !Array.isArray(values)) {
    throw new JinjaFault('not all arguments converted during string formatting');
  }
  return text;
}

function memberOf(values: Value, name: string): Value {
  if (!(values instanceof Dict)) throw new JinjaFault('format requires a mapping');
  const member = values.get(name);
  if (member === undefined) throw new JinjaFault(`there is no \`${name}\` to format`);
  return member;
}

function converted(value: Value, type: string, flags: string, places?: number): string {
  if (type === 's') return cut(str(value), places);
  if (type === 'r') return cut(repr(value), places);
  if (type === 'a') return cut(ascii(value), places);
  if (type === 'c') return characterOf(value);
  const number = numberOf(defined(value));
  if (number === undefined) {
    const needed = 'diu'.includes(type)
      ? 'a real number'
      : 'oxX'.includes(type)
        ? 'an integer'
        : '';
    throw new JinjaFault(
      needed === ''
        ? `must be real number, not ${typeOf(value)}`
        : `%${type} format: ${needed} is required, not ${typeOf(value)}`,
    );
  }
  const text = 'diuoxX'.includes(type)
    ? integer(number, type, flags, places)
    : float(floatOf(number), type, flags, places ?? 6);
  if (text.startsWith('-')) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function integer(number: bigint | number, type: string, flags: string, places = 0): string {
  if (typeof number === 'number') {
    if (!'diu'.includes(type)) {
      throw new JinjaFault(`%${type} format: an integer is required, not float`);
    }
    if (!Number.isFinite(number)) throw new JinjaFault('cannot convert float to integer');
  }
  const whole = typeof number === 'number' ? BigInt(Math.trunc(number)) : number;
  const base = type === 'o' ? 8 : type.toLowerCase() === 'x' ? 16 : 10;
  const digits = (whole < 0n ? -whole : whole).toString(base).padStart(places, '0');
  const prefix = flags.includes('#') && base !== 10 ? (base === 8 ? '0o' : '0x') : '';
  const text = `${whole < 0n ? '-' : ''}${prefix}${digits}`;
  return type === 'X' ? text.toUpperCase() : text;
}

function float(number: number, type: string, flags: string, places: number): string {
  const kind = type.toLowerCase();
  const text =
    notFinite(number) ??
    (kind === 'f'
      ? fixed(number, places)
      : kind === 'e'
        ? exponential(number, places)
        : general(number, places, flags.includes('#')));
  return type === kind ? text : text.toUpperCase();
}

function padded(text: string, flags: string, columns: number, type: string): string {
  const missing = Math.max(0, columns - [...text].length);
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || 'srac'.includes(type)) return ' '.repeat(missing) + text;
  const [sign = ''] = /^[-+ ]?(0[xXoO])?/.exec(text) ?? [];
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function characterOf(value: Value): string {
  const text = textOf(value);
  if (text !== undefined && [...text].length === 1) return text;
  const number = numberOf(value);
  if (typeof number !== 'bigint' || number < 0n || number > 0x10ffffn) {
    throw new JinjaFault('%c requires int or char');
  }
  return String.fromCodePoint(Number(number));
}

function cut(text: string, places: number | undefined): string {
  return places === undefined ? text : [...text].slice(0, places).join('');
}

function toNumber(value: Value): number {
  const number = numberOf(value);
  if (typeof number !== 'bigint') throw new JinjaFault('* wants int');
  return Number(number);
}
