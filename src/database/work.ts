import { PlatformError } from '../kernel/errors.ts';

/** For whom connections of a pool work. */
export interface Work {
  /** Null: the server's own work, which spans organizations. */
  readonly organizationId: string | null;
  /** An organization gets one more connection while it holds less than so many times what is free. */
  readonly greed: number;
  /** How long one statement may take; undefined: as long as it needs. */
  readonly limit?: StatementLimit | undefined;
  /** Fires when nobody waits for the work any longer. */
  readonly signal?: AbortSignal | undefined;
}

/** How long a statement may take before the server ends it. */
export interface StatementLimit {
  readonly ms: number;
  /** The setting, for the operator who reads the refusal. */
  readonly setting: string;
}

/** The limits of statements, by the kind of work. */
export interface StatementLimits {
  /** A request that only reads. */
  readonly reading: StatementLimit;
  /** Whatever else is done for an organization. */
  readonly other: StatementLimit;
}

export const defaultStatementLimits: StatementLimits = statementLimits(30_000, 300_000);

/** Both in milliseconds. */
export function statementLimits(reading: number, other: number): StatementLimits {
  return {
    reading: { ms: reading, setting: 'DATABASE_READ_SECONDS' },
    other: { ms: other, setting: 'DATABASE_STATEMENT_SECONDS' },
  };
}

/** The server's own work: reads of keys, leases, the feed, clean-ups, migrations. */
export const serversWork: Work = { organizationId: null, greed: Infinity };

/** Work for an organization: its writes, its runs, and what follows from them. */
export function workFor(organizationId: string, { other }: StatementLimits): Work {
  return { organizationId, greed: 3, limit: other };
}

/**
 * Work on a request that only reads. Such requests take half of what is free, so that many searches
 * of an organization leave connections for its own writes, too.
 */
export function readingFor(
  organizationId: string,
  { reading }: StatementLimits,
  signal: AbortSignal,
): Work {
  return { organizationId, greed: 1, limit: reading, signal };
}

/** The database took too long for a request. */
export function queryTooSlow({ ms, setting }: StatementLimit): PlatformError {
  return new PlatformError(
    'unavailable',
    'query_too_slow',
    `The database took longer than ${ms / 1_000} s for a part of this request, which is the limit (${setting}). Ask for less at once.`,
    { retryAfterSeconds: 30 },
  );
}

/** An organization already uses all connections that it may have. */
export function databaseBusy(held: number, places: number): PlatformError {
  return new PlatformError(
    'unavailable',
    'database_busy',
    `Your organization already uses ${held} of the ${places} database connections of this server (DATABASE_POOL_SIZE), and none has become free in time. Send fewer requests at once.`,
    { retryAfterSeconds: 2 },
  );
}

/** Why a query is ended whose client has disconnected. Nobody reads it. */
export function clientGone(): PlatformError {
  return new PlatformError('unavailable', 'client_gone', 'The client has disconnected.');
}
