import { invalid } from './errors.ts';

/** How deep objects and arrays of a value may be nested. */
const deepestNesting = 100;

type Loc = readonly (string | number)[];

/** What is read, as the messages of its faults call it and as their places begin. */
interface Source {
  readonly name: string;
  readonly loc: Loc;
}

/**
 * Reads JSON that comes from a client.
 *
 * Refuses what could not be stored as it was sent, or would cost more to read than it says: texts
 * that are not Unicode, NUL, numbers that overflow, nesting deeper than 100.
 *
 * @throws `invalid` with the place of the fault.
 */
export function readJson(text: string, source: Source): unknown {
  const value = parseJson(text, source);
  // Each of these needs a certain text to be there: most values need no second look. Only an escape
  // can bring in what is not a character; `_proto_` can be written in escapes too; and a number
  // needs an exponent of three digits, or very many digits, to be too large.
  if (/\\u(?:0000|d[89a-f])/i.test(text)) visit(value, source.loc, requireStorable);
  if (/_proto_|\\u00[567]/.test(text)) visit(value, source.loc, requireNoPrototype);
  if (/e\+?\d{3}|\d{200}/i.test(text)) visit(value, source.loc, requireFinite);
  return value;
}

/**
 * Reads JSON whose parts are looked at one by one, with {@link requireSound}: a bad one must not
 * keep the others out.
 *
 * @throws `invalid` for what is not JSON, or is nested deeper than 100.
 */
export function parseJson(text: string, source: Source): unknown {
  requireShallow(text, source);
  return parse(text, source);
}

/** @throws `invalid` for a value with anything in it that {@link readJson} refuses. */
export function requireSound(value: unknown, loc: Loc): void {
  visit(value, loc, (part, place, isKey) => {
    requireStorable(part, place);
    requireNoPrototype(part, place, isKey);
    requireFinite(part, place);
  });
}

/** @throws `invalid` for a text that Postgres cannot store. */
export function requireStorable(value: unknown, loc: Loc): void {
  if (typeof value !== 'string') return;
  if (value.includes('\0')) throw invalid(loc, 'Has a NUL character, which cannot be stored.');
  if (!value.isWellFormed()) {
    throw invalid(loc, 'Has half of a surrogate pair, which is not a character.', 'unicode_error');
  }
}

function parse(text: string, source: Source): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { message } = error as Error;
    const place = /position (\d+)/.exec(message)?.[1];
    if (place !== undefined) throw notJson(source, Number(place));
    // The engine gives no position where the text ends too early, or is short enough to be quoted.
    throw message.includes('end of JSON') ? notJson(source, text.length) : notJson(source);
  }
}

function notJson({ name, loc }: Source, place?: number) {
  return place === undefined
    ? invalid(loc, `${name} is not JSON.`, 'json_invalid')
    : invalid([...loc, place], `${name} is not JSON from character ${place} on.`, 'json_invalid');
}

const quote = 34;
const backslash = 92;
const openers = new Set([91, 123]);
const closers = new Set([93, 125]);

function requireShallow(text: string, { name, loc }: Source): void {
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
        const msg = `${name} is nested deeper than ${deepestNesting}.`;
        throw invalid([...loc, i], msg, 'json_invalid');
      }
    } else if (closers.has(unit)) {
      depth -= 1;
    }
  }
}

/** Looks at a key or at a value that has no members, with its place; a key's is its object's. */
type Look = (value: unknown, loc: Loc, isKey: boolean) => void;

function requireNoPrototype(value: unknown, loc: Loc, isKey: boolean): void {
  if (isKey && value === '__proto__') throw invalid(loc, 'A field cannot be named `__proto__`.');
}

function requireFinite(value: unknown, loc: Loc): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalid(loc, 'This number is too large: 1.79e308 is the largest.');
  }
}

/** Shows every key of a value, and everything in it that has no members. */
function visit(value: unknown, loc: Loc, look: Look): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      visit(item, [...loc, index], look);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      look(key, loc, true);
      visit(item, [...loc, key], look);
    }
  } else {
    look(value, loc, false);
  }
}
