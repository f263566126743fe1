/** How a client should react to a failure; `http/server/error-response.ts` gives each its status. */
export type ErrorCategory =
  | 'invalid'
  | 'unsupported'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_many'
  | 'upstream'
  | 'unavailable';

/** One fault of a request: where it is (`['body', 'messages', 0, 'role']`), and what is wrong. */
export interface Fault {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly type: string;
}

interface ErrorOptionsOf {
  /** The faults of an `invalid` request; they become the `detail` list of the answer. */
  readonly faults?: readonly Fault[];
  /** An object to answer as `detail` in place of the message: what a model provider said. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Seconds after which a repeat may succeed; becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * A failure that was expected: it has a category (how to react) and a stable code (what went
 * wrong; each is described in `docs/errors.md`). Anything else that is thrown is a bug.
 */
export class PlatformError extends Error {
  readonly category: ErrorCategory;
  readonly code: string;
  readonly faults: readonly Fault[] | undefined;
  readonly detail: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    category: ErrorCategory,
    code: string,
    message: string,
    options: ErrorOptionsOf = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'PlatformError';
    this.category = category;
    this.code = code;
    this.faults = options.faults;
    this.detail = options.detail;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A request that is well-formed but says something that cannot be: one fault, at one place. */
export function invalid(loc: Fault['loc'], msg: string, type = 'value_error'): PlatformError {
  return new PlatformError('invalid', 'invalid', msg, { faults: [{ loc, msg, type }] });
}
