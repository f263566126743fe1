import type { Database } from '../../database/database.ts';
import type { Logger } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { writeEvents } from './event-queries.ts';
import type { Outbox } from './outbox.ts';

/**
 * Milliseconds between two writes of events that came between steps. A reader in another process is
 * late by as much.
 */
const flushIntervalMs = 100;

interface OutboxesParts {
  readonly database: Database;
  readonly logger: Logger;
}

/**
 * The outboxes of the runs that this process drives. One statement per organization writes them
 * all.
 */
export class Outboxes {
  readonly #database: Database;
  readonly #outboxes = new Set<Outbox>();
  readonly #periodic: Periodic;

  constructor({ database, logger }: OutboxesParts) {
    this.#database = database;
    this.#periodic = new Periodic(flushIntervalMs, () => this.flush(), {
      logger,
      complaint: 'Events could not be written.',
    });
  }

  /** Includes an outbox in the writes. @returns a function that removes it. */
  add(outbox: Outbox): () => void {
    this.#outboxes.add(outbox);
    return () => this.#outboxes.delete(outbox);
  }

  /**
   * Writes the events that runs emitted since their last steps. It does not wait for writes in
   * progress.
   */
  flush(): Promise<void> {
    return this.#write([...this.#outboxes]);
  }

  /** Waits for the writes in progress of these outboxes, then writes the events that are left. */
  async empty(outboxes: readonly Outbox[]): Promise<void> {
    await Promise.all(outboxes.map((outbox) => outbox.flushed()));
    await this.#write(outboxes);
  }

  async #write(outboxes: readonly Outbox[]): Promise<void> {
    const ready = outboxes.filter(({ isReady }) => isReady);
    const groups = Map.groupBy(ready, ({ workspace }) => workspace.organizationId);
    await Promise.all([...groups].map(([id, group]) => this.#writeGroup(id, group)));
  }

  async #writeGroup(organizationId: string, outboxes: readonly Outbox[]): Promise<void> {
    const batches = outboxes.map((outbox) => ({ lease: outbox.lease, ...outbox.handOver() }));
    const writing = writeEvents({ organizationId, db: this.#database.db }, batches);
    for (const { writtenBy } of batches) writtenBy(writing);
    await writing;
  }

  /** Stops the periodic writes. */
  stop(): Promise<void> {
    return this.#periodic.stop();
  }
}
