import type { Database } from '../../database/database.ts';
import type { Logger } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { writeEvents } from './event-queries.ts';
import type { Outbox } from './outbox.ts';

/** Milliseconds after which events are written that no step took along: how late a reader elsewhere is. */
const flushIntervalMs = 100;

interface OutboxesParts {
  readonly database: Database;
  readonly logger: Logger;
}

/** The outboxes of the runs that this process drives: one statement per organization writes them all. */
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

  /** Writes what a run tells, until what is returned is called. */
  add(outbox: Outbox): () => void {
    this.#outboxes.add(outbox);
    return () => this.#outboxes.delete(outbox);
  }

  /** Writes what runs have told since their last steps; what is on its way already is not waited for. */
  flush(): Promise<void> {
    return this.#write([...this.#outboxes]);
  }

  /** Writes all that some runs have told, until nothing is on its way. */
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
    const told = outboxes.map((outbox) => ({ lease: outbox.lease, ...outbox.handOver() }));
    const writing = writeEvents({ organizationId, db: this.#database.db }, told);
    for (const { writtenBy } of told) writtenBy(writing);
    await writing;
  }

  /** Writes no more by itself. */
  stop(): Promise<void> {
    return this.#periodic.stop();
  }
}
