import { callable, needText } from '../arguments.ts';
import { braceFormat, type Reach } from '../brace-format.ts';
import { JinjaFault } from '../faults.ts';
import { spendOn } from '../fuel.ts';
import { characterCount, charactersOf, iterate, sliceText, toIndex } from '../sequences.ts';
import { Dict, isTrue, Markup, Thing, Tuple, textOf, typeOf, type Value } from '../values.ts';
import { lines, partition, split, splitFromRight, stripped } from './split-text.ts';
import { isCased, isOf, type TextClass, textClasses } from './text-classes.ts';

/** A method of Python's str; undefined if it has none of that name. */
export function textMethod(value: Value, name: string, reach: Reach): Thing | undefined {
  const text = textOf(value) ?? '';
  spendOn(text.length);
  const run = methods.get(name);
  if (run) {
    return callable(method, run.parameters, (args) => {
      spendOn(text.length);
      const result = run.run(text, args);
      if (typeof result !== 'string') return result;
      spendOn(result.length);
      return value instanceof Markup ? new Markup(result) : result;
    });
  }
  if (name === 'format')
    return new Thing(method, { call: (args) => braceFormat(text, args, reach) });
  if (name !== 'format_map') return undefined;
  return callable(method, 'mapping!', ([mapping = null]) => {
    const members = mapping instanceof Dict ? mapping.entries() : [];
    const named = new Map(members.map(([key, member]) => [textOf(key) ?? '', member]));
    return braceFormat(text, { positional: [], named }, reach);
  });
}

const method = 'builtin_function_or_method';

interface Method {
  readonly parameters: string;
  readonly run: (text: string, args: (Value | undefined)[]) => Value;
}

const methods = new Map<string, Method>([
  ...Object.entries({
    upper: (text: string) => text.toUpperCase(),
    lower: (text: string) => text.toLowerCase(),
    casefold: (text: string) => text.replaceAll('ß', 'ss').toLowerCase(),
    capitalize: capitalized,
    title: titled,
    swapcase: (text: string) =>
      charactersOf(text)
        .map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
        .join(''),
  }).map(([name, change]) => taking(name, '', change)),
  ...Object.keys(textClasses).map((name) =>
    taking(name, '', (text) => isOf(name as TextClass, text)),
  ),
  taking('islower', '', (text) => isCased(text) && text === text.toLowerCase()),
  taking('isupper', '', (text) => isCased(text) && text === text.toUpperCase()),
  taking('istitle', '', (text) => isCased(text) && text === titled(text)),
  taking('isascii', '', (text) => /^[\0-\x7f]*$/.test(text)),
  taking('strip', 'chars', (text, [chars]) => stripped(text, chars, 'both')),
  taking('lstrip', 'chars', (text, [chars]) => stripped(text, chars, 'left')),
  taking('rstrip', 'chars', (text, [chars]) => stripped(text, chars, 'right')),
  taking('split', 'sep maxsplit', (text, [sep, most]) => split(text, sep, most)),
  taking('rsplit', 'sep maxsplit', (text, [sep, most]) => splitFromRight(text, sep, most)),
  taking('splitlines', 'keepends', (text, [keepsEnds = false]) => lines(text, isTrue(keepsEnds))),
  taking('join', 'items!', (text, [items = null]) => iterate(items).map(joinable).join(text)),
  taking('replace', 'old! new! count', (text, [old, by, count]) =>
    replaceText(text, needText(old), needText(by), count),
  ),
  taking('startswith', 'prefix! start end', (text, [part, ...bounds]) =>
    choices(part).some((choice) => within(text, bounds).startsWith(choice)),
  ),
  taking('endswith', 'suffix! start end', (text, [part, ...bounds]) =>
    choices(part).some((choice) => within(text, bounds).endsWith(choice)),
  ),
  taking('count', 'sub! start end', (text, [part, ...bounds]) => {
    const [sought, searched] = [needText(part), within(text, bounds)];
    return BigInt(sought === '' ? characterCount(searched) + 1 : searched.split(sought).length - 1);
  }),
  taking('find', 'sub! start end', (text, args) => BigInt(find(text, args, 'indexOf'))),
  taking('rfind', 'sub! start end', (text, args) => BigInt(find(text, args, 'lastIndexOf'))),
  taking('index', 'sub! start end', (text, args) => needFound(find(text, args, 'indexOf'))),
  taking('rindex', 'sub! start end', (text, args) => needFound(find(text, args, 'lastIndexOf'))),
  taking('partition', 'sep!', (text, [sep]) => partition(text, needText(sep), 'indexOf')),
  taking('rpartition', 'sep!', (text, [sep]) => partition(text, needText(sep), 'lastIndexOf')),
  taking('removeprefix', 'prefix!', (text, [part]) =>
    text.startsWith(needText(part)) ? text.slice(needText(part).length) : text,
  ),
  taking('removesuffix', 'suffix!', (text, [part]) =>
    text.endsWith(needText(part)) ? text.slice(0, text.length - needText(part).length) : text,
  ),
  taking('center', 'width! fillchar', (text, [width, fill]) => centered(text, width, fill)),
  taking('ljust', 'width! fillchar', (text, [width, fill]) => text + filling(text, width, fill)),
  taking('rjust', 'width! fillchar', (text, [width, fill]) => filling(text, width, fill) + text),
  taking('zfill', 'width!', (text, [width]) => {
    const [sign = ''] = /^[-+]?/.exec(text) ?? [];
    return sign + filling(text, width, '0') + text.slice(sign.length);
  }),
  taking('expandtabs', 'tabsize', (text, [size = 8n]) => withoutTabs(text, toIndex(size))),
]);

