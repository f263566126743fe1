/** How a client should react to a failure; `http/server/error-response.ts` gives each its status. */
export type ErrorCategory =
  | 'malformed'
  | 'invalid'
  | 'unsupported'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many'
  | 'upstream'
  | 'unavailable';

/**
 * One fault of a request: its place (`['body', 'messages', 0, 'role']`) and what is wrong there.
 */
export interface Fault {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

interface PlatformErrorOptions {
  /** The faults of an `invalid` request; they become the `detail` list of the answer. */
  readonly faults?: readonly Fault[];
  /** Answered as `detail` in place of the message, e.g. what a model provider said. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Seconds after which a repeat may succeed; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Further members of the answer, beside `detail` and `code`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A failure that the program expects. Its category says how to react, its stable code what went
 * wrong; `docs/errors.md` describes each code. Any other error that is thrown is a bug.
 */
export class PlatformError extends Error {
  readonly category: ErrorCategory;
  readonly code: string;
  readonly faults: readonly Fault[] | undefined;
  readonly detail: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly fields: Readonly<Record<string, unknown>> | undefined;

  constructor(
    category: ErrorCategory,
    code: string,
    message: string,
    options: PlatformErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'PlatformError';
    this.category = category;
    this.code = code;
    this.faults = options.faults;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.fields = options.fields;
  }
}

/**
 * An `invalid` error with one fault: the request is well-formed, but the value at `loc` is not
 * allowed.
 */
export function invalid(loc: Fault['loc'], msg: string, type = 'value_error'): PlatformError {
  return new PlatformError('invalid', 'invalid', msg, { faults: [{ loc, msg, type }] });
}

/** Whether an error refuses what somebody asked for, and is no trouble of the server's own. */
export function isRefusal(error: unknown): error is PlatformError {
  return error instanceof PlatformError && error.category === 'invalid';
}
