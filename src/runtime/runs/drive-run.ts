import type { Happening, RunEvent, Running, Step } from '../events/run-event.ts';
import { eventLeap } from '../leases/takeover-queries.ts';
import type { Run } from './run.ts';

/**
 * Lets a run take its steps: numbers what happens, writes each step with what has been told since
 * the one before, and tells it when it is on disk. Both are done in one order, whatever the run does
 * side by side.
 *
 * A step that cannot be written is the run's to deal with: it is thrown where the step was taken.
 */
export async function* driveRun<Result>(
  run: Run,
  steps: Running<Result>,
): AsyncGenerator<RunEvent, Result> {
  try {
    let step = await steps.next();
    while (!step.done) {
      const taken = step.value;
      const events = happeningsOf(taken).map((happening) => run.event(happening));
      try {
        if (taken.type === 'step') await writeStep(run, taken);
        // Who takes the run over leaps over what may have been told, and was not written.
        else if (run.unwritten.length > eventLeap / 2) await run.leases.flush();
      } catch (error) {
        run.forget(events);
        step = await steps.throw(error);
        continue;
      }
      for (const event of events) yield event;
      step = await steps.next();
    }
    return step.value;
  } finally {
    // Whoever drives it may want no more; what it does side by side ends, too.
    await steps.return(undefined as never);
  }
}

function happeningsOf(taken: Happening | Step): readonly Happening[] {
  return taken.type === 'step' ? taken.happenings : [taken];
}

async function writeStep(run: Run, { write }: Step): Promise<void> {
  await run.flushing;
  const events = run.takeUnwritten();
  const { eventCount } = run;
  try {
    await write({ iterations: run.turns.length, eventCount, events });
  } catch (error) {
    run.putBack(events);
    throw error;
  }
}