function taking(
  name: string,
  parameters: string,
  run: (text: string, args: (Value | undefined)[]) => Value,
): [string, Method] {
  return [name, { parameters, run }];
}

/** A text with its first character large and the rest small. */
export function capitalized(text: string): string {
  const first = sliceText(text, 0, 1);
  return titleCase(first) + text.slice(first.length).toLowerCase();
}

// Of what is several letters when it is large, as `ﬁ` is, only the first of them is.
function titleCase(character: string): string {
  return character.toUpperCase().replace(/(?<=\p{Lu})\p{Lu}+/u, (rest) => rest.toLowerCase());
}

function titled(text: string): string {
  return text.replace(/\p{L}+/gu, capitalized);
}

/** Replaces one text by another, everywhere or as often as is said. */
export function replaceText(
  text: string,
  old: string,
  by: string,
  count: Value | undefined,
): string {
  const limit = count === undefined || count === null ? -1 : toIndex(count);
  if (limit < 0) {
    spendOn(text.length + (old === '' ? text.length + 1 : text.split(old).length - 1) * by.length);
    return text.replaceAll(old, () => by);
  }
  let left = limit;
  const parts = old === '' ? ['', ...charactersOf(text), ''] : text.split(old);
  return parts.reduce((whole, part, index) => {
    if (index === 0) return part;
    left -= 1;
    return whole + (left >= 0 ? by : old) + part;
  }, '');
}

function within(text: string, [start = null, end = null]: readonly (Value | undefined)[]): string {
  if (start === null && end === null) return text;
  const to = end === null ? undefined : toIndex(end);
  return sliceText(text, start === null ? 0 : toIndex(start), to);
}

function find(
  text: string,
  [part, start = null, end = null]: readonly (Value | undefined)[],
  search: 'indexOf' | 'lastIndexOf',
): number {
  const searched = within(text, [start, end]);
  const found = searched[search](needText(part));
  if (found < 0) return -1;
  const from = start === null ? 0 : toIndex(start);
  const skipped = from < 0 ? Math.max(0, characterCount(text) + from) : from;
  return skipped + characterCount(searched.slice(0, found));
}

function needFound(place: number): bigint {
  if (place < 0) throw new JinjaFault('substring not found');
  return BigInt(place);
}

function filling(text: string, width: Value = null, fill: Value = ' '): string {
  const missing = toIndex(width) - characterCount(text);
  if (missing <= 0) return '';
  spendOn(missing);
  return needText(fill).repeat(missing);
}

/** A text in the middle of so many characters. */
export function centered(text: string, width: Value | undefined, fill: Value = ' '): string {
  const around = filling(text, width, fill);
  const columns = toIndex(width ?? null);
  // As Python shares an odd one out.
  const left = Math.floor(around.length / 2) + (around.length & columns & 1);
  return around.slice(0, left) + text + around.slice(left);
}

function withoutTabs(text: string, size: number): string {
  let column = 0;
  return text.replace(/[\t\n\r]|[^\t\n\r]+/g, (part) => {
    if (part === '\n' || part === '\r') column = 0;
    else if (part !== '\t') column += characterCount(part);
    else {
      const missing = size > 0 ? size - (column % size) : 0;
      column += missing;
      spendOn(missing);
      return ' '.repeat(missing);
    }
    return part;
  });
}

function choices(part: Value | undefined): string[] {
  const texts = part instanceof Tuple ? part.items.map(needText) : [needText(part)];
  for (const text of texts) spendOn(text.length);
  return texts;
}

function joinable(item: Value, index = 0): string {
  const text = textOf(item);
  if (text !== undefined) return text;
  throw new JinjaFault(`sequence item ${index}: expected str instance, ${typeOf(item)} found`);
}
