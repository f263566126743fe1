import { PlatformError } from '../../kernel/errors.ts';
import { errorFields } from '../../kernel/logger.ts';
import type { LogRecord, TurnRecord } from '../../logs/log-record.ts';
import { brokenMessage, cancelled } from '../../logs/own-errors.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { ProviderFailure } from '../../providers/provider.ts';
import type { Happening, Running, RunOutcome } from '../events/run-event.ts';
import { providerFailed } from './errors.ts';
import type { Run } from './run.ts';
import { RunCancelled } from './run-cancelled.ts';
import { RunTimedOut } from './run-timeout.ts';
import { commitRest } from './step-queries.ts';
import { commitEnd } from './wake-parent.ts';

/**
 * Lets a run go on until it rests, whatever comes in its way: a provider's failure, a
 * cancellation, the end of its time and a fault of ours end it too, and its log says so.
 *
 * @throws `run_taken_over` (conflict) when another process drives the run now, and whatever
 *   aborted the run's signal, unless that was a cancellation or the end of its time.
 */
export async function* untilRest(run: Run, steps: Running<RunOutcome>): Running<RunOutcome> {
  try {
    return yield* steps;
  } catch (error) {
    if (error instanceof ProviderFailure) return yield* fail(run, error);
    if (error instanceof RunCancelled) return yield* cancel(run);
    if (error instanceof RunTimedOut) {
      // No failure of the request: who repeated it would have the run take as long again.
      return { type: 'finished', log: yield* endWith(run, error.message) };
    }
    if (error instanceof PlatformError) throw error;
    return yield* breakDown(run, error);
  }
}

/** Ends a run whose model call failed: its log says why. */
async function* fail(run: Run, failure: ProviderFailure): Running<RunOutcome> {
  const isFirstCall = run.turns.length === 0;
  const log = yield* comeToRest(run, {
    outcome: {
      output: null,
      output_message: null,
      error: failure.message,
      finish_reason: null,
      provider_request: failure.providerRequest ?? null,
      provider_response: failure.providerResponse ?? null,
    },
    tell: (log) => [{ type: 'agent_turn_error', log }],
  });
  return { type: 'failed', log, failure: providerFailed(failure), isFirstCall };
}

/** Ends a run that is wanted no more. */
export async function* cancel(run: Run): Running<RunOutcome> {
  const log = yield* endWith(run, cancelled);
  return { type: 'cancelled', log };
}

/** Ends a run that cannot go on, for a reason that its log tells. */
export function endWith(run: Run, error: string): Running<VersionedLog> {
  return comeToRest(run, {
    outcome: { output: null, output_message: null, error },
    tell: (log) => [{ type: 'agent_turn_error', log }],
  });
}

async function* breakDown(run: Run, error: unknown): Running<RunOutcome> {
  const { logger } = run.parts;
  logger.error({ log_id: run.record.id, ...errorFields(error) }, 'A run broke.');
  const isFirstCall = run.turns.length === 0;
  const log = yield* comeToRest(run, {
    outcome: { output: null, output_message: null, error: brokenMessage },
    tell: () => [{ type: 'error', message: brokenMessage }],
  });
  return { type: 'failed', log, failure: new Error(brokenMessage, { cause: error }), isFirstCall };
}

/** How a run ends. */
interface End {
  /** Its last turn, if that is not on disk yet. */
  readonly turn?: TurnRecord | null;
  /** What its log says of it. */
  readonly outcome: Partial<LogRecord>;
  /** What is told of it. */
  readonly tell: (log: VersionedLog) => readonly Happening[];
}

/** Ends a run: writes its outcome, wakes the run whose call it answered, and tells. */
export async function* comeToRest(
  run: Run,
  { turn = null, outcome, tell }: End,
): Running<VersionedLog> {
  const record = run.closing(outcome);
  const log = run.log(null);
  yield {
    type: 'step',
    happenings: tell(log),
    write: (progress) =>
      commitEnd(run, (workspace) =>
        commitRest(workspace, run.lease, {
          state: 'ended',
          turn,
          record,
          sealed: null,
          ...progress,
        }),
      ),
  };
  return log;
}
