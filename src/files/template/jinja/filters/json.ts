import { JinjaFault } from '../faults.ts';
import { spendOn } from '../fuel.ts';
import { sorted } from '../sequences.ts';
import { repr, str } from '../spelling.ts';
import { Dict, defined, Tuple, textOf, typeOf, type Value } from '../values.ts';

/**
 * JSON as Python's `json.dumps` writes it, with sorted keys and ASCII alone, and fit for HTML.
 *
 * @param indent what each level is indented by; undefined: all on one line.
 */
export function toJson(value: Value, indent: string | undefined): string {
  return written(value, indent, '\n').replace(/[<>&']/g, (sign) => unicodeEscape(sign));
}

function written(value: Value, indent: string | undefined, newline: string): string {
  spendOn(newline.length);
  const present = defined(value);
  if (present === null) return 'null';
  const text = textOf(present);
  if (text !== undefined) return quoted(text);
  if (typeof present === 'boolean') return String(present);
  if (typeof present === 'bigint') return str(present);
  if (typeof present === 'number') return numberText(present);
  const inside = indent === undefined ? newline : newline + indent;
  const deeper = (member: Value) => written(member, indent, inside);
  const edges =
    indent === undefined
      ? { open: '', between: ', ', close: '' }
      : { open: inside, between: `,${inside}`, close: newline };
  if (Array.isArray(present) || present instanceof Tuple) {
    const items = Array.isArray(present) ? present : present.items;
    if (items.length === 0) return '[]';
    return `[${edges.open}${items.map(deeper).join(edges.between)}${edges.close}]`;
  }
  if (!(present instanceof Dict)) {
    throw new JinjaFault(`Object of type ${typeOf(present)} is not JSON serializable`);
  }
  if (present.size === 0) return '{}';
  const members = sorted(present.entries(), ([key]) => key).map(
    ([key, member]) => `${quoted(keyText(key))}: ${deeper(member)}`,
  );
  return `{${edges.open}${members.join(edges.between)}${edges.close}}`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return repr(value);
}

function keyText(key: Value): string {
  const text = textOf(key);
  if (text !== undefined) return text;
  if (key instanceof Tuple) throw new JinjaFault('keys must be str, int, float, bool or None');
  return written(key, undefined, '\n');
}

function quoted(text: string): string {
  spendOn(text.length);
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, unicodeEscape);
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
