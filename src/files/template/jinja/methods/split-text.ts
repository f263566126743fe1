import { needText } from '../arguments.ts';
import { JinjaFault } from '../faults.ts';
import { spendOnItems } from '../fuel.ts';
import { charactersOf, toIndex } from '../sequences.ts';
import { Tuple, type Value } from '../values.ts';
import { lineEnds, spaceSigns } from './text-classes.ts';

/** A text without some characters at its edges: whitespace, if none are given. */
export function stripped(
  text: string,
  chars: Value | undefined,
  side: 'both' | 'left' | 'right',
): string {
  const given = chars === undefined || chars === null ? undefined : needText(chars);
  const signs = new Set(charactersOf(given ?? ''));
  const isStripped = given === undefined ? isSpace : (c: string) => signs.has(c);
  const characters = charactersOf(text);
  let [start, end] = [0, characters.length];
  if (side !== 'right') while (start < end && isStripped(characters[start] ?? '')) start += 1;
  if (side !== 'left') while (end > start && isStripped(characters[end - 1] ?? '')) end -= 1;
  return characters.slice(start, end).join('');
}

const space = new RegExp(`^[${spaceSigns}]$`);

function isSpace(character: string): boolean {
  return space.test(character) && character !== '\ufeff';
}

/** The lines of a text. An end of the last line begins no other one. */
export function lines(text: string, keepsEnds = false): string[] {
  const found = text.match(wholeLine) ?? [];
  if (found.at(-1) === '') found.pop();
  spendOnItems(found.length);
  return keepsEnds ? found : found.map((line) => line.replace(endOfLine, ''));
}

const wholeLine = new RegExp(`[^${lineEnds}]*(?:\\r\\n|[${lineEnds}]|$)`, 'g');
const endOfLine = new RegExp(`(?:\\r\\n|[${lineEnds}])$`);

/** The words between whitespace. */
export function wordsOf(text: string): string[] {
  return text.split(new RegExp(`[${spaceSigns}]+`)).filter((word) => word !== '');
}

/** Python's `split`. */
export function split(text: string, separator: Value | undefined, most: Value = -1n): string[] {
  const limit = toIndex(most) < 0 ? Number.POSITIVE_INFINITY : toIndex(most);
  const parts: string[] = [];
  if (separator === undefined || separator === null) {
    const words = new RegExp(`[^${spaceSigns}]+`, 'g');
    for (const { 0: word, index } of text.matchAll(words)) {
      if (parts.length === limit) return [...parts, text.slice(index)];
      parts.push(word);
    }
  } else {
    const sought = needSeparator(separator);
    let at = 0;
    for (;;) {
      const found = parts.length < limit ? text.indexOf(sought, at) : -1;
      if (found < 0) break;
      parts.push(text.slice(at, found));
      at = found + sought.length;
    }
    parts.push(text.slice(at));
  }
  spendOnItems(parts.length);
  return parts;
}

/** Python's `rsplit`. */
export function splitFromRight(
  text: string,
  separator: Value | undefined,
  most: Value = -1n,
): string[] {
  const whole = split(text, separator);
  const limit = toIndex(most);
  if (limit < 0 || whole.length <= limit) return whole;
  const last = whole.slice(whole.length - limit);
  const sought = separator === undefined || separator === null ? undefined : needText(separator);
  if (sought !== undefined) {
    return [whole.slice(0, whole.length - limit).join(sought), ...last];
  }
  let rest = stripped(text, undefined, 'right');
  for (const word of last.toReversed()) {
    rest = stripped(rest.slice(0, rest.length - word.length), undefined, 'right');
  }
  return [rest, ...last];
}

/** Python's `partition`, or `rpartition`. */
export function partition(text: string, sep: string, search: 'indexOf' | 'lastIndexOf'): Value {
  if (sep === '') throw new JinjaFault('empty separator');
  const at = text[search](sep);
  if (at < 0) return new Tuple(search === 'indexOf' ? [text, '', ''] : ['', '', text]);
  return new Tuple([text.slice(0, at), sep, text.slice(at + sep.length)]);
}

function needSeparator(value: Value): string {
  const text = needText(value);
  if (text === '') throw new JinjaFault('empty separator');
  return text;
}
