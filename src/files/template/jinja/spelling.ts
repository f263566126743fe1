import { spendOn } from './fuel.ts';
import {
  Dict,
  DictView,
  defined,
  Markup,
  Once,
  Range,
  Thing,
  Tuple,
  typeOf,
  Undefined,
  type Value,
} from './values.ts';

/**
 * A value as Python's `str` spells it.
 *
 * @throws UndefinedFault for a value that is not there.
 */
export function str(value: Value): string {
  const present = defined(value);
  const text =
    typeof present === 'string'
      ? present
      : present instanceof Markup
        ? present.text
        : repr(present);
  spendOn(text.length);
  return text;
}

/** A value as Python's `repr` spells it. */
export function repr(value: Value): string {
  spendOn(1);
  if (value === null) return 'None';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return spelledInt(value);
  if (typeof value === 'number') return spelledFloat(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (value instanceof Markup) return `Markup(${quoted(value.text)})`;
  if (value instanceof Tuple) {
    const items = value.items.map(repr).join(', ');
    return value.items.length === 1 ? `(${items},)` : `(${items})`;
  }
  if (value instanceof Dict) {
    const members = value.entries().map(([key, member]) => `${repr(key)}: ${repr(member)}`);
    return `{${members.join(', ')}}`;
  }
  if (value instanceof DictView) return `dict_${value.part}(${repr(value.items())})`;
  if (value instanceof Range) {
    const ends = `${value.start}, ${value.stop}`;
    return value.step === 1n ? `range(${ends})` : `range(${ends}, ${value.step})`;
  }
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof Thing && value.type === 'Namespace') {
    return `<Namespace ${repr(new Dict(value.settable ?? []))}>`;
  }
  return value instanceof Once ? '<generator object>' : `<${typeOf(value)}>`;
}

/** A value as Python's `ascii` spells it: as `repr` does, with escapes for all but ASCII. */
export function ascii(value: Value): string {
  return repr(value).replace(/[^\0-\x7f]/gu, codeEscape);
}

function spelledInt(value: bigint): string {
  const text = value.toString();
  spendOn(text.length);
  return text;
}

/** A float: the fewest digits that mean it, with an exponent from 1e16 and below 1e-4. */
export function spelledFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    const sign = power < 0 ? '-' : '+';
    return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** A text in quotes, with escapes for what cannot be printed. */
export function quoted(text: string): string {
  spendOn(text.length);
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(unprintable, (character) =>
    character === "'" || character === '"'
      ? character === quote
        ? `\\${character}`
        : character
      : (escapes[character] ?? codeEscape(character)),
  );
  return `${quote}${escaped}${quote}`;
}

// Also what has to be escaped though it can be printed. The plain space is neither.
const unprintable = /['"\\]|(?! )[\p{C}\p{Z}]/gu;

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function codeEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
