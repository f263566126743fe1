import type pg from 'pg';
import { databaseFull, toUnavailable } from './violations.ts';

/** Milliseconds between two checks for free space. */
const lookIntervalMs = 1_000;

/**
 * Writes 8 MB (or half of `temp_file_limit`) to a temporary file by sorting more than fits into
 * memory, and discards it. It changes no table and writes no WAL: filling the disk of the WAL would
 * crash Postgres.
 */
const probe = `BEGIN; SET LOCAL work_mem = '64kB'; SET LOCAL temp_tablespaces = '';
  SELECT count(*) FROM generate_series(1, (SELECT CASE WHEN setting = '-1' THEN 400000
    ELSE least(400000, setting::bigint * 25) END FROM pg_settings WHERE name = 'temp_file_limit'));
  ROLLBACK`;

interface FullDiskOptions {
  /** The pool that checks for free space. */
  readonly pool: () => pg.Pool;
  /** Called with the cause when the disk is full, and with undefined when it has room again. */
  readonly onChange: (cause: unknown) => void;
  /**
   * The full disk that keeps an unreachable database down; undefined when it is down for another
   * reason.
   */
  readonly findFullDiskCause: () => unknown;
}

/**
 * Knows whether the disk of a database is full. It counts as full from the first write that
 * Postgres refuses for lack of space (or from a start that fails for it) until a check finds space
 * again.
 */
export class FullDisk {
  readonly #options: FullDiskOptions;
  #cause: unknown;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isStopped = false;

  constructor(options: FullDiskOptions) {
    this.#options = options;
  }

  /** @throws `database_full` (unavailable) while the disk is full. */
  requireRoom(): void {
    if (this.#cause !== undefined) throw databaseFull(this.#cause);
  }

  /**
   * Rethrows an error of the database: as `database_full` when it means a full disk, as
   * `database_unavailable` when it means that the database is away; any other error as it is.
   */
  readonly rethrow = (error: unknown): never => {
    const failure = toUnavailable(error);
    if (!failure) throw error;
    if (failure.code === 'database_full') this.#note(failure.cause);
    else this.#noteOutage();
    // A database with a full disk may go down altogether. Callers see `database_full` in both
    // cases, because the cause is the same.
    this.requireRoom();
    throw failure;
  };

  /** Stops checking, because the pool is being closed. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  #noteOutage(): void {
    const cause = this.#options.findFullDiskCause();
    if (cause !== undefined) this.#note(cause);
  }

  #note(cause: unknown): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause ?? new Error('It says no more.');
    this.#options.onChange(this.#cause);
    if (this.#isStopped) return;
    this.#timer = setInterval(() => void this.#look(), lookIntervalMs).unref();
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const hasRoom = await this.#hasRoom().catch(() => false);
    this.#isLooking = false;
    if (!hasRoom || this.#isStopped) return;
    clearInterval(this.#timer);
    this.#cause = undefined;
    this.#options.onChange(undefined);
  }

  async #hasRoom(): Promise<boolean> {
    const client = await this.#options.pool().connect();
    try {
      await client.query(probe);
      client.release();
      return true;
    } catch {
      // Destroy the connection: it may still have an open transaction. The error does not matter,
      // because only a finished write proves that there is space.
      client.release(true);
      return false;
    }
  }
}
