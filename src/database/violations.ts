import { PlatformError } from '../kernel/errors.ts';

/** Whether an error says that a row with this unique constraint's (or index's) value exists. */
export function isDuplicate(error: unknown, constraint: string): boolean {
  return hasCode(error, '23505') && (error as { constraint?: string }).constraint === constraint;
}

/** Whether two transactions met so that one had to give way; the same again can succeed. */
export function isSerializationFailure(error: unknown): boolean {
  return hasCode(error, '40001') || hasCode(error, '40P01');
}

/** Whether a statement was refused for what is in one of its rows (SQLSTATE classes 22 and 23). */
export function isFaultOfRow(error: unknown): boolean {
  return error instanceof Error && /^2[23]/.test((error as { code?: string }).code ?? '');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as { code?: string }).code === code;
}

/** There is no database now; perhaps later. */
export function databaseUnavailable(cause?: unknown): PlatformError {
  return new PlatformError(
    'unavailable',
    'database_unavailable',
    'The database cannot be reached at the moment. Try again.',
    { retryAfterSeconds: 2, cause },
  );
}

/** There is a database, which cannot take anything in. */
function databaseFull(cause: unknown): PlatformError {
  return new PlatformError(
    'unavailable',
    'database_full',
    'The disk of the database is full. Nothing more can be stored until there is room.',
    { retryAfterSeconds: 30, cause },
  );
}

/**
 * SQLSTATE classes and system errors that mean: no database now, perhaps later.
 * 08: connection; 53: out of resources; 57P: shut down or starting.
 */
const unavailable = /^(08|53|57P|ECONN|ENOENT|EPIPE|ETIMEDOUT|EAI_)/;

/** Messages of the driver, which gives its own failures no code. */
const unavailableMessage = /Connection terminated|timeout exceeded|connection error|not queryable/i;

const diskFull = '53100';

/**
 * Rethrows an error; one that means "no database now" as `database_unavailable`, and one of a full
 * disk as `database_full`.
 */
export function translateUnavailable(error: unknown): never {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  if (code === diskFull) throw databaseFull(error);
  if (
    unavailable.test(code ?? '') ||
    (code === undefined && unavailableMessage.test(message ?? ''))
  ) {
    throw databaseUnavailable(error);
  }
  throw error;
}
