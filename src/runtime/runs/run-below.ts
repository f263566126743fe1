import type { StoredCallOptions } from '../../logs/log-record.ts';
import type { RunEvent, Running, RunOutcome } from '../events/run-event.ts';
import { createRun } from './create-run.ts';
import { driveRun } from './drive-run.ts';
import { untilRest } from './end-run.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Run, RunOptions } from './run.ts';

/** The options of a child run that it does not share with its parent. */
type Below<Parts extends EngineParts> = Pick<
  RunOptions<Parts>,
  'runnable' | 'version' | 'tools' | 'record' | 'turns' | 'lease' | 'eventCount' | 'origin'
>;

/**
 * Drives a child run as a part of its parent, with the parent's keys, until the child comes to
 * rest.
 *
 * @param begin the steps to execute; by default those of the run's kind.
 * @throws LeaseLost when another process has taken either run; the reason of the parent's signal.
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
    callOptions: optionsBelow(callOptions),
    keepOpen: false,
    signal: AbortSignal.any([outer.signal, control.signal]),
    parent: { logId: outer.record.id, waits: false },
    ancestors: [...outer.ancestors, outer.version.id],
    below: outer.below,
  });
  const release = keeper.hold(run, (error) => control.abort(error));
  try {
    return yield* driveRun(run, begin(run));
  } finally {
    release();
  }
}

/**
 * The options of a child run. Its tools are run: a child run of a run with recorded tools exists only
 * where the record has no result.
 */
export function optionsBelow({ recorded, ...shared }: StoredCallOptions): StoredCallOptions {
  return shared;
}
