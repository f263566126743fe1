import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../../database/database.ts';
import type { Logger } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { indexTexts } from './search-queries.ts';

/** Milliseconds between two looks at what has to be indexed. */
const lookIntervalMs = 1_000;
/** How many rows are indexed in one transaction. A row has at most 200 logs. */
const rowsAtOnce = 20;
/** Milliseconds of rest for each millisecond of indexing: while logs pour in, they need the processor. */
const restFactor = 4;

/**
 * Puts the texts of logs into the index, a moment after the logs were completed. Answers do not depend
 * on it: a search reads the logs that it has not reached, which takes longer.
 */
export class TextIndexer {
  readonly #database: Database;
  readonly #looks: Periodic;
  readonly #stopping = new AbortController();

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#looks = new Periodic(lookIntervalMs, () => this.#index(), {
      logger,
      complaint: 'Logs could not be made ready for search.',
    });
  }

  /** Stops after the logs that are being indexed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looks.stop();
  }

  async #index(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const startedAt = performance.now();
      if ((await indexTexts(this.#database, rowsAtOnce)) < rowsAtOnce) return;
      const tookMs = performance.now() - startedAt;
      await wait(Math.max(tookMs * restFactor, 1), undefined, { signal, ref: false }).catch(
        () => undefined,
      );
    }
  }
}
