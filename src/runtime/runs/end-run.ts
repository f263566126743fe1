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
 * Executes the steps of a run until it comes to rest. A failed step, a cancellation, a timeout and
 * a bug in the server end the run too, and its log then has the reason.
 *
 * @throws `run_taken_over` (conflict) when another process drives the run now; the reason of the
 *   run's signal, unless it is a cancellation or a timeout.
 */
export async function* untilRest(run: Run): Running<RunOutcome> {
  try {
    return yield* run.runnable.steps(run);
  } catch (error) {
    if (error instanceof RunFailed) return yield* fail(run, error);
    if (error instanceof RunCancelled) return yield* cancel(run);
    if (error instanceof RunTimedOut) {
      // Set no `failure`: a client that gets an error repeats the request, and the new run would
      // take as long again.
      return yield* endWith(run, { as: 'timed_out', timeoutMs: error.timeoutMs });
    }
    if (error instanceof PlatformError) throw error;
    return yield* breakDown(run, error);
  }
}

/** Ends a run because a step failed. Its log has the reason. */
async function* fail(run: Run, { message, shown, answer }: RunFailed): Running<RunOutcome> {
  const failure = firstFailure(run, answer);
  const outcome = yield* comeToRest(run, {
    as: 'failed',
    shows: { output: null, output_message: null, error: message, finish_reason: null, ...shown },
    emits: (log) => [{ type: 'agent_turn_error', log }],
  });
  return { ...outcome, failure };
}

/** Ends a run because it was cancelled. */
export function cancel(run: Run): Running<RunOutcome> {
  return endWith(run, { as: 'cancelled' });
}

/** Ends a run with a text of the server as the error of its log. */
export function endWith(run: Run, ending: Ending): Running<RunOutcome> {
  return comeToRest(run, {
    as: ending.as,
    shows: { output: null, output_message: null, error: endingText(ending) },
    emits: (log) => [{ type: 'agent_turn_error', log }],
  });
}

/** Ends a run because of a bug in the server. */
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
    emits: () => [{ type: 'error', message }],
  });
  return { ...outcome, failure };
}

/**
 * The failure with which the call is answered. Undefined when a model call had succeeded: the call
 * is then answered with the log.
 */
function firstFailure(run: Run, failure: Error): Error | undefined {
  return run.turns.length === 0 ? failure : undefined;
}

/** How a run ends. */
interface End {
  readonly as: EndedAs;
  /** Its last turn; null when that is on disk, or broke off. */
  readonly turn?: TurnRecord | null;
  /** Fields of its log that are set. */
  readonly shows: Partial<LogRecord>;
  /** The last events of the run. */
  readonly emits: (log: VersionedLog) => readonly Happening[];
}

/** Ends a run: writes its end, wakes its parent if that waits, and emits the last events. */
export async function* comeToRest(
  run: Run,
  { as, turn = null, shows, emits }: End,
): Running<RunOutcome> {
  const last = turn ?? addBroken(run, shows.error);
  const record = closeLog(run, { ended_as: as, ...shows });
  const log = loggedRun(run, null);
  yield {
    type: 'step',
    happenings: emits(log),
    write: (progress) =>
      commitEnd(run, (workspace) =>
        commitRest(workspace, run.lease, {
          state: 'ended',
          turn: last,
          record,
          sealed: null,
          ...progress,
        }),
      ),
  };
  return { log, endedAs: as };
}

/** Adds the answer that broke off, if there is one, as the last turn. */
function addBroken({ transcript }: Run, error: string | null = null): TurnRecord | null {
  if (transcript.broken === null) return null;
  const turn = { ...transcript.broken, error };
  transcript.addTurn(turn);
  return turn;
}

/**
 * Closes the log of a run that comes to rest: sets the sums of its turns, its times, and the fields
 * in `shows`.
 */
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

/** The log of a run with its version. @param state null: the run has ended. */
export function loggedRun({ record, turns, version }: Run, state: RunRecord | null): VersionedLog {
  return { view: { record, turns, run: state }, version };
}
