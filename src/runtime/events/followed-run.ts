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
 * Milliseconds between two looks at a run that another process drives. Readers that look at the same
 * time share a statement. `NOTIFY` is not used: it takes a lock of the whole database in each commit.
 */
const lookIntervalMs = 100;

/**
 * A run that this process does not drive, read from what is stored: waits until it has come to
 * rest, whichever processes drive it until then.
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

/** What following runs needs of this process. */
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
  const log = await versioned(workspace, await restOfLog(workspace, logId, stopping));
  const { record, run } = log.view;
  // Logs of runs that ended before there was `ended_as` have none.
  return { log, endedAs: run ? null : (record.ended_as ?? 'finished') };
}

/**
 * A log when its run has come to rest.
 *
 * @param stopping ends the waiting: its reason is thrown.
 * @throws `log_not_found` when it is not there any more.
 */
export async function restOfLog(
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
  let toldOfRest = false;
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
      toldOfRest = isRest(event);
      yield event;
      if (toFirstRest && toldOfRest) return;
    }
    last = Math.max(last, events.at(-1)?.number ?? 0);
    if (!isAll) continue;
    hasRested = state !== 'running';
    if (!hasRested) await pause(stopping, signal);
  }
  if (signal.aborted) return;
  // Read the log anew if the run has told of no rest: it may have been deleted, and `log_not_found`
  // is to be thrown then.
  const log = toldOfRest ? await restorer.log() : await restorer.logNow();
  // With `save: false` no event is stored, and after an hour none is any more: sum up what is known.
  const isUntold = log.view.record.save ? last <= 1 : true;
  if (isUntold) yield* await restorer.summary(last);
}

/** Events of a run that are on disk: those after a number, up to another. */
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

/** Whether a run has come to rest with an event. */
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

/** @param left fires when the reader has gone, which is no failure. */
async function pause(stopping: AbortSignal, left?: AbortSignal): Promise<void> {
  const signal = left ? AbortSignal.any([stopping, left]) : stopping;
  await sleep(lookIntervalMs, undefined, { signal }).catch(() => {
    if (!left?.aborted) throw stopping.reason;
  });
}
