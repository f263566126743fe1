import { noRoom } from '../kernel/data-folder-failure.ts';
import { PlatformError } from '../kernel/errors.ts';

/**
 * Whether an error means that a row with this value exists already. `constraint` names the unique
 * constraint or index.
 */
export function isDuplicate(error: unknown, constraint: string): boolean {
  return hasCode(error, '23505') && (error as { constraint?: string }).constraint === constraint;
}

/**
 * Whether a transaction was undone for a reason outside of it, so that the same work can succeed
 * when it is repeated: a conflict with another transaction, or a pooler that lost prepared
 * statements.
 */
export function isRepeatable(error: unknown): boolean {
  return (
    hasCode(error, '40001') ||
    hasCode(error, '40P01') ||
    isPreparedStatementLost(error) ||
    isPlanOutdated(error)
  );
}

/**
 * Whether a prepared statement was missing, or existed already: the pooler had given us another
 * connection.
 */
export function isPreparedStatementLost(error: unknown): boolean {
  return hasCode(error, '26000') || hasCode(error, '42P05');
}

/** Whether a prepared statement would answer with other columns than when it was prepared. */
export function isPlanOutdated(error: unknown): boolean {
  return hasCode(error, '0A000') && /cached plan/.test((error as Error).message);
}

/**
 * Whether a statement was refused because of the data of one of its rows (SQLSTATE classes 22 and
 * 23).
 */
export function isRowRefused(error: unknown): boolean {
  return error instanceof Error && /^2[23]/.test((error as { code?: string }).code ?? '');
}

/** Whether a query was ended by a request to cancel it. */
export function isCancelled(error: unknown): boolean {
  return hasCode(error, '57014');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as { code?: string }).code === code;
}

/** The database cannot be reached now; a repeat may succeed. */
export function databaseUnavailable(cause?: unknown): PlatformError {
  return new PlatformError(
    'unavailable',
    'database_unavailable',
    'The database cannot be reached at the moment. Try again later.',
    { retryAfterSeconds: 2, cause },
  );
}

/** The database can be reached, but has no space to write. */
export function databaseFull(cause: unknown): PlatformError {
  return new PlatformError(
    'unavailable',
    'database_full',
    'The disk of the database is full. Nothing can be stored until it has room again.',
    { retryAfterSeconds: 30, cause },
  );
}

/**
 * SQLSTATE classes and system errors that mean: no database now, perhaps later. 08: connection; 53:
 * out of resources, except 53400, a configured limit; 57P: shut down or starting.
 */
const unavailableCode = /^(08|53(?!400)|57P|ECONN|ENOENT|EPIPE|ETIMEDOUT|EAI_)/;

/** Messages of the driver, whose own errors have no code. */
const unavailableMessage = /Connection terminated|timeout exceeded|connection error|not queryable/i;

const diskFull = '53100';

/**
 * `database_full` or `database_unavailable` when that is what an error means; undefined for any
 * other error.
 */
export function toUnavailable(error: unknown): PlatformError | undefined {
  if (error instanceof PlatformError) return error.code.startsWith('database_') ? error : undefined;
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
  // Postgres has a code for a full disk. A used-up quota has only these general codes, and is told
  // by its message.
  const isFull = code === diskFull || (/^(XX000|58030)$/.test(code ?? '') && noRoom.test(message));
  if (isFull) return databaseFull(error);
  const isUnavailable =
    code === undefined ? unavailableMessage.test(message) : unavailableCode.test(code);
  return isUnavailable ? databaseUnavailable(error) : undefined;
}
