import { secondsBetween, timestamp } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { errorFields } from '../../kernel/logger.ts';
import type { LogRecord, RunRecord, TurnRecord } from '../../logs/log-record.ts';
import { brokenMessage, cancelled } from '../../logs/own-errors.ts';
import { totalCost, totalUsage } from '../../logs/totals.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import type { Happening, Running, RunOutcome } from '../events/run-event.ts';
import type { Run } from './run.ts';
import { RunCancelled } from './run-cancelled.ts';
import { RunFailed } from './run-failed.ts';
import { RunTimedOut } from './run-timeout.ts';
import { commitRest } from './step-queries.ts';
import { commitEnd } from './wake-parent.ts';

/**
 * Lets a run take the steps of its kind until it rests, whatever comes in its way: a step that
 * fails, a cancellation, the end of its time and a fault of ours end it too, and its log says so.
 *
 * @throws `run_taken_over` (conflict) when another process drives the run now, and whatever
 *   aborted the run's signal, unless that was a cancellation or the end of its time.
 */
export async function* untilRest(run: Run): Running<RunOutcome> {
  try {
    return yield* run.runnable.steps(run);
  } catch (error) {
    if (error instanceof RunFailed) return yield* fail(run, error);
    if (error instanceof RunCancelled) return yield* cancel(run);
    if (error instanceof RunTimedOut) {
      // No failure of the request: who repeated it would have the run take as long again.
      return { type: 'finished', log: yield* endWith(run, error.message) };
    }
    if (error instanceof PlatformError) throw error;
    return yield* breakDown(run, error);
  }
}

/** Ends a run that a step failed: its log says why. */
async function* fail(run: Run, failed: RunFailed): Running<RunOutcome> {
  const isFirstCall = run.turns.length === 0;
  const log = yield* comeToRest(run, {
    outcome: {
      output: null,
      output_message: null,
      error: failed.message,
      finish_reason: null,
      ...failed.shown,
    },
    tell: (log) => [{ type: 'agent_turn_error', log }],
  });
  return { type: 'failed', log, failure: failed.answer, isFirstCall };
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
  const record = closeLog(run, outcome);
  const log = loggedRun(run, null);
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

/** The log of a run as it comes to rest: with the sums of its turns, its times, and what came of it. */
export function closeLog(run: Run, outcome: Partial<LogRecord>): LogRecord {
  const { transcript, record, turns, notes, keepOpen, parts } = run;
  const end = timestamp(parts.clock.now());
  const { start_time: start, end_time: given, created_at: created } = record;
  transcript.close({
    ...record,
    ...totalUsage(turns),
    ...totalCost(turns),
    log_status: keepOpen ? 'incomplete' : 'complete',
    end_time: given ?? end,
    provider_latency: secondsBetween(start ?? created, given ?? end),
    finish_reason: transcript.lastTurn?.finish_reason ?? null,
    stdout: notes.text,
    ...outcome,
  });
  return run.record;
}

/** What an answer about a run is written from. @param state null: the run has ended. */
export function loggedRun({ record, turns, version }: Run, state: RunRecord | null): VersionedLog {
  return { view: { record, turns, run: state }, version };
}
