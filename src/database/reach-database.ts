import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { StartFailure } from '../kernel/start-failure.ts';
import { placeOf } from './database-url.ts';
import { socketOf } from './driver-socket.ts';
import { type DatabaseStartError, databaseStartError, unfit } from './start-errors.ts';

interface Patience {
  /** How long to wait for a database that may be there later; 0: not at all. */
  readonly waitMs: number;
  /** Milliseconds that one attempt may take to connect, and then to be answered; 5,000 unless told. */
  readonly attemptMs?: number;
  /** Aborted: it is waited for no longer. */
  readonly signal?: AbortSignal | undefined;
  /** Told once, with the reason, that it is waited for. */
  readonly onWait?: (reason: string) => void;
}

/** Milliseconds between two attempts to connect. */
const firstPauseMs = 100;
const longestPauseMs = 1_000;

/** As `server_version_num` has it. */
const oldestVersion = 150_000;

/**
 * Makes sure that the database of an address can be used; waits for one that may be there later.
 *
 * @throws StartFailure that says why it cannot, at once where waiting would not help; the reason of
 *   the signal when that is aborted.
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

/** @returns why the database cannot be reached; undefined when it can. */
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
  // What it says is in the rejections below; unheard, it would end the process.
  client.on('error', () => undefined);
  const giveUp = () => socketOf(client).destroy();
  signal?.addEventListener('abort', giveUp);
  try {
    await client.connect();
    const error = await unfitness(client, url);
    await client.end();
    return error;
  } catch (error) {
    // Not `end`, which waits for an answer: a server that waits for a password gives none.
    giveUp();
    return databaseStartError(url, error);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** @returns what is wrong with a database that answers; undefined when it can be used. */
async function unfitness(client: pg.Client, url: string): Promise<DatabaseStartError | undefined> {
  const { server, database } = placeOf(url);
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
