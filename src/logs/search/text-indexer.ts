import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../../database/database.ts';
import type { Logger } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { indexTexts } from './search-queries.ts';

/** Milliseconds between two looks for logs to index. */
const lookIntervalMs = 1_000;
/** The most rows that one transaction indexes. A row has at most 200 logs. */
const rowsAtOnce = 20;
/**
 * Milliseconds of rest for each millisecond of indexing. Under load, the writes of logs need the
 * processor.
 */
const restFactor = 4;

/**
 * Adds the texts of logs to the index soon after the logs are completed. Search results do not
 * depend on it: a search reads the logs that are not in the index, which only takes longer.
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

  /** Stops after the current transaction. */
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
