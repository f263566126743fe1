import { invalid } from './errors.ts';
import { parseExactJson } from './exact-json.ts';
import { ExactNumber } from './exact-number.ts';
import { endOfString } from './exact-parser.ts';
import {
  brace,
  bracket,
  capitalE,
  closingBrace,
  closingBracket,
  colon,
  comma,
  nine,
  plus,
  point,
  quote,
  smallE,
  zero,
} from './json-characters.ts';
import { isRecord } from './json-object.ts';

/** The deepest nesting of objects and arrays that is accepted. */
const deepestNesting = 100;

type Loc = readonly (string | number)[];

/** Where JSON comes from: its name in messages, and the first part of its faults' places. */
interface Source {
  readonly name: string;
  readonly loc: Loc;
  /** How many values it may have; see {@link MostValues}. */
  readonly most?: MostValues;
  /** How deep objects and lists may be nested. */
  readonly deepest?: number;
  /** Above so many values, numbers are doubles: our own parser takes three times as long. */
  readonly mostExact?: number;
}

/**
 * A limit on values and the names of members, at any depth: each costs some microseconds before a
 * request is answered, during which the server answers nobody else. So 20 MB of `1,1,1` would take
 * seconds, and 20 MB of text do not.
 */
export interface MostValues {
  readonly values: number;
  /** The setting that has the limit. */
  readonly setting?: string;
}

const mostValues: MostValues = { values: 200_000 };

/**
 * Reads JSON that a client sent. Numbers keep their digits (`exact-json.ts`).
 *
 * Refuses JSON that could not be stored as sent, or that costs too much to read: text that is not
 * Unicode, NUL, numbers that overflow, nesting deeper than 100, too many values.
 *
 * @throws `invalid` with the place of the fault.
 */
export function readJson(text: string, source: Source): unknown {
  const seen = scan(text, source);
  const value = parse(text, source, seen);
  // Each of these faults needs a certain text in the JSON, so that most values need no second pass.
  // Only an escape can bring in a character that cannot be stored; and `_proto_` can be written with
  // escapes too.
  const hasEscapes = text.includes('\\u');
  const mayBePrototype = text.includes('_proto_') || (hasEscapes && /\\u00[567]/.test(text));
  const looks = [
    ...(hasEscapes && /\\u(?:0000|d[89a-f])/i.test(text) ? [requireStorable] : []),
    ...(mayBePrototype ? [requireNoPrototype] : []),
    ...(seen.mayOverflow ? [requireFinite] : []),
  ];
  if (looks.length > 0) visit(value, source.loc, looks);
  return value;
}

/**
 * Reads JSON whose parts are checked one by one with {@link requireSound}, so that a bad part does
 * not keep the good ones out.
 *
 * @throws `invalid` for a text that is not JSON, that is nested deeper than 100, or that has too many
 *   values.
 */
export function parseJson(text: string, source: Source): unknown {
  return parse(text, source, scan(text, source));
}

/** @throws `invalid` when the value contains anything that {@link readJson} refuses. */
export function requireSound(value: unknown, loc: Loc): void {
  visit(value, loc, [requireStorable, requireNoPrototype, requireFinite]);
}

/** @throws `invalid` when the value is a text that Postgres cannot store. */
export function requireStorable(value: unknown, loc: Loc): void {
  if (typeof value !== 'string') return;
  if (value.includes('\0'))
    throw invalid([...loc], 'Contains a NUL character, which cannot be stored.');
  if (!value.isWellFormed()) {
    throw invalid(
      [...loc],
      'Contains half of a surrogate pair, which is not a character.',
      'unicode_error',
    );
  }
}

function parse(text: string, source: Source, { mayChange, values }: Seen): unknown {
  try {
    // Windows PowerShell and Excel write a byte order mark first.
    const json = text.startsWith('\uFEFF') ? text.slice(1) : text;
    const isExact = mayChange && values <= (source.mostExact ?? Infinity);
    return isExact ? parseExactJson(json) : JSON.parse(json);
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

/** An integer with more digits than 15 may not be a double. */
const digitsOfDouble = 16;

/** Numbers with fewer digits than this are finite, and so are those with a smaller exponent. */
const manyDigits = 200;
const manyDigitsOfExponent = 3;

/** What may be among the numbers of a text. */
interface Seen {
  readonly values: number;
  /** One that is not finite. */
  readonly mayOverflow: boolean;
  /** One that a double would change. */
  readonly mayChange: boolean;
}

/**
 * Looks at each character once, before anything is made of them.
 *
 * @throws `invalid` for what is nested too deep or has too many values.
 */
function scan(
  text: string,
  { name, loc, most = mostValues, deepest = deepestNesting }: Source,
): Seen {
  let depth = 0;
  let values = 1;
  let digits = 0;
  let isExponent = false;
  let mayOverflow = false;
  let mayChange = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= zero && unit <= nine) {
      digits += 1;
      if (digits === digitsOfDouble) mayChange = true;
      if (digits === (isExponent ? manyDigitsOfExponent : manyDigits)) mayOverflow = true;
      continue;
    }
    if (digits > 0 && (unit === point || unit === smallE || unit === capitalE)) mayChange = true;
    digits = 0;
    isExponent = unit === smallE || unit === capitalE || (isExponent && unit === plus);
    if (unit === quote) {
      i = endOfString(text, i);
    } else if (unit === comma || unit === colon || unit === brace || unit === bracket) {
      values += 1;
      if (values > most.values) {
        const where = most.setting ? ` (${most.setting})` : '';
        const msg = `${name} has more than ${most.values} values and names of members, which is the limit${where}. Send it in parts.`;
        throw invalid([...loc, i], msg, 'too_many_values');
      }
      if (unit === comma || unit === colon) continue;
      depth += 1;
      if (depth > deepest) {
        const msg = `${name} is nested more than ${deepest} levels deep.`;
        throw invalid([...loc, i], msg, 'json_invalid');
      }
    } else if (unit === closingBrace || unit === closingBracket) {
      depth -= 1;
    }
  }
  return { values, mayOverflow, mayChange };
}

/**
 * Called with each key, and with each value that has no members. `loc` is the place of the value;
 * for a key, the place of its object. It changes after the call.
 */
type Look = (value: unknown, loc: Loc, isKey: boolean) => void;

function requireNoPrototype(value: unknown, loc: Loc, isKey: boolean): void {
  if (isKey && value === '__proto__') {
    throw invalid([...loc], 'A field cannot be named `__proto__`.');
  }
}

function requireFinite(value: unknown, loc: Loc): void {
  const isNumber = typeof value === 'number' || value instanceof ExactNumber;
  if (isNumber && !Number.isFinite(Number(value))) {
    throw invalid([...loc], 'This number is too large. The largest is 1.79e308.');
  }
}

/** Calls `looks` for every key of a value, and for everything in it that has no members. */
function visit(value: unknown, loc: Loc, looks: readonly Look[]): void {
  // One place for all values: to copy it for each takes time in proportion to its depth.
  const place = [...loc];
  const lookAt = (part: unknown, isKey: boolean) => {
    for (const look of looks) look(part, place, isKey);
  };
  const walk = (part: unknown) => {
    if (Array.isArray(part)) {
      for (const [index, item] of part.entries()) {
        place.push(index);
        walk(item);
        place.pop();
      }
    } else if (isRecord(part)) {
      for (const key of Object.keys(part)) {
        lookAt(key, true);
        place.push(key);
        walk(part[key]);
        place.pop();
      }
    } else {
      lookAt(part, false);
    }
  };
  walk(value);
}
