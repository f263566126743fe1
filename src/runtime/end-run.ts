import { PlatformError } from '../kernel/errors.ts';
import { errorFields } from '../kernel/logger.ts';
import type { LogRecord, TurnRecord } from '../logs/log-record.ts';
import { ProviderFailure } from '../providers/provider.ts';
import { brokenMessage, providerFailed } from './errors.ts';
import type { Run } from './run.ts';
import { RunCancelled } from './run-cancelled.ts';
import type { Happening, RunOutcome } from './run-event.ts';
import { commitRest } from './run-queries.ts';

type Running<Result> = AsyncGenerator<Happening, Result>;

/**
 * Lets a run go on until it rests, whatever comes in its way: a provider's failure, a cancellation
 * and a fault of ours end it too, and its log says so.
 *
 * @throws `run_taken_over` (conflict) when another process drives the run now, and whatever
 *   aborted the run's signal, unless that was a cancellation.
 */
export async function* untilRest(run: Run, steps: Running<RunOutcome>): Running<RunOutcome> {
  try {
    return yield* steps;
  } catch (error) {
    if (error instanceof ProviderFailure) return yield* fail(run, error);
    if (error instanceof RunCancelled) return yield* cancel(run);
    if (error instanceof PlatformError) throw error;
    return yield* breakDown(run, error);
  }
}

/** Ends a run whose model call failed: its log says why. */
async function* fail(run: Run, failure: ProviderFailure): Running<RunOutcome> {
  const isFirstCall = run.turns.length === 0;
  await comeToRest(run, null, {
    output: null,
    output_message: null,
    error: failure.message,
    finish_reason: null,
    provider_request: failure.providerRequest ?? null,
    provider_response: failure.providerResponse ?? null,
  });
  const log = run.log(null);
  yield { type: 'agent_turn_error', log };
  return { type: 'failed', log, failure: providerFailed(failure), isFirstCall };
}

async function* cancel(run: Run): Running<RunOutcome> {
  await comeToRest(run, null, { output: null, output_message: null, error: 'cancelled' });
  const log = run.log(null);
  yield { type: 'agent_turn_error', log };
  return { type: 'cancelled', log };
}

async function* breakDown(run: Run, error: unknown): Running<RunOutcome> {
  const { logger } = run.parts;
  logger.error({ log_id: run.record.id, ...errorFields(error) }, 'A run broke.');
  const isFirstCall = run.turns.length === 0;
  await comeToRest(run, null, { output: null, output_message: null, error: brokenMessage });
  const log = run.log(null);
  yield { type: 'error', message: brokenMessage };
  return { type: 'failed', log, failure: new Error(brokenMessage, { cause: error }), isFirstCall };
}

/** Commits the end of a run. @param turn the last one, if it is not on disk yet. */
export async function comeToRest(
  run: Run,
  turn: TurnRecord | null,
  outcome: Partial<LogRecord>,
): Promise<void> {
  await commitRest(run.workspace, run.lease, {
    state: 'ended',
    turn,
    record: run.closing(outcome),
    sealed: null,
    iterations: run.turns.length,
    eventCount: run.eventCount,
  });
}
