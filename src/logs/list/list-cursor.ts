import type { Timestamp } from '../../kernel/clock.ts';
import { invalid } from '../../kernel/errors.ts';

/** Where a log stands in a list, newest first; those after it are older. */
export interface ListPosition {
  readonly createdAt: Timestamp;
  readonly id: string;
}

/** A position as clients carry it. It is not secret, and says nothing of the filters. */
export function cursorOf({ createdAt, id }: ListPosition): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

const timestampForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** @throws `invalid` for a text that no list answered. */
export function positionOf(cursor: string): ListPosition {
  const position = parse(cursor);
  // Read as it would be written: whatever else a text may decode to, we did not make it.
  if (position && cursorOf(position) === cursor) return position;
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

/** Whether a moment is one to a database, too: a Date takes February 30th for March 2nd. */
function isInCalendar(moment: Timestamp): boolean {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1) return false;
  return date.toISOString().slice(0, 19) === moment.slice(0, 19);
}
