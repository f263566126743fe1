import { ExactNumber } from './exact-number.ts';
import { parseWithExactNumbers } from './exact-parser.ts';

/**
 * Parses JSON as `JSON.parse` does, but keeps numbers that a double would change as
 * {@link ExactNumber}s. Nearly all JSON has none, and costs one search more than `JSON.parse`.
 *
 * @throws SyntaxError as `JSON.parse` does.
 */
export function parseExactJson(text: string): unknown {
  if (!mayChange.test(text)) return JSON.parse(text);
  try {
    return parseWithExactNumbers(text);
  } catch {
    // What is no JSON has its error here. What is nested thousands of levels deep, for which our
    // parser takes too much stack, has doubles.
    return JSON.parse(text);
  }
}

/**
 * A value of JSON with doubles in place of its exact numbers, for code that calculates or checks
 * types. Without exact numbers it is the same value, not a copy.
 */
export function withDoubles(value: unknown): unknown {
  return hasExactNumbers(value) ? converted(value) : value;
}

/** Whether a value of JSON has exact numbers. */
export function hasExactNumbers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (value instanceof ExactNumber) return true;
  if (Array.isArray(value)) return value.some(hasExactNumbers);
  // Nearly every body has none, so look without making lists of members.
  for (const name in value) {
    if (hasExactNumbers((value as Readonly<Record<string, unknown>>)[name])) return true;
  }
  return false;
}

function converted(value: unknown): unknown {
  if (value instanceof ExactNumber) return value.valueOf();
  if (Array.isArray(value)) return value.map(converted);
  if (typeof value !== 'object' || value === null) return value;
  // fromEntries defines members, so one called `__proto__` stays one.
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, converted(member)]),
  );
}

/**
 * Finds every number that a double would change: 16 or more digits, a whole number written as a
 * fraction, an exponent. Other numbers and texts may match, too: that costs time, and no more.
 */
const mayChange = /(?:^|[\s,:[])-?\d(?:[\d.]{15}|[\d.]*(?:\.0*|[eE][-+]?\d+)(?=[\s,\]}]|$))/;
