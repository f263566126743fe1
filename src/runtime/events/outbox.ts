import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { type Clock, type Timestamp, timestamp } from '../../kernel/clock.ts';
import type { Lease } from '../leases/lease.ts';
import { eventLeap } from '../leases/takeover-queries.ts';
import type { Happening, RunEvent } from './run-event.ts';
import { isOpeningEvent, storedEvent } from './store-event.ts';
import type { NumberedStoredEvent } from './stored-event.ts';

/** The run whose events an outbox holds. */
interface OutboxOptions {
  readonly workspace: Workspace;
  readonly lease: Lease;
  readonly version: FileVersion;
  readonly clock: Clock;
  /** The number of the last event that the run emitted before. */
  readonly eventCount: number;
  /** When the client called or continued the run: the time in the stored opening event. */
  readonly openedAt: Timestamp;
  /** False: the events are emitted but not stored. */
  readonly isStored: boolean;
}

/**
 * The events of a run that are not on disk yet, whether readers have received them or not.
 * `driveRun` adds events, and writes them with each step. {@link Outboxes} writes those that come
 * between two steps.
 */
export class Outbox {
  readonly workspace: Workspace;
  readonly lease: Lease;
  readonly #options: OutboxOptions;
  #eventCount: number;
  #unwritten: NumberedStoredEvent[] = [];
  /**
   * The write that {@link Outboxes} has in progress. When it fails, its events are back in
   * `#unwritten` before this settles.
   */
  #flushing: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.workspace = options.workspace;
    this.lease = options.lease;
    this.#options = options;
    this.#eventCount = options.eventCount;
  }

  /** The number of the last event. */
  get eventCount(): number {
    return this.#eventCount;
  }

  /** Whether there are events to write, and no write in progress. */
  get isReady(): boolean {
    return this.#unwritten.length > 0 && this.#flushing === undefined;
  }

  /**
   * Turns a happening into an event: numbers it, and keeps it until it is written.
   *
   * @param turns how many turns the run has so far.
   * @param flush writes the events of all outboxes. It is called when too many are not on disk
   *   (R2).
   * @throws what `flush` throws; the event is discarded then, and its number is free again.
   */
  async emit(happening: Happening, turns: number, flush: () => Promise<void>): Promise<RunEvent> {
    const event = this.#add(happening, turns);
    if (this.#unwritten.length <= eventLeap / 2) return event;
    try {
      await this.flushed();
      await flush();
    } catch (error) {
      this.#discard([event]);
      throw error;
    }
    return event;
  }

  /**
   * Writes a step, its events, and the earlier events that are not on disk yet (R4).
   *
   * @throws what `write` throws; the events of the step are discarded then, and the earlier ones
   *   kept.
   */
  async writeStep(
    happenings: readonly Happening[],
    turns: number,
    write: (events: readonly NumberedStoredEvent[]) => Promise<void>,
  ): Promise<readonly RunEvent[]> {
    // Wait for a write in progress before adding events. Another flush could otherwise write the
    // events of this step without the step, and a reader elsewhere would see them before events
    // that were emitted earlier.
    await this.flushed();
    const events = happenings.map((happening) => this.#add(happening, turns));
    const unwritten = this.#takeUnwritten();
    try {
      await write(unwritten);
    } catch (error) {
      this.#putBack(unwritten);
      this.#discard(events);
      throw error;
    }
    return events;
  }

  /** Settles when no write is in progress. */
  async flushed(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  /**
   * Hands over the events to be written between two steps.
   *
   * @returns the events, and a function that you call with the promise of their write.
   */
  handOver(): {
    readonly events: readonly NumberedStoredEvent[];
    readonly writtenBy: (writing: Promise<void>) => void;
  } {
    const events = this.#takeUnwritten();
    const writtenBy = (writing: Promise<void>) => {
      this.#flushing = writing
        .catch(() => this.#putBack(events))
        .then(() => {
          this.#flushing = undefined;
        });
    };
    return { events, writtenBy };
  }

  #add(happening: Happening, turns: number): RunEvent {
    const { lease, version, clock, openedAt, isStored } = this.#options;
    this.#eventCount += 1;
    const isOpening = isOpeningEvent(happening.type);
    const at = isOpening ? openedAt : timestamp(clock.now());
    const common = { number: this.#eventCount, at, logId: lease.logId, version };
    const event: RunEvent = Object.assign(common, happening);
    // Do not write an opening event: the statement that opens or continues a run has written it.
    if (isStored && !isOpening) {
      this.#unwritten.push({ number: event.number, event: storedEvent(event, turns) });
    }
    return event;
  }

  /** Discards the last events. They could not be written, and no reader has received them. */
  #discard(events: readonly RunEvent[]): void {
    this.#eventCount -= events.length;
    this.#unwritten = this.#unwritten.filter(({ number }) => number <= this.#eventCount);
  }

  #takeUnwritten(): readonly NumberedStoredEvent[] {
    const events = this.#unwritten;
    this.#unwritten = [];
    return events;
  }

  #putBack(events: readonly NumberedStoredEvent[]): void {
    this.#unwritten = [...events, ...this.#unwritten];
  }
}
