import { each } from '../../kernel/each.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { errorFields } from '../../kernel/logger.ts';
import { type Following, followedRun, isRest, storedEvents } from '../events/followed-run.ts';
import type { ReadableRun, ReadOptions } from '../events/readable-run.ts';
import type { RunEvent, Running, RunOutcome } from '../events/run-event.ts';
import { isLost } from '../leases/lease.ts';
import { driveRun } from './drive-run.ts';
import type { Run } from './run.ts';

/**
 * A run that this process drives. It goes on with or without readers. Each reader has its own
 * position in the events, so a slow reader delays neither the run nor other readers.
 *
 * When another process takes the run over, the readers here follow it.
 */
export class LiveRun implements ReadableRun {
  readonly logId: string;
  /** The number of the last event before this call, continue or takeover. */
  readonly before: number;
  readonly outcome: Promise<RunOutcome>;
  readonly #run: Run;
  readonly #following: Following;
  readonly #elsewhere: ReadableRun;
  readonly #driven: Promise<RunOutcome>;
  readonly #events: RunEvent[] = [];
  #isOver = false;
  /** Wakes the readers that have read every event so far. */
  #waiting: (() => void)[] = [];

  constructor(run: Run, steps: Running<RunOutcome>, following: Following) {
    this.logId = run.record.id;
    this.#run = run;
    this.before = run.eventCount;
    this.#following = following;
    this.#elsewhere = followedRun(run.workspace, this.logId, following);
    this.#driven = this.#drive(steps);
    this.outcome = this.#driven.catch((error) => {
      if (isLost(error, this.logId)) return this.#elsewhere.outcome;
      throw error;
    });
    // Handle the rejection here: without a handler, a failed run that nothing awaits would end the
    // process. The failure is logged, and readers of the events receive it.
    this.outcome.catch(() => undefined);
  }

  /** Whether the events here start at a call or continue, and not at a takeover. */
  get isWhole(): boolean {
    return this.#run.origin.type !== 'taken_over';
  }

  /** Resolves when this process has stopped driving the run. */
  get driven(): Promise<unknown> {
    return this.#driven.catch(() => undefined);
  }

  async *read({ signal, after, toFirstRest }: ReadOptions): AsyncGenerator<RunEvent, void> {
    let last = after ?? this.before;
    if (last < this.before) {
      const { workspace } = this.#run;
      const missed = { after: last, upTo: this.before };
      const { kinds } = this.#following;
      for await (const event of storedEvents(workspace, this.logId, kinds, missed)) {
        if (signal.aborted) return;
        yield event;
        last = event.number;
        if (toFirstRest && isRest(event)) return;
      }
    }
    for await (const event of this.#readOwn(signal)) {
      if (event.number <= last) continue;
      yield event;
      last = event.number;
    }
    if (signal.aborted) return;
    const reason = await this.#driven.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (reason === undefined) return;
    if (!isLost(reason, this.logId)) throw reason;
    yield* this.#elsewhere.read({ signal, after: last, toFirstRest });
  }

  async *#readOwn(signal: AbortSignal): AsyncGenerator<RunEvent, void> {
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

  async #drive(steps: Running<RunOutcome>): Promise<RunOutcome> {
    try {
      return await each(driveRun(this.#run, steps), (event) => this.#emit(event));
    } catch (error) {
      if (!(error instanceof PlatformError)) {
        const { logger } = this.#run.parts;
        logger.error(
          { log_id: this.logId, ...errorFields(error) },
          'A run failed because of an error in the server.',
        );
      }
      throw error;
    } finally {
      this.#isOver = true;
      this.#wakeReaders();
    }
  }

  #emit(event: RunEvent): void {
    this.#events.push(event);
    this.#wakeReaders();
  }

  #wakeReaders(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
