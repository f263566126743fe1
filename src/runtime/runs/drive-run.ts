import { assert } from '../../kernel/assert.ts';
import type { Happening, RunEvent, Running, Step } from '../events/run-event.ts';
import type { Run } from './run.ts';

/**
 * Executes the steps of a run: numbers the events, writes each step with the events since the last
 * one, and then yields the events (R4). Steps and events keep one order, even when the run executes
 * several calls at once.
 *
 * When a step cannot be written, the error is thrown into `steps`, at the `yield` of that step.
 */
export async function* driveRun<Result>(
  run: Run,
  steps: Running<Result>,
): AsyncGenerator<RunEvent, Result> {
  try {
    let last = run.eventCount;
    let step = await steps.next();
    while (!step.done) {
      let events: readonly RunEvent[];
      try {
        events = await takeStep(run, step.value);
        for (const { number } of events) {
          assert(number > last, `Event ${number} came after event ${last}.`);
          last = number;
        }
      } catch (error) {
        step = await steps.throw(error);
        continue;
      }
      for (const event of events) yield event;
      step = await steps.next();
    }
    return step.value;
  } finally {
    // End the steps when the reader stops early. Otherwise tool calls of the run would go on
    // although nothing drives it.
    await steps.return(undefined as never);
  }
}

/** Writes what must be written. @returns the events that may now be emitted. */
async function takeStep(
  { outbox, turns, keeper }: Run,
  taken: Happening | Step,
): Promise<readonly RunEvent[]> {
  if (taken.type !== 'step') {
    return [await outbox.emit(taken, turns.length, () => keeper.flush())];
  }
  return outbox.writeStep(taken.happenings, turns.length, (events) =>
    taken.write({ iterations: turns.length, eventCount: outbox.eventCount, events }),
  );
}
