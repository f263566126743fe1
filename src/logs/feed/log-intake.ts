import type { Database } from '../../database/database.ts';
import { errorFields, type Logger } from '../../kernel/logger.ts';
import { moveIntake } from './intake-queries.ts';

/** Milliseconds between two looks, when nothing was left at the last. */
const lookIntervalMs = 1_000;
/** Rows that are moved in one transaction. */
const partsAtOnce = 20;
/**
 * For each millisecond of moving there are so many of rest, also when much is left: while logs pour
 * in, they have the processor.
 */
const restFactor = 4;

/**
 * Moves what was written of logs to where it is counted and searched, a moment after it was written.
 * Answers do not depend on it: what has not been moved is looked at where it is, which takes longer.
 */
export class LogIntake {
  readonly #database: Database;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout;
  #moving: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
    this.#timer = this.#lookAfter(lookIntervalMs);
  }

  /** Stops after the rows that are being moved. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#moving;
  }

  #lookAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#moving = this.#look();
    }, ms).unref();
  }

  async #look(): Promise<void> {
    const startedAt = performance.now();
    const moved = await moveIntake(this.#database.db, partsAtOnce).catch((error: unknown) => {
      this.#logger.warn(
        errorFields(error),
        'Logs could not be indexed for search. It is tried again.',
      );
      return 0;
    });
    if (this.#isStopped) return;
    const tookMs = performance.now() - startedAt;
    this.#timer = this.#lookAfter(
      moved < partsAtOnce ? lookIntervalMs : Math.max(tookMs * restFactor, 1),
    );
  }
}
