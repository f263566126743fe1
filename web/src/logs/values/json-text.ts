import { isExactNumber, parseExact } from '../../json/exact-json.ts';

/** The value of a JSON text, with its numbers as they were written; the text itself if it is none. */
export function readJsonText(text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return text;
  }
}

export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A value that has members or items. */
export function isComposed(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/** Whether a value is a number, also one that is kept as it was written. */
export function isNumber(value: unknown): boolean {
  return typeof value === 'number' || isExactNumber(value);
}

/** The text that is shown of a value: JSON with indentation, or the text that it is. */
export function shownText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}
