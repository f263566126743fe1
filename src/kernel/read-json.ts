import { invalid } from './errors.ts';
import { parseExactJson } from './exact-json.ts';
import { ExactNumber } from './exact-number.ts';
import { isRecord } from './json-object.ts';

/** The deepest nesting of objects and arrays that is accepted. */
const deepestNesting = 100;

type Loc = readonly (string | number)[];

/** Where JSON comes from: its name in messages, and the first part of its faults' places. */
interface Source {
  readonly name: string;
  readonly loc: Loc;
}

/**
 * Reads JSON that a client sent. Numbers keep their digits (`exact-json.ts`).
 *
 * Refuses JSON that could not be stored as sent, or that costs too much to read: text that is not
 * Unicode, NUL, numbers that overflow, nesting deeper than 100.
 *
 * @throws `invalid` with the place of the fault.
 */
export function readJson(text: string, source: Source): unknown {
  const value = parseJson(text, source);
  // Each of these faults needs a certain text in the JSON, so that most values need no second pass.
  // Only an escape can bring in a character that cannot be stored; `_proto_` can be written with
  // escapes too; and a number overflows only with an exponent of three digits or with very many
  // digits.
  if (/\\u(?:0000|d[89a-f])/i.test(text)) visit(value, source.loc, requireStorable);
  if (/_proto_|\\u00[567]/.test(text)) visit(value, source.loc, requireNoPrototype);
  if (/e\+?\d{3}|\d{200}/i.test(text)) visit(value, source.loc, requireFinite);
  return value;
}

/**
 * Reads JSON whose parts are checked one by one with {@link requireSound}, so that a bad part does
 * not keep the good ones out.
 *
 * @throws `invalid` for a text that is not JSON, or that is nested deeper than 100.
 */
export function parseJson(text: string, source: Source): unknown {
  requireShallow(text, source);
  return parse(text, source);
}

/** @throws `invalid` when the value contains anything that {@link readJson} refuses. */
export function requireSound(value: unknown, loc: Loc): void {
  visit(value, loc, (part, place, isKey) => {
    requireStorable(part, place);
    requireNoPrototype(part, place, isKey);
    requireFinite(part, place);
  });
}

/** @throws `invalid` when the value contains a text that Postgres cannot store. */
export function requireStorable(value: unknown, loc: Loc): void {
  if (typeof value !== 'string') return;
  if (value.includes('\0')) throw invalid(loc, 'Contains a NUL character, which cannot be stored.');
  if (!value.isWellFormed()) {
    throw invalid(
      loc,
      'Contains half of a surrogate pair, which is not a character.',
      'unicode_error',
    );
  }
}

function parse(text: string, source: Source): unknown {
  try {
    // Windows PowerShell and Excel write a byte order mark first.
    return parseExactJson(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    const { message } = error as Error;
    const place = /position (\d+)/.exec(message)?.[1];
    if (place !== undefined) throw notJson(source, Number(place));
    // The engine names no position when the text ends too early or is short enough to be quoted.
    throw message.includes('end of JSON') ? notJson(source, text.length) : notJson(source);
  }
}

function notJson({ name, loc }: Source, place?: number) {
  return place === undefined
    ? invalid(loc, `${name} is not valid JSON.`, 'json_invalid')
    : invalid(
        [...loc, place],
        `${name} is not valid JSON. The error is at character ${place}.`,
        'json_invalid',
      );
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
        const msg = `${name} is nested more than ${deepestNesting} levels deep.`;
        throw invalid([...loc, i], msg, 'json_invalid');
      }
    } else if (closers.has(unit)) {
      depth -= 1;
    }
  }
}

/**
 * Called with each key, and with each value that has no members. `loc` is the place of the value;
 * for a key, the place of its object.
 */
type Look = (value: unknown, loc: Loc, isKey: boolean) => void;

function requireNoPrototype(value: unknown, loc: Loc, isKey: boolean): void {
  if (isKey && value === '__proto__') throw invalid(loc, 'A field cannot be named `__proto__`.');
}

function requireFinite(value: unknown, loc: Loc): void {
  const isNumber = typeof value === 'number' || value instanceof ExactNumber;
  if (isNumber && !Number.isFinite(Number(value))) {
    throw invalid(loc, 'This number is too large. The largest is 1.79e308.');
  }
}

/** Calls `look` for every key of a value, and for everything in it that has no members. */
function visit(value: unknown, loc: Loc, look: Look): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      visit(item, [...loc, index], look);
    });
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      look(key, loc, true);
      visit(item, [...loc, key], look);
    }
  } else {
    look(value, loc, false);
  }
}
