import type pg from 'pg';
import { databaseFull, unavailable } from './violations.ts';

/** Milliseconds between two looks whether there is room again. */
const lookIntervalMs = 1_000;

/**
 * Writes 8 MB, or half of what a `temp_file_limit` allows, where Postgres puts what does not fit into memory, and throws them away. It changes no
 * table, and writes no log: to fill the disk of that would bring Postgres down.
 */
const probe = `BEGIN; SET LOCAL work_mem = '64kB'; SET LOCAL temp_tablespaces = '';
  SELECT count(*) FROM generate_series(1, (SELECT CASE WHEN setting = '-1' THEN 400000
    ELSE least(400000, setting::bigint * 25) END FROM pg_settings WHERE name = 'temp_file_limit'));
  ROLLBACK`;

interface FullDiskOptions {
  /** The pool of the database, to look whether there is room. */
  readonly pool: () => pg.Pool;
  /** Told why the disk is full, and with undefined that it no longer is. */
  readonly tell: (cause: unknown) => void;
  /** Says whether a database that cannot be reached is away because its disk is full, and why. */
  readonly whyAway: () => unknown;
}

/**
 * Knows whether the disk of a database is full: from the moment when it refuses a write for that, or
 * cannot be started for it, until there is room again.
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
   * Rethrows an error of the database: one that means that there is none now as
   * `database_unavailable`, and one that means that its disk is full as `database_full`.
   */
  readonly rethrow = (error: unknown): never => {
    const failure = unavailable(error);
    if (!failure) throw error;
    if (failure.code === 'database_full') this.#note(failure.cause);
    else this.#noteAway();
    // Without its disk it may have gone away altogether, which whoever asks need not tell apart.
    this.requireRoom();
    throw failure;
  };

  /** Looks no more: the pool is being closed. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  #noteAway(): void {
    const cause = this.#options.whyAway();
    if (cause !== undefined) this.#note(cause);
  }

  #note(cause: unknown): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause ?? new Error('It says no more.');
    this.#options.tell(this.#cause);
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
    this.#options.tell(undefined);
  }

  async #hasRoom(): Promise<boolean> {
    const client = await this.#options.pool().connect();
    try {
      await client.query(probe);
      client.release();
      return true;
    } catch {
      // Whatever is left open ends with its connection. Why it failed does not matter: only what was
      // written shows that there is room.
      client.release(true);
      return false;
    }
  }
}
