import { attributeGetter } from '../attributes.ts';
import { escaped } from '../escape.ts';
import { JinjaFault } from '../faults.ts';
import { type Filter, taking } from '../filter.ts';
import { spendOn } from '../fuel.ts';
import { lines, stripped } from '../methods/split-text.ts';
import { capitalized, centered, replaceText } from '../methods/text.ts';
import { percentFormat } from '../percent-format.ts';
import { characterCount, iterate, lengthOf, sliceText, toIndex } from '../sequences.ts';
import { str } from '../spelling.ts';
import { Dict, defined, isTrue, Markup, Tuple, textOf, typeOf, type Value } from '../values.ts';
import { wrapped } from './word-wrap.ts';

/** Filters of texts. */
export const textFilters: Readonly<Record<string, Filter>> = {
  upper: changing((text) => text.toUpperCase()),
  lower: changing((text) => text.toLowerCase()),
  capitalize: changing(capitalized),
  title: changing(titled),
  string: (value) => (value instanceof Markup ? value : str(value)),
  trim: taking('chars', (value, [chars]) => like(value, stripped(str(value), chars, 'both'))),
  center: taking('width', (value, [width = 80n]) => like(value, centered(str(value), width))),
  wordcount: (value) => BigInt((str(value).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  truncate: taking('length killwords end leeway', truncate),
  wordwrap: taking('width break_long_words wrapstring break_on_hyphens', wordwrap),
  indent: taking('width first blank', indent),
  replace: taking('old! new! count', (value, [old = null, by = null, count], { isEscaping }) => {
    if (!isEscaping) return replaceText(str(value), str(old), str(by), count);
    return new Markup(replaceText(escaped(value), escaped(old), escaped(by), count));
  }),
  format: (value, { positional, named }) => {
    if (positional.length > 0 && named.size > 0) {
      throw new JinjaFault("can't handle positional and keyword arguments at the same time");
    }
    const values = named.size > 0 ? new Dict(named) : new Tuple(positional);
    return like(value, percentFormat(str(value), values));
  },
  join: taking('d attribute', join),
};

function join(
  value: Value,
  [between = '', attribute]: (Value | undefined)[],
  { isEscaping }: { readonly isEscaping: boolean },
): Value {
  const get = attributeGetter(attribute);
  const items = iterate(value).map(get);
  if (!isEscaping) return items.map(str).join(joint(str(between), items.length));
  return new Markup(items.map(escaped).join(joint(escaped(between), items.length)));
}

function joint(text: string, count: number): string {
  spendOn(text.length * count);
  return text;
}

/** A filter that makes another text of a text, HTML of HTML. */
function changing(change: (text: string) => string): Filter {
  return taking('', (value) => like(value, change(str(value))));
}

function like(value: Value, text: string): Value {
  return value instanceof Markup ? new Markup(text) : text;
}

function titled(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((part) => sliceText(part, 0, 1).toUpperCase() + sliceText(part, 1).toLowerCase())
    .join('');
}

function truncate(
  value: Value,
  [length = 255n, killsWords = false, end = '...', leeway = 5n]: (Value | undefined)[],
): Value {
  const [ending, most] = [str(end), toIndex(length)];
  const room = most - characterCount(ending);
  if (room < 0) {
    throw new JinjaFault(`expected length >= ${characterCount(ending)}, got ${most}`);
  }
  // Whatever has a length may be short enough.
  if (lengthOf(value) <= most + toIndex(leeway ?? 5n)) return value;
  const text = needText(value);
  const kept = sliceText(text, 0, room);
  if (isTrue(killsWords)) return like(value, kept + ending);
  const lastSpace = kept.lastIndexOf(' ');
  return like(value, (lastSpace < 0 ? kept : kept.slice(0, lastSpace)) + ending);
}

function wordwrap(
  value: Value,
  [width = 79n, breaksWords = true, between = null, breaksHyphens = true]: (Value | undefined)[],
): Value {
  const columns = toIndex(width);
  if (columns <= 0) throw new JinjaFault(`invalid width ${columns} (must be > 0)`);
  const separator = between === null ? '\n' : str(between);
  const how = { columns, breaksWords: isTrue(breaksWords), breaksHyphens: isTrue(breaksHyphens) };
  return like(
    value,
    lines(needText(value))
      .map((line) => wrapped(line, how).join(separator))
      .join(separator),
  );
}

function indent(
  value: Value,
  [width = 4n, first = false, blank = false]: (Value | undefined)[],
): Value {
  const indention = textOf(width) ?? ' '.repeat(sized(toIndex(width)));
  const all = lines(`${needText(value)}\n`);
  spendOn(all.length * indention.length);
  const indented = all.map((line, index) =>
    index > 0 && (line !== '' || isTrue(blank)) ? indention + line : line,
  );
  return like(value, (isTrue(first) ? indention : '') + indented.join('\n'));
}

function sized(columns: number): number {
  spendOn(Math.max(0, columns));
  return Math.max(0, columns);
}

function needText(value: Value): string {
  const text = textOf(defined(value));
  if (text === undefined) throw new JinjaFault(`expected a str, not ${typeOf(value)}`);
  return text;
}
