import type { Timestamp } from '../../kernel/clock.ts';
import { invalid } from '../../kernel/errors.ts';
import { decodeCursor, encodeCursor, isId, isMoment } from '../cursor.ts';
import type { LogSort } from './log-sort.ts';

/** The position of a log in a list. */
export interface ListPosition {
  readonly createdAt: Timestamp;
  readonly id: string;
  /** What the list is sorted by; null when that is the time, or unknown. */
  readonly value: number | null;
}

/** A position as text, for clients to send back. */
export function writeCursor({ createdAt, id, value }: ListPosition, { by }: LogSort): string {
  return encodeCursor(by === 'created_at' ? [createdAt, id] : [createdAt, id, by, value]);
}

/** @throws `invalid` for a text that no list has returned, or one in another order. */
export function readCursor(cursor: string, sort: LogSort): ListPosition {
  const { by, ...position } = decodeCursor(cursor, readPosition);
  if (by === sort.by) return position;
  throw invalid(
    ['query', 'cursor'],
    `The cursor is of a list that is sorted by \`${by}\`. Ask for the first page.`,
  );
}

function readPosition([createdAt, id, by = 'created_at', value = null]: readonly unknown[]) {
  const isValue = value === null || (typeof value === 'number' && Number.isFinite(value));
  return isMoment(createdAt) && isId(id) && typeof by === 'string' && isValue
    ? { createdAt, id, by, value }
    : undefined;
}
