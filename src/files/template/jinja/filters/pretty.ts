import { spend } from '../fuel.ts';
import { lines } from '../methods/split-text.ts';
import { sorted } from '../sequences.ts';
import { quoted, repr } from '../spelling.ts';
import { Dict, Tuple, type Value } from '../values.ts';

const columns = 80;

/** A value as Python's `pprint.pformat` writes it: on several lines if it is long, keys sorted. */
export function pretty(value: Value): string {
  return written(value, { indent: 0, after: 0, level: 1 });
}

interface Place {
  /** Columns before it. */
  readonly indent: number;
  /** Signs that will follow it on its last line. */
  readonly after: number;
  readonly level: number;
}

function written(value: Value, place: Place): string {
  const short = repr(inOrder(value));
  if (short.length <= columns - place.indent - place.after) return short;
  const { indent, level } = place;
  const newline = `,\n${' '.repeat(indent + 1)}`;
  const inside = (after: number, more = 0): Place => ({
    indent: indent + 1 + more,
    after,
    level: level + 1,
  });
  if (value instanceof Dict && value.size > 0) {
    const members = sorted(value.entries(), ([key]) => key).map(([key, member], index) => {
      const name = `${repr(key)}: `;
      const after = index === value.size - 1 ? place.after + 1 : 1;
      return name + written(member, inside(after, name.length));
    });
    return `{${members.join(newline)}}`;
  }
  const items = isPlain(value) ? value.items : Array.isArray(value) ? value : undefined;
  if (items && items.length > 0) {
    const close = isPlain(value) ? (items.length === 1 ? ',)' : ')') : ']';
    const parts = items.map((item, index) =>
      written(item, inside(index === items.length - 1 ? place.after + close.length : 1)),
    );
    return `${isPlain(value) ? '(' : '['}${parts.join(newline)}${close}`;
  }
  return typeof value === 'string' ? brokenText(value, place) : short;
}

/** Whether it is a tuple that pprint looks into. Those of `groupby`, which have names, it spells as `repr` does. */
function isPlain(value: Value): value is Tuple {
  return value instanceof Tuple && value.names.length === 0;
}

/** The value with the keys of its dicts sorted. */
function inOrder(value: Value): Value {
  spend(1);
  if (Array.isArray(value)) return value.map(inOrder);
  if (isPlain(value)) return new Tuple(value.items.map(inOrder));
  if (!(value instanceof Dict)) return value;
  return new Dict(
    sorted(value.entries(), ([key]) => key).map(([key, member]) => [key, inOrder(member)] as const),
  );
}

/** A long text as several, one a line, which Python reads as one. */
function brokenText(text: string, place: Place): string {
  const isOuter = place.level === 1;
  const indent = place.indent + (isOuter ? 1 : 0);
  const after = place.after + (isOuter ? 1 : 0);
  const room = columns - indent;
  const all = lines(text, true);
  const chunks: string[] = [];
  for (const [index, line] of all.entries()) {
    const isLast = index === all.length - 1;
    const spelled = quoted(line);
    if (spelled.length <= room - (isLast ? after : 0)) chunks.push(spelled);
    else chunks.push(...brokenLine(line, room, isLast ? after : 0));
  }
  const joined = chunks.join(`\n${' '.repeat(indent)}`);
  return isOuter && chunks.length > 1 ? `(${joined})` : joined;
}

function brokenLine(line: string, room: number, after: number): string[] {
  const parts = (line.match(/\S*\s*/g) ?? []).filter((part) => part !== '');
  const chunks: string[] = [];
  let current = '';
  for (const [index, part] of parts.entries()) {
    const candidate = current + part;
    const width = room - (index === parts.length - 1 ? after : 0);
    if (quoted(candidate).length > width) {
      if (current !== '') chunks.push(quoted(current));
      current = part;
    } else {
      current = candidate;
    }
  }
  if (current !== '') chunks.push(quoted(current));
  return chunks;
}
