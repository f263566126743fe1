import type { Timestamp } from '../kernel/clock.ts';
import { invalid } from '../kernel/errors.ts';

/**
 * A position as text, for clients to send back. It is not secret, and does not contain the filters.
 */
export function encodeCursor(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * @param read undefined for parts that no position has.
 * @throws `invalid` for a text that no list has returned.
 */
export function decodeCursor<Position>(
  cursor: string,
  read: (parts: readonly unknown[]) => Position | undefined,
): Position {
  const parts = parse(cursor);
  const position = parts && read(parts);
  // Accept only the exact text that `encodeCursor` writes: base64url decodes other spellings to the
  // same position.
  if (parts && position && encodeCursor(parts) === cursor) return position;
  throw invalid(
    ['query', 'cursor'],
    'The cursor is not valid. Use the `next_cursor` of an earlier answer.',
  );
}

function parse(cursor: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const timestampForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/**
 * Whether a part is a moment that is valid for Postgres too: it refuses February 30th, which a Date
 * reads as March 2nd.
 */
export function isMoment(part: unknown): part is Timestamp {
  if (typeof part !== 'string' || !timestampForm.test(part)) return false;
  const date = new Date(part);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1) return false;
  return date.toISOString().slice(0, 19) === part.slice(0, 19);
}

/** Whether a part can be an id. */
export function isId(part: unknown): part is string {
  return typeof part === 'string' && !part.includes('\0');
}
