import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { StartFailure } from '../kernel/start-failure.ts';
import { databasePlace } from './database-url.ts';
import { socketOf } from './driver-socket.ts';
import { type DatabaseStartError, databaseStartError, unfit } from './start-errors.ts';

interface Patience {
  /** Milliseconds to wait for a database that is not there yet; 0: do not wait. */
  readonly waitMs: number;
  /**
   * Milliseconds that one attempt may take to connect, and again to be answered; 5,000 by default.
   */
  readonly attemptMs?: number;
  /** Abort it to stop waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, with the reason, when waiting begins. */
  readonly onWait?: (reason: string) => void;
}

/** Milliseconds before the second attempt to connect; later pauses are longer. */
const firstPauseMs = 100;
const longestPauseMs = 1_000;

/** In the form of `server_version_num`. */
const oldestVersion = 150_000;

/**
 * Makes sure that the database at a URL can be used; waits for one that may come up later.
 *
 * @throws StartFailure with the reason, at once where waiting would not help; the signal's reason
 *   when it is aborted.
 */
export async function reachDatabase(
  url: string,
  { waitMs, attemptMs = 5_000, signal, onWait }: Patience,
): Promise<void> {
  const giveUpAt = performance.now() + waitMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const leftMs = giveUpAt - performance.now();
    const error = await attempt(url, attemptMs, signal);
    signal?.throwIfAborted();
    if (!error) return;
    if (!error.passes || leftMs <= 0) throw error.failure;
    if (pauseMs === firstPauseMs) onWait?.(error.failure.message);
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined);
  }
}

/** @returns why the database cannot be used; undefined when it can. */
async function attempt(
  url: string,
  attemptMs: number,
  signal: AbortSignal | undefined,
): Promise<DatabaseStartError | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: attemptMs,
    query_timeout: attemptMs,
  });
  // The error also rejects the promises below. Without this listener it would end the process.
  client.on('error', () => undefined);
  const giveUp = () => socketOf(client).destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    await client.connect();
    const error = await unfitness(client, url);
    await client.end();
    return error;
  } catch (error) {
    // Not `end()`, which waits for an answer: a server that waits for a password sends none.
    giveUp();
    return databaseStartError(url, error);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** @returns what is wrong with a database that answers; undefined when it can be used. */
async function unfitness(client: pg.Client, url: string): Promise<DatabaseStartError | undefined> {
  const { server, database } = databasePlace(url);
  const { rows } = await client.query<Fitness>(
    `SELECT current_setting('server_version_num')::int AS number,
      current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
      pg_is_in_recovery() AS "isStandby"`,
  );
  const { number, version, encoding, isStandby } = rows[0] as Fitness;
  if (number < oldestVersion) return lasting(unfit.tooOld(version));
  if (encoding !== 'UTF8') return lasting(unfit.encoding(encoding, database));
  if (isStandby) return lasting(unfit.readOnly(server));
  return undefined;
}

interface Fitness {
  readonly number: number;
  readonly version: string;
  readonly encoding: string;
  readonly isStandby: boolean;
}

function lasting(failure: StartFailure): DatabaseStartError {
  return { failure, passes: false, isKnown: true };
}
