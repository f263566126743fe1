import { assert } from '../../kernel/assert.ts';
import type { Happening, RunEvent, Running, Step } from '../events/run-event.ts';
import type { Run } from './run.ts';

/**
 * Lets a run take its steps: numbers what happens, writes each step with what has been told since
 * the one before, and tells it when it is on disk (R4). Both are done in one order, whatever the run
 * does side by side.
 *
 * A step that cannot be written is the run's to deal with: it is thrown where the step was taken.
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
    // Whoever reads the events may have stopped early: end the run's steps too, or its tool calls
    // would go on without a driver.
    await steps.return(undefined as never);
  }
}

/** What a run did, as events that may be told. */
async function takeStep(
  { outbox, turns, keeper }: Run,
  taken: Happening | Step,
): Promise<readonly RunEvent[]> {
  if (taken.type !== 'step') {
    return [await outbox.tell(taken, turns.length, () => keeper.flush())];
  }
  return outbox.writeStep(taken.happenings, turns.length, (events) =>
    taken.write({ iterations: turns.length, eventCount: outbox.eventCount, events }),
  );
}
