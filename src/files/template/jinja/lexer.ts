import type { JinjaFault } from './faults.ts';
import { syntaxFault } from './faults.ts';

/**
 * A piece of a template: text between tags, the beginning or end of a tag, or a word, number, text
 * or sign in one. `begin` and `end` have the sign of the tag's beginning or end: `{{`, `%}`.
 */
export interface Token {
  readonly type: 'data' | 'begin' | 'end' | 'name' | 'number' | 'text' | 'sign';
  /** Of a text: what its quotes and escapes stand for. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/**
 * The pieces of a template in order, without comments. What `-` at a tag's edge takes away is taken
 * away; what `{% raw %}` holds is text. Linear in the length of the source, for any source.
 *
 * @throws JinjaFault for what cannot be read.
 */
export function* readTokens(source: string): Generator<Token> {
  const reader = new Reader(source.replace(/\r\n?/g, '\n'));
  for (;;) {
    const open = reader.nextTag();
    const text = reader.take(open?.index ?? reader.source.length);
    const data = open?.[2] === '-' ? text.text.trimEnd() : text.text;
    if (data !== '') yield { ...text, type: 'data', text: data };
    if (!open) return;
    const sign = open[1] ?? '';
    const { line } = reader.take(reader.at + open[0].length);
    if (sign === '{#') reader.skipComment(line);
    else if (sign === '{%' && reader.skip(rawBegins)) yield* readRaw(reader, line);
    else yield* readTag(reader, sign as '{{' | '{%', line);
  }
}

const tagBegins = /(\{\{|\{%|\{#)([-+]?)/g;
const rawBegins = /\s*raw\s*(?:-%\}\s*|%\})/y;
const rawEnds = /\{%([-+]?)\s*endraw\s*(?:-%\}\s*|\+?%\})/g;
const commentEnds = /-#\}\s*|\+?#\}/g;
const ends = { '{{': /-\}\}\s*|\}\}/y, '{%': /-%\}\s*|\+?%\}/y };

const spaces = /\s+/y;
const inTag =
  /((?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[-+]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)|0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|\d(?:_?\d)*)|([\p{ID_Start}_][\p{ID_Continue}]*)|(==|!=|>=|<=|\/\/|\*\*|[-+/*%~[\](){}><=.:|,;])/iuy;
const texts = { "'": /'((?:[^'\\]|\\[\s\S])*)'/y, '"': /"((?:[^"\\]|\\[\s\S])*)"/y };

const pairs = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

class Reader {
  readonly source: string;
  at = 0;
  #line = 1;

  constructor(source: string) {
    this.source = source;
  }

  nextTag(): RegExpExecArray | null {
    tagBegins.lastIndex = this.at;
    return tagBegins.exec(this.source);
  }

  /** Moves on, and returns what was passed over, with the line where it began. */
  take(end: number): { readonly text: string; readonly line: number } {
    const taken = { text: this.source.slice(this.at, end), line: this.#line };
    for (let at = this.at; at < end; at++) {
      if (this.source.charCodeAt(at) === 10) this.#line += 1;
    }
    this.at = end;
    return taken;
  }

  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.source);
  }

  skip(pattern: RegExp): boolean {
    const found = this.match(pattern);
    if (found) this.take(this.at + found[0].length);
    return found !== null;
  }

  skipComment(line: number): void {
    const end = this.match(commentEnds);
    if (!end) throw syntaxFault('a comment is not closed', line);
    this.take(end.index + end[0].length);
  }

  fault(message: string): JinjaFault {
    return syntaxFault(message, this.#line);
  }
}

function* readRaw(reader: Reader, line: number): Generator<Token> {
  const end = reader.match(rawEnds);
  if (!end) throw syntaxFault('`raw` is not closed', line);
  const raw = reader.take(end.index);
  reader.take(end.index + end[0].length);
  yield { ...raw, type: 'data', text: end[1] === '-' ? raw.text.trimEnd() : raw.text };
}

function* readTag(reader: Reader, begin: '{{' | '{%', line: number): Generator<Token> {
  yield { type: 'begin', text: begin, line };
  const open: string[] = [];
  for (;;) {
    reader.skip(spaces);
    // Inside of brackets, `}}` closes two nested dicts, not the tag.
    const end = open.length === 0 ? reader.match(ends[begin]) : null;
    if (end) {
      const { line: lastLine } = reader.take(reader.at + end[0].length);
      yield { type: 'end', text: begin === '{{' ? '}}' : '%}', line: lastLine };
      return;
    }
    const token = readInTag(reader);
    if ('([{'.includes(token.text) && token.type === 'sign') open.push(token.text);
    const opener = token.type === 'sign' ? pairs.get(token.text) : undefined;
    if (opener !== undefined && open.pop() !== opener) {
      throw syntaxFault(`unexpected \`${token.text}\``, token.line);
    }
    yield token;
  }
}

function readInTag(reader: Reader): Token {
  const first = reader.source.charAt(reader.at);
  if (first === '') throw reader.fault('unexpected end of input, a tag is not closed');
  if (first === '"' || first === "'") {
    const found = reader.match(texts[first]);
    if (!found) throw reader.fault('unexpected end of string');
    const { line } = reader.take(reader.at + found[0].length);
    return { type: 'text', text: withoutEscapes(found[1] ?? ''), line };
  }
  const found = reader.match(inTag);
  if (!found) throw reader.fault('unexpected character');
  const { text, line } = reader.take(reader.at + found[0].length);
  const type = found[1] !== undefined ? 'number' : found[2] !== undefined ? 'name' : 'sign';
  return { type, text, line };
}

const escapeSequence =
  /\\(?:(?<letter>[abfnrtv\\'"])|x(?<x>[\da-fA-F]{2})|u(?<u>[\da-fA-F]{4})|U(?<U>[\da-fA-F]{8})|(?<octal>[0-7]{1,3})|\n)/g;

const meanings: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function withoutEscapes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(escapeSequence, (whole: string, ...found: unknown[]) => {
    const { letter, x, u, U, octal } = found.at(-1) as Readonly<Record<string, string | undefined>>;
    if (letter !== undefined) return meanings[letter] ?? letter;
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    const hex = x ?? u ?? U;
    // A backslash before a line break takes it away.
    if (hex === undefined) return '';
    const code = Number.parseInt(hex, 16);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}
