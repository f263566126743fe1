import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '../../database/workspace.ts';
import type { LogView } from '../../logs/log-record.ts';
import { getLog } from '../../logs/read-logs.ts';
import { versioned } from '../../logs/versioned-log.ts';
import { readEvents, readState } from './event-queries.ts';
import type { EventsOfKind } from './kind-events.ts';
import type { ReadableRun, ReadOptions } from './readable-run.ts';
import { EventRestorer } from './restore-events.ts';
import type { RunEvent, RunOutcome } from './run-event.ts';

/**
 * Milliseconds between two looks at a run that another process drives. Readers that look at the
 * same time share a statement. `NOTIFY` would be faster, but each commit with one takes a lock of
 * the whole database.
 */
const lookIntervalMs = 100;

/**
 * A run that this process does not drive, read from the database until it comes to rest. It stays
 * readable when other processes take the run over.
 */
export function followedRun(
  workspace: Workspace,
  logId: string,
  following: Following,
): ReadableRun {
  return {
    logId,
    before: 0,
    get outcome() {
      return awaitOutcome(workspace, logId, following.stopping);
    },
    read: (options) => follow(workspace, logId, following, options),
  };
}

/** What this process provides for following runs. */
export interface Following {
  readonly kinds: EventsOfKind;
  /** Fires when this process stops. */
  readonly stopping: AbortSignal;
}

async function awaitOutcome(
  workspace: Workspace,
  logId: string,
  stopping: AbortSignal,
): Promise<RunOutcome> {
  const log = await versioned(workspace, await awaitRest(workspace, logId, stopping));
  const { record, run } = log.view;
  // Logs of runs that ended before the column `ended_as` existed have null there.
  return { log, endedAs: run ? null : (record.ended_as ?? 'finished') };
}

/**
 * Waits until the run of a log has come to rest, and reads the log.
 *
 * @param stopping aborts the wait; its reason is thrown.
 * @throws `log_not_found` when the log does not exist, or is deleted meanwhile.
 */
export async function awaitRest(
  workspace: Workspace,
  logId: string,
  stopping: AbortSignal,
): Promise<LogView> {
  for (;;) {
    if ((await readState(workspace, logId)) !== 'running') {
      const view = await getLog(workspace, logId);
      if (view.run?.state !== 'running') return view;
    }
    await pause(stopping);
  }
}

async function* follow(
  workspace: Workspace,
  logId: string,
  { kinds, stopping }: Following,
  { signal, after = 0, toFirstRest = false }: ReadOptions,
): AsyncGenerator<RunEvent, void> {
  const restorer = new EventRestorer(workspace, logId, kinds);
  let last = after;
  let hasSeenRest = false;
  for (let hasRested = false; !signal.aborted && !hasRested; ) {
    const { state, events, isAll } = await readEvents(workspace, { logId, after: last });
    const opening =
      last === 0 && (state || events.length > 0) ? await restorer.opening() : undefined;
    if (opening) {
      last = opening.number;
      yield opening;
    }
    for await (const event of restorer.restore(events)) {
      if (signal.aborted) return;
      last = event.number;
      hasSeenRest = isRest(event);
      yield event;
      if (toFirstRest && hasSeenRest) return;
    }
    last = Math.max(last, events.at(-1)?.number ?? 0);
    if (!isAll) continue;
    hasRested = state !== 'running';
    if (!hasRested) await pause(stopping, signal);
  }
  if (signal.aborted) return;
  // Read the log again if no event of the rest was seen: the log may have been deleted, and
  // `logNow` throws `log_not_found` then.
  const log = hasSeenRest ? await restorer.log() : await restorer.logNow();
  // Summarize when the events are not stored: always with `save: false`, and for every run an hour
  // after its end.
  const isNotStored = log.view.record.save ? last <= 1 : true;
  if (isNotStored) yield* await restorer.summary(last);
}

/**
 * Events of a run that are on disk: those with numbers above `after`, up to and including `upTo`.
 */
export async function* storedEvents(
  workspace: Workspace,
  logId: string,
  kinds: EventsOfKind,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): AsyncGenerator<RunEvent, void> {
  const restorer = new EventRestorer(workspace, logId, kinds);
  const opening = after === 0 ? await restorer.opening() : undefined;
  if (opening) yield opening;
  for (let last = after, isAll = false; last < upTo && !isAll; ) {
    const read = await readEvents(workspace, { logId, after: last });
    yield* restorer.restore(read.events.filter(({ number }) => number <= upTo));
    last = read.events.at(-1)?.number ?? upTo;
    isAll = read.isAll;
  }
}

/** Whether this event is the last before the run rests. */
export function isRest({ type }: Pick<RunEvent, 'type'>): boolean {
  return [
    'agent_turn_suspend',
    'agent_turn_end',
    'agent_turn_error',
    'prompt_end',
    'tool_call_end',
    'error',
  ].includes(type);
}

/** @param left fires when the reader has disconnected; the pause then ends without an error. */
async function pause(stopping: AbortSignal, left?: AbortSignal): Promise<void> {
  const signal = left ? AbortSignal.any([stopping, left]) : stopping;
  await sleep(lookIntervalMs, undefined, { signal }).catch(() => {
    if (!left?.aborted) throw stopping.reason;
  });
}
