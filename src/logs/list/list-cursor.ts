import type { Timestamp } from '../../kernel/clock.ts';
import { invalid } from '../../kernel/errors.ts';

/** The position of a log in a list, newest first. */
export interface ListPosition {
  readonly createdAt: Timestamp;
  readonly id: string;
}

/**
 * A position as text, for clients to send back. It is not secret, and does not contain the filters.
 */
export function writeCursor({ createdAt, id }: ListPosition): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

const timestampForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** @throws `invalid` for a text that no list has returned. */
export function readCursor(cursor: string): ListPosition {
  const position = parse(cursor);
  // Accept only the exact text that `writeCursor` writes: base64url decodes other spellings to the
  // same position.
  if (position && writeCursor(position) === cursor) return position;
  throw invalid(
    ['query', 'cursor'],
    'The cursor is not valid. Use the `next_cursor` of an earlier answer.',
  );
}

function parse(cursor: string): ListPosition | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(value)) return undefined;
    const [createdAt, id] = value;
    if (typeof createdAt !== 'string' || !timestampForm.test(createdAt)) return undefined;
    if (typeof id !== 'string' || id.includes('\0')) return undefined;
    return isInCalendar(createdAt) ? { createdAt, id } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the moment is valid for Postgres too: it refuses February 30th, which a Date reads as
 * March 2nd.
 */
function isInCalendar(moment: Timestamp): boolean {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1) return false;
  return date.toISOString().slice(0, 19) === moment.slice(0, 19);
}
