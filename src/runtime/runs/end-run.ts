import { secondsBetween, timestamp } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { errorFields } from '../../kernel/logger.ts';
import { type EndedAs, type Ending, endingText } from '../../logs/ended-as.ts';
import type { LogRecord, RunRecord, TurnRecord } from '../../logs/log-record.ts';
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
      // No failure: a client that repeats the request would have the run take as long again.
      return yield* endWith(run, { as: 'timed_out', timeoutMs: error.timeoutMs });
    }
    if (error instanceof PlatformError) throw error;
    return yield* breakDown(run, error);
  }
}

/** Ends a run that a step failed: its log says why. */
async function* fail(run: Run, { message, shown, answer }: RunFailed): Running<RunOutcome> {
  const failure = firstFailure(run, answer);
  const outcome = yield* comeToRest(run, {
    as: 'failed',
    shows: { output: null, output_message: null, error: message, finish_reason: null, ...shown },
    tell: (log) => [{ type: 'agent_turn_error', log }],
  });
  return { ...outcome, failure };
}

/** Ends a run that is wanted no more. */
export function cancel(run: Run): Running<RunOutcome> {
  return endWith(run, { as: 'cancelled' });
}

/** Ends a run that is not to go on: its log says why. */
export function endWith(run: Run, ending: Ending): Running<RunOutcome> {
  return comeToRest(run, {
    as: ending.as,
    shows: { output: null, output_message: null, error: endingText(ending) },
    tell: (log) => [{ type: 'agent_turn_error', log }],
  });
}

/** Ends a run that met a fault of ours. */
async function* breakDown(run: Run, error: unknown): Running<RunOutcome> {
  const { logger } = run.parts;
  logger.error(
    { log_id: run.record.id, ...errorFields(error) },
    'A run failed because of an error in the server.',
  );
  const message = endingText({ as: 'broken' });
  const failure = firstFailure(run, new Error(message, { cause: error }));
  const outcome = yield* comeToRest(run, {
    as: 'broken',
    shows: { output: null, output_message: null, error: message },
    tell: () => [{ type: 'error', message }],
  });
  return { ...outcome, failure };
}

/** Undefined: a model call of the run had succeeded, so its request is answered with the log. */
function firstFailure(run: Run, failure: Error): Error | undefined {
  return run.turns.length === 0 ? failure : undefined;
}

/** How a run ends. */
interface End {
  readonly as: EndedAs;
  /** Its last turn, if that is not on disk yet. */
  readonly turn?: TurnRecord | null;
  /** What its log shows of it. */
  readonly shows: Partial<LogRecord>;
  /** What its streams tell of it. */
  readonly tell: (log: VersionedLog) => readonly Happening[];
}

/** Ends a run: writes how, wakes the run whose call it answered, and tells. */
export async function* comeToRest(
  run: Run,
  { as, turn = null, shows, tell }: End,
): Running<RunOutcome> {
  const record = closeLog(run, { ended_as: as, ...shows });
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
  return { log, endedAs: as };
}

/** The log of a run as it comes to rest: with the sums of its turns, its times, and what came of it. */
export function closeLog(run: Run, shows: Partial<LogRecord>): LogRecord {
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
    ...shows,
  });
  return run.record;
}

/** What an answer about a run is written from. @param state null: the run has ended. */
export function loggedRun({ record, turns, version }: Run, state: RunRecord | null): VersionedLog {
  return { view: { record, turns, run: state }, version };
}
