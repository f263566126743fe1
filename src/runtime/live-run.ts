import { PlatformError } from '../kernel/errors.ts';
import { errorFields } from '../kernel/logger.ts';
import { brokenMessage } from './errors.ts';
import type { Run } from './run.ts';
import type { Happening, RunEvent, RunOutcome } from './run-event.ts';

/** A run as its readers see it, whether it is under way here, elsewhere, or over. */
export interface ReadableRun {
  readonly logId: string;
  /** Settles when the run comes to rest. Rejects when it can no longer be driven. */
  readonly outcome: Promise<RunOutcome>;
  /** The events since this call or continue, from the first on, until the run comes to rest. */
  read(signal: AbortSignal): AsyncGenerator<RunEvent, void>;
}

/**
 * A run that this process drives. It goes on whether anybody reads or not, and any number may:
 * each reader has a place of its own in the events, so a slow one holds nobody up.
 */
export class LiveRun implements ReadableRun {
  readonly logId: string;
  readonly outcome: Promise<RunOutcome>;
  readonly #events: RunEvent[] = [];
  #isOver = false;
  /** Readers that have read everything. */
  #waiting: (() => void)[] = [];

  constructor(run: Run, happenings: AsyncGenerator<Happening, RunOutcome>) {
    this.logId = run.record.id;
    this.outcome = this.#drive(run, happenings);
    // Nobody may be waiting for it; a failure is in the log of the server, and in the events.
    this.outcome.catch(() => undefined);
  }

  async *read(signal: AbortSignal): AsyncGenerator<RunEvent, void> {
    let wake = () => {};
    const leave = () => wake();
    signal.addEventListener('abort', leave, { once: true });
    try {
      for (let next = 0; !signal.aborted; ) {
        const event = this.#events[next];
        if (event) {
          next += 1;
          yield event;
        } else if (this.#isOver) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
            this.#waiting.push(resolve);
          });
        }
      }
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  async #drive(run: Run, happenings: AsyncGenerator<Happening, RunOutcome>): Promise<RunOutcome> {
    try {
      let step = await happenings.next();
      for (; !step.done; step = await happenings.next()) this.#tell(run.event(step.value));
      return step.value;
    } catch (error) {
      const expected = error instanceof PlatformError;
      if (!expected)
        run.parts.logger.error({ log_id: this.logId, ...errorFields(error) }, 'A run broke.');
      const message = expected ? error.message : brokenMessage;
      this.#tell(run.event({ type: 'error', message }));
      throw error;
    } finally {
      this.#isOver = true;
      this.#wakeReaders();
    }
  }

  #tell(event: RunEvent): void {
    this.#events.push(event);
    this.#wakeReaders();
  }

  #wakeReaders(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
