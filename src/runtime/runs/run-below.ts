import type { RunEvent, Running, RunOutcome } from '../events/run-event.ts';
import { createRun } from './create-run.ts';
import { driveRun } from './drive-run.ts';
import { untilRest } from './end-run.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Run, RunOptions } from './run.ts';

/** What a run below another has of its own. */
type Below<Parts extends EngineParts> = Pick<
  RunOptions<Parts>,
  'runnable' | 'version' | 'tools' | 'record' | 'turns' | 'lease' | 'eventCount' | 'origin'
>;

/**
 * Drives a run that answers a tool call of another, as a part of that one: with its keys, and until
 * it is driven no further here.
 *
 * @param begin the steps that are left of it; by default those of its kind.
 * @throws LeaseLost when somebody else drives either of them; what aborted the outer run's signal.
 */
export async function* driveBelow<Parts extends EngineParts>(
  outer: Run<Parts>,
  below: Below<Parts>,
  begin: (run: Run<Parts>) => Running<RunOutcome> = untilRest,
): AsyncGenerator<RunEvent, RunOutcome> {
  const control = new AbortController();
  const { parts, workspace, keeper, providerApiKeys, callOptions } = outer;
  const run = createRun({
    ...below,
    parts,
    workspace,
    keeper,
    providerApiKeys,
    callOptions,
    keepOpen: false,
    signal: AbortSignal.any([outer.signal, control.signal]),
    parent: { logId: outer.record.id, waits: false },
    ancestors: [...outer.ancestors, outer.version.id],
  });
  const letGo = keeper.hold(run, (error) => control.abort(error));
  try {
    return yield* driveRun(run, begin(run));
  } finally {
    letGo();
  }
}
