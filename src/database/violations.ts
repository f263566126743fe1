import { noRoom } from '../kernel/data-folder-failure.ts';
import { PlatformError } from '../kernel/errors.ts';

/** Whether an error says that a row with this unique constraint's (or index's) value exists. */
export function isDuplicate(error: unknown, constraint: string): boolean {
  return hasCode(error, '23505') && (error as { constraint?: string }).constraint === constraint;
}

/**
 * Whether a transaction was undone through no fault of its own, so that the same again can succeed:
 * it met another one and had to give way, or a pooler lost its statements.
 */
export function isSerializationFailure(error: unknown): boolean {
  return hasCode(error, '40001') || hasCode(error, '40P01') || isStatementLost(error);
}

/** Whether a prepared statement was not there, or was there already: the connection was another's. */
export function isStatementLost(error: unknown): boolean {
  return hasCode(error, '26000') || hasCode(error, '42P05');
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
export function databaseFull(cause: unknown): PlatformError {
  return new PlatformError(
    'unavailable',
    'database_full',
    'The disk of the database is full. Nothing more can be stored until there is room.',
    { retryAfterSeconds: 30, cause },
  );
}

/**
 * SQLSTATE classes and system errors that mean: no database now, perhaps later.
 * 08: connection; 53: out of resources, but for a limit that was set; 57P: shut down or starting.
 */
const unavailableCode = /^(08|53(?!400)|57P|ECONN|ENOENT|EPIPE|ETIMEDOUT|EAI_)/;

/** Messages of the driver, which gives its own failures no code. */
const unavailableMessage = /Connection terminated|timeout exceeded|connection error|not queryable/i;

const diskFull = '53100';

/**
 * What an error means of the database itself: `database_full`, or `database_unavailable`; undefined
 * for any other error.
 */
export function unavailable(error: unknown): PlatformError | undefined {
  if (error instanceof PlatformError) return error.code.startsWith('database_') ? error : undefined;
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string };
  // Postgres has a code of its own for a full disk, but for a quota that is used up only these.
  const isFull = code === diskFull || (/^(XX000|58030)$/.test(code ?? '') && noRoom.test(message));
  if (isFull) return databaseFull(error);
  const isUnavailable =
    code === undefined ? unavailableMessage.test(message) : unavailableCode.test(code);
  return isUnavailable ? databaseUnavailable(error) : undefined;
}
