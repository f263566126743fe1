import type { VersionedLog } from '../../../logs/versioned-log.ts';
import type { Happening, Running, RunOutcome } from '../../events/run-event.ts';
import { comeToRest } from '../../runs/end-run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { callPythonTool, wasNotRun } from './python-tool.ts';

/**
 * Runs a Python tool. An exception of its code is no failure: it is the log's `error`.
 *
 * The call fails when the sandbox cannot take it, and then its log says so too.
 */
export async function* runTool(run: KindRun<'tool'>): Running<RunOutcome> {
  const tell = (log: VersionedLog): readonly Happening[] => [{ type: 'tool_call_end', log }];
  try {
    const result = await callPythonTool(run, run.version, run.record.inputs ?? {});
    const shows = { log_status: null, ...result };
    return yield* comeToRest(run, { as: 'finished', shows, tell });
  } catch (failure) {
    if (!wasNotRun(failure)) throw failure;
    const shows = { log_status: null, output: null, error: failure.message };
    return { ...(yield* comeToRest(run, { as: 'failed', shows, tell })), failure };
  }
}
