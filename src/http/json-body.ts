import { isUtf8 } from 'node:buffer';
import { invalid } from '../kernel/errors.ts';

/** How deep objects and arrays of a body may be nested. */
const deepestNesting = 100;

/** Bytes of a body. */
export const bodyLimit = 20 * 1024 * 1024;

/**
 * Reads a body. An empty one is `{}`: clients leave out the body when all of its fields are.
 *
 * Refuses what Postgres could not store, or what would cost more to read than it says: texts that
 * are not Unicode, NUL, nesting deeper than 100.
 *
 * @throws `invalid` with the place of the fault.
 */
export function readJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw invalid(['body'], 'The body is not UTF-8.', 'unicode_error');
  const text = bytes.toString('utf8');
  requireShallow(text);
  const value = parse(text);
  // Only an escape can bring in what is not a character: most bodies need no second look.
  if (/\\u(?:0000|d[89a-f])/i.test(text)) requireStorable(value, ['body']);
  if (text.includes('"__proto__"')) requireNoPrototype(value, ['body']);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = /position (\d+)/.exec((error as Error).message)?.[1];
    throw invalid(
      ['body', ...(place ? [Number(place)] : [])],
      'The body is not JSON.',
      'json_invalid',
    );
  }
}

const quote = 34;
const backslash = 92;
const openers = new Set([91, 123]);
const closers = new Set([93, 125]);

function requireShallow(text: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (inString) {
      if (unit === backslash) i += 1;
      else if (unit === quote) inString = false;
    } else if (unit === quote) {
      inString = true;
    } else if (openers.has(unit)) {
      depth += 1;
      if (depth > deepestNesting) {
        throw invalid(
          ['body', i],
          `The body is nested deeper than ${deepestNesting}.`,
          'json_invalid',
        );
      }
    } else if (closers.has(unit)) {
      depth -= 1;
    }
  }
}

type Loc = readonly (string | number)[];

function requireStorable(value: unknown, loc: Loc): void {
  visit(value, loc, (text, at) => {
    if (text.includes('\0')) throw invalid(at, 'Has a NUL character, which cannot be stored.');
    if (!text.isWellFormed()) {
      throw invalid(at, 'Has half of a surrogate pair, which is not a character.', 'unicode_error');
    }
  });
}

function requireNoPrototype(value: unknown, loc: Loc): void {
  visit(value, loc, (text, at, isKey) => {
    if (isKey && text === '__proto__') throw invalid(at, 'A field cannot be named `__proto__`.');
  });
}

/** Shows every text and every key of a value, with its place. */
function visit(
  value: unknown,
  loc: Loc,
  look: (text: string, loc: Loc, isKey: boolean) => void,
): void {
  if (typeof value === 'string') {
    look(value, loc, false);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      visit(item, [...loc, index], look);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      look(key, loc, true);
      visit(item, [...loc, key], look);
    }
  }
}
