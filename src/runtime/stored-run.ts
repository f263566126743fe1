import { setTimeout as sleep } from 'node:timers/promises';
import type { Workspace } from '../database/workspace.ts';
import { findVersionsById } from '../files/file-queries.ts';
import { timestamp } from '../kernel/clock.ts';
import { logNotFound } from '../logs/errors.ts';
import { findLog } from '../logs/log-queries.ts';
import type { LogView, RunRecord } from '../logs/log-record.ts';
import { runForsaken, serverStopping } from './errors.ts';
import { leaseSeconds } from './lease-queries.ts';
import type { ReadableRun } from './live-run.ts';
import type { Happening, RunEvent, RunOutcome, VersionedLog } from './run-event.ts';

/** Milliseconds between two looks at a run that another process drives. */
const lookIntervalMs = 200;

/**
 * A run that this process does not drive, read from what is stored: waits until it has come to
 * rest, and tells its beginning and its end.
 */
export function storedRun(workspace: Workspace, logId: string, stopping: AbortSignal): ReadableRun {
  const outcome = restOf(workspace, logId, stopping);
  outcome.catch(() => undefined);
  return {
    logId,
    outcome,
    async *read(signal) {
      const rest = await outcome;
      let number = 0;
      const event = (happening: Happening): RunEvent => {
        const at = timestamp(new Date());
        const { version } = rest.log;
        number += 1;
        return Object.assign({ number, at, logId, version }, happening);
      };
      for (const happening of happeningsOf(rest)) {
        if (signal.aborted) return;
        yield event(happening);
      }
    },
  };
}

async function restOf(
  workspace: Workspace,
  logId: string,
  stopping: AbortSignal,
): Promise<RunOutcome> {
  for (;;) {
    const view = await findLog(workspace, logId);
    if (!view) throw logNotFound(logId);
    if (view.run?.state !== 'running') return outcomeOf(await versioned(workspace, view));
    if (isForsaken(view.run)) throw runForsaken(logId);
    await sleep(lookIntervalMs, undefined, { signal: stopping }).catch(() => {
      throw serverStopping();
    });
  }
}

/** Whether a lease ran out so long ago that no clock's error explains it: its process is gone. */
function isForsaken({ lease_expires_at: expires }: RunRecord): boolean {
  return expires !== null && Date.parse(expires) + leaseSeconds * 1_000 < Date.now();
}

/**
 * A log with the version that made it.
 *
 * @throws `log_not_found` (not_found) when its file was deleted, and its logs with it.
 */
export async function versioned(workspace: Workspace, view: LogView): Promise<VersionedLog> {
  const id = view.record.version_id;
  const version = (await findVersionsById(workspace, [id])).get(id);
  if (version?.isFileDeleted) throw logNotFound(view.record.id);
  if (!version) throw new Error(`Log ${view.record.id} is of a version that does not exist.`);
  return { view, version };
}

function outcomeOf(log: VersionedLog): RunOutcome {
  const { record, run } = log.view;
  if (run) return { type: 'suspended', log };
  return { type: record.error === 'cancelled' ? 'cancelled' : 'finished', log };
}

/** What can be told of a run that is over: how it began and how it ended. */
function happeningsOf({ type, log }: RunOutcome): readonly Happening[] {
  const { record, turns } = log.view;
  if (record.type === 'prompt') {
    const samples = turns.map((turn): Happening => ({ type: 'sample_end', turn }));
    return [...samples, { type: record.error === null ? 'prompt_end' : 'agent_turn_error', log }];
  }
  if (record.type === 'tool') return [{ type: 'tool_call_end', log }];
  if (type === 'suspended')
    return [{ type: 'agent_turn_start' }, { type: 'agent_turn_suspend', log }];
  const end = record.error === null ? 'agent_turn_end' : 'agent_turn_error';
  return [{ type: 'agent_turn_start' }, { type: end, log }];
}
