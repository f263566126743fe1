/** A word or sign of a tag. String literals have an empty text, because no caller reads it. */
export interface JinjaToken {
  readonly type: 'name' | 'literal' | 'sign';
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** What is between `{{` and `}}` (an expression) or `{%` and `%}` (a statement). */
export interface JinjaTag {
  readonly type: 'expression' | 'statement';
  readonly tokens: readonly JinjaToken[];
}

/**
 * The tags of a Jinja template in order, without comments and raw text. Stops early at a syntax
 * error. Linear in the length of the source, for any source.
 */
export function* jinjaTags(source: string): Generator<JinjaTag> {
  const reader = { source, at: 0, line: 1 };
  for (;;) {
    const open = source.indexOf('{', reader.at);
    if (open < 0) return;
    moveTo(reader, open);
    const kind = source[open + 1];
    if (kind === '#') {
      const close = source.indexOf('#}', open + 2);
      if (close < 0) return;
      moveTo(reader, close + 2);
    } else if (kind === '{' || kind === '%') {
      moveTo(reader, open + 2);
      const tokens = readTokens(reader, kind === '{' ? '}}' : '%}');
      if (tokens === undefined) return;
      yield { type: kind === '{' ? 'expression' : 'statement', tokens };
      if (kind === '%' && tokens[0]?.text === 'raw' && !skipRaw(reader)) return;
    } else {
      moveTo(reader, open + 1);
    }
  }
}

interface Reader {
  readonly source: string;
  at: number;
  line: number;
}

function moveTo(reader: Reader, end: number): void {
  for (let at = reader.at; at < end; at++) {
    if (reader.source.charCodeAt(at) === 10) reader.line++;
  }
  reader.at = end;
}

const token = /\s+|([a-zA-Z_]\w*)|(\d\w*)|[=!<>]=|\/\/|\*\*|[\s\S]/y;

/** Reads a tag and moves past its end. Undefined if it does not end. */
function readTokens(reader: Reader, end: '}}' | '%}'): JinjaToken[] | undefined {
  const { source } = reader;
  const tokens: JinjaToken[] = [];
  let openBrackets = 0;
  while (reader.at < source.length) {
    const first = source.charAt(reader.at);
    const skipped = first === '-' || first === '+' ? 1 : 0;
    // Inside of brackets, `}}` closes two nested dicts, not the tag.
    if (openBrackets === 0 && source.startsWith(end, reader.at + skipped)) {
      moveTo(reader, reader.at + skipped + 2);
      return tokens;
    }
    const { line } = reader;
    if (first === '"' || first === "'") {
      const close = closingQuote(source, reader.at);
      if (close < 0) return undefined;
      moveTo(reader, close + 1);
      tokens.push({ type: 'literal', text: '', line });
      continue;
    }
    token.lastIndex = reader.at;
    const [text = first, name, number] = token.exec(source) ?? [];
    moveTo(reader, reader.at + text.length);
    if ('([{'.includes(text)) openBrackets++;
    if (')]}'.includes(text)) openBrackets = Math.max(0, openBrackets - 1);
    if (name !== undefined) tokens.push({ type: 'name', text, line });
    else if (number !== undefined) tokens.push({ type: 'literal', text: '', line });
    else if (text.trim() !== '') tokens.push({ type: 'sign', text, line });
  }
  return undefined;
}

function closingQuote(source: string, open: number): number {
  for (let at = open + 1; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === source[open]) return at;
  }
  return -1;
}

function skipRaw(reader: Reader): boolean {
  const endOfRaw = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;
  endOfRaw.lastIndex = reader.at;
  if (!endOfRaw.test(reader.source)) return false;
  moveTo(reader, endOfRaw.lastIndex);
  return true;
}
