import { floatOf, numberOf } from './compare.ts';
import { JinjaFault } from './faults.ts';
import { exponential, fixed, general, grouped, limited, notFinite } from './number-format.ts';
import { ascii, repr, spelledFloat, str } from './spelling.ts';
import { type Arguments, defined, textOf, typeOf, type Value } from './values.ts';

/** Reaches into a value: by `.name`, or by `[key]`. */
export type Reach = (value: Value, key: string, isAttribute: boolean) => Value;

/** Python's `format.format(…)`. */
export function braceFormat(format: string, args: Arguments, reach: Reach): string {
  let next = 0;
  const valueAt = (path: string): Value => {
    const [name = '', ...steps] = path.split(/(?=[.[])/);
    const key = name === '' ? String(next++) : name;
    let value = /^\d+$/.test(key) ? args.positional[Number(key)] : args.named.get(key);
    if (value === undefined) throw new JinjaFault(`there is no \`${key}\` to format`);
    for (const step of steps) {
      const isAttribute = step.startsWith('.');
      value = reach(value, isAttribute ? step.slice(1) : step.slice(1, -1), isAttribute);
    }
    return value;
  };
  const insert = (field: string): string => {
    const [, path = '', conversion, spec = ''] =
      /^([^!:]*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(field) ?? [];
    const value = valueAt(path);
    const filled = spec.replace(/\{([^{}]*)\}/g, (_whole, inner: string) => str(valueAt(inner)));
    const spell = conversions.get(conversion);
    return formatValue(spell ? spell(value) : value, filled);
  };
  return format.replace(
    /\{\{|\}\}|\{((?:[^{}]|\{[^{}]*\})*)\}|[{}]/g,
    (whole, field: string | undefined) => {
      if (whole === '{{' || whole === '}}') return whole.charAt(0);
      if (field === undefined) throw new JinjaFault(`single '${whole}' in format string`);
      return insert(field);
    },
  );
}

const conversions = new Map<string | undefined, (value: Value) => string>([
  ['s', str],
  ['r', repr],
  ['a', ascii],
]);

const specification =
  /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

interface Spec {
  readonly sign: string;
  readonly hasPrefix: boolean;
  readonly separator: string;
  readonly places: number | undefined;
  readonly type: string;
}

function formatValue(value: Value, text: string): string {
  const parts = specification.exec(text);
  if (!parts) throw new JinjaFault('Invalid format specifier');
  if (text === '') return str(value);
  const [, fill, align, sign = '-', , prefix, zero, width, separator = '', places, type = ''] =
    parts;
  const spec: Spec = {
    sign,
    hasPrefix: prefix !== undefined,
    separator,
    places: places === undefined ? undefined : limited(Number(places)),
    type,
  };
  const number = numberOf(defined(value));
  const columns = limited(Number(width ?? 0));
  const filling = fill ?? (zero === undefined ? ' ' : '0');
  if (number === undefined) {
    return aligned(formatText(value, spec), columns, align ?? '<', filling);
  }
  const way = align ?? (zero === undefined ? '>' : '=');
  const leastColumns = way === '=' && filling === '0' ? columns : 0;
  return aligned(formatNumber(number, spec, leastColumns), columns, way, filling);
}

function formatText(value: Value, { type, places, sign, separator }: Spec): string {
  const text = textOf(value);
  if (text === undefined) {
    throw new JinjaFault(`unsupported format string passed to ${typeOf(value)}.__format__`);
  }
  if (type !== '' && type !== 's') {
    throw new JinjaFault(`Unknown format code '${type}' for object of type 'str'`);
  }
  if (sign !== '-') throw new JinjaFault('Sign not allowed in string format specifier');
  if (separator !== '') throw new JinjaFault(`Cannot specify '${separator}' with 's'.`);
  return places === undefined ? text : [...text].slice(0, places).join('');
}

/** @param leastColumns zeros before a grouped number are grouped as well, up to so many. */
function formatNumber(number: bigint | number, spec: Spec, leastColumns: number): string {
  const { type, separator, sign } = spec;
  const isWhole = typeof number === 'bigint' && (type === '' || 'bcdnoxX'.includes(type));
  if (isWhole && spec.places !== undefined) {
    throw new JinjaFault('Precision not allowed in integer format specifier');
  }
  const plain = isWhole ? formatInt(number, spec) : formatFloat(floatOf(number), spec);
  const size = 'boxX'.includes(type) && type !== '' ? 4 : 3;
  const text = plain.startsWith('-') || sign === '-' ? plain : sign + plain;
  return separator === '' ? text : grouped(text, separator, size, leastColumns);
}

function formatInt(number: bigint, { type, hasPrefix }: Spec): string {
  if (type === 'c') return String.fromCodePoint(Number(number));
  const base = { b: 2, o: 8, x: 16, X: 16 }[type] ?? 10;
  const digits = (number < 0n ? -number : number).toString(base);
  const text = `${hasPrefix && base !== 10 ? `0${type}` : ''}${digits}`;
  return (number < 0n ? '-' : '') + (type === 'X' ? text.toUpperCase() : text);
}

function formatFloat(number: number, { type, places, hasPrefix }: Spec): string {
  const kind = type.toLowerCase();
  const special = notFinite(number);
  if (special !== undefined) return kind === '%' ? `${special}%` : special;
  const digits = places ?? 6;
  const text = {
    f: () => fixed(number, digits),
    e: () => exponential(number, digits),
    g: () => general(number, digits, hasPrefix),
    n: () => general(number, digits, hasPrefix),
    '%': () => `${fixed(number * 100, digits)}%`,
    '': () =>
      places === undefined ? spelledFloat(number) : withPoint(general(number, places, false)),
  }[kind];
  if (!text) throw new JinjaFault(`Unknown format code '${type}' for object of type 'float'`);
  return type === kind ? text() : text().toUpperCase();
}

function withPoint(text: string): string {
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function aligned(text: string, columns: number, way: string, fill: string): string {
  const missing = columns - [...text].length;
  if (missing <= 0) return text;
  if (way === '<') return text + fill.repeat(missing);
  if (way === '>') return fill.repeat(missing) + text;
  if (way === '^') {
    const left = Math.floor(missing / 2);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
  const [sign = ''] = /^[-+ ]?(0[boxX])?/.exec(text) ?? [];
  return sign + fill.repeat(missing) + text.slice(sign.length);
}
