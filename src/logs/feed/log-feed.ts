import type { Database } from '../../database/database.ts';
import { errorFields, type Logger } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import type { FeedConsumer } from './feed-consumer.ts';
import { analyzeLogs, FeedRowsGone } from './feed-queries.ts';
import { type FeedMove, moveFeed } from './move-feed.ts';

/**
 * Milliseconds between two looks at the feed. Counters in answers about files may be late by as
 * much.
 */
const lookIntervalMs = 1_000;

/** Milliseconds that a wake-up waits for others: they share a transaction. */
const wakeMs = 100;

/** The number of logs from which Postgres can learn enough about its tables to plan for many. */
const logsToAnalyze = 50;

/**
 * Passes every write of a log to the consumers, soon after its commit. Every server has a
 * `LogFeed`, and one of them moves rows at a time. When that server dies, another goes on.
 */
export class LogFeed {
  readonly #database: Database;
  readonly #consumers: readonly FeedConsumer[];
  readonly #logger: Logger;
  readonly #onMoved: () => void;
  readonly #looks: Periodic;
  #wakeTimer: NodeJS.Timeout | undefined;
  #moved = 0;
  #isStopped = false;

  /** @param options.onMoved called after consumers have received logs, and their rows are committed. */
  constructor(
    database: Database,
    consumers: readonly FeedConsumer[],
    { logger, onMoved }: { readonly logger: Logger; readonly onMoved: () => void },
  ) {
    this.#database = database;
    this.#consumers = consumers;
    this.#logger = logger;
    this.#onMoved = onMoved;
    this.#looks = new Periodic(lookIntervalMs, () => this.#move(), {
      logger,
      complaint: 'The feed of logs could not be moved.',
    });
  }

  /** Moves what is in the feed within {@link wakeMs}, and not only at the next look. */
  wake(): void {
    if (this.#isStopped) return;
    this.#wakeTimer ??= setTimeout(() => {
      this.#wakeTimer = undefined;
      this.#looks.wake();
    }, wakeMs).unref();
  }

  /** Stops after the current transaction. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#wakeTimer);
    await this.#looks.stop();
  }

  async #move(): Promise<void> {
    for (;;) {
      const { logs, isMore } = await moveFeed(this.#database, this.#consumers, this.#logger).catch(
        whatIsLeft,
      );
      await this.#noteMoved(logs);
      if (logs > 0) this.#onMoved();
      if (!isMore || this.#isStopped) return;
    }
  }

  /**
   * Runs ANALYZE once, as soon as the tables have some logs. Without statistics Postgres may choose
   * any index, and a prepared statement would keep that choice while the tables grow. Autovacuum
   * looks only once a minute.
   */
  async #noteMoved(logs: number): Promise<void> {
    const before = this.#moved;
    this.#moved += logs;
    if (before >= logsToAnalyze || this.#moved < logsToAnalyze) return;
    await analyzeLogs(this.#database).catch((error: unknown) => {
      this.#logger.warn(
        errorFields(error),
        'Postgres could not look at its tables; it will later.',
      );
    });
  }
}

/** A move that was undone, since some of its rows are gone, is made again with the others. */
function whatIsLeft(error: unknown): FeedMove {
  if (error instanceof FeedRowsGone) return { logs: 0, isMore: true };
  throw error;
}
