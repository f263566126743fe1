import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { type Clock, type Timestamp, timestamp } from '../../kernel/clock.ts';
import type { Lease } from '../leases/lease.ts';
import { eventLeap } from '../leases/takeover-queries.ts';
import type { Happening, RunEvent } from './run-event.ts';
import { isOpeningEvent, storedEvent } from './store-event.ts';
import type { NumberedStoredEvent } from './stored-event.ts';

/** Whose events an outbox has. */
interface OutboxOptions {
  readonly workspace: Workspace;
  readonly lease: Lease;
  readonly version: FileVersion;
  readonly clock: Clock;
  /** The number of the last event that the log's streams have carried before. */
  readonly eventCount: number;
  /** When the client called the run, or continued it, as the event of that is stored. */
  readonly openedAt: Timestamp;
  /** False: the events are told, and not stored. */
  readonly isStored: boolean;
}

/**
 * The events of a run that are sent, or about to be, and not on disk yet. `driveRun` adds events and
 * writes them with steps; {@link Outboxes} writes those that came between two steps.
 */
export class Outbox {
  readonly workspace: Workspace;
  readonly lease: Lease;
  readonly #options: OutboxOptions;
  #eventCount: number;
  #unwritten: NumberedStoredEvent[] = [];
  /** Settles when events that are on their way to the disk are there, or are kept again. */
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

  /** Whether there is something to write, and nothing on its way. */
  get isReady(): boolean {
    return this.#unwritten.length > 0 && this.#flushing === undefined;
  }

  /**
   * Makes an event of what happened: gives it its number, and keeps it to be written.
   *
   * @param turns how many turns the run has so far.
   * @param flush writes what outboxes have: too much must not be told and not be on disk (R2).
   * @throws what `flush` throws; then it is as if nothing had happened.
   */
  async tell(happening: Happening, turns: number, flush: () => Promise<void>): Promise<RunEvent> {
    const event = this.#add(happening, turns);
    if (this.#unwritten.length <= eventLeap / 2) return event;
    try {
      await this.flushed();
      await flush();
    } catch (error) {
      this.#takeBack([event]);
      throw error;
    }
    return event;
  }

  /**
   * Writes a step with what happened in it, and with the events that are not on disk yet (R4).
   *
   * @throws what `write` throws; then it is as if nothing had happened.
   */
  async writeStep(
    happenings: readonly Happening[],
    turns: number,
    write: (events: readonly NumberedStoredEvent[]) => Promise<void>,
  ): Promise<readonly RunEvent[]> {
    // Wait for a flush that is under way, and add nothing before: it would take the events of this
    // step to the disk without the step, and a reader elsewhere would see them before those that
    // were told earlier.
    await this.flushed();
    const events = happenings.map((happening) => this.#add(happening, turns));
    const unwritten = this.#take();
    try {
      await write(unwritten);
    } catch (error) {
      this.#putBack(unwritten);
      this.#takeBack(events);
      throw error;
    }
    return events;
  }

  /** Settles when nothing is on its way to the disk. */
  async flushed(): Promise<void> {
    while (this.#flushing) await this.#flushing;
  }

  /**
   * Hands over the events to be written between two steps.
   *
   * @returns the events, and what is to be called with their writing.
   */
  handOver(): {
    readonly events: readonly NumberedStoredEvent[];
    readonly writtenBy: (writing: Promise<void>) => void;
  } {
    const events = this.#take();
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
    // The opening is on disk already: the statement that opens or continues a run writes it.
    if (isStored && !isOpening) {
      this.#unwritten.push({ number: event.number, event: storedEvent(event, turns) });
    }
    return event;
  }

  /** Takes back the last events, which could not be written, and were not told. */
  #takeBack(events: readonly RunEvent[]): void {
    this.#eventCount -= events.length;
    this.#unwritten = this.#unwritten.filter(({ number }) => number <= this.#eventCount);
  }

  #take(): readonly NumberedStoredEvent[] {
    const events = this.#unwritten;
    this.#unwritten = [];
    return events;
  }

  #putBack(events: readonly NumberedStoredEvent[]): void {
    this.#unwritten = [...events, ...this.#unwritten];
  }
}
