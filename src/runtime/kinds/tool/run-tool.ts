import type { VersionedLog } from '../../../logs/versioned-log.ts';
import type { Happening, Running, RunOutcome } from '../../events/run-event.ts';
import { comeToRest } from '../../runs/end-run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { callPythonTool, wasNotRun } from './python-tool.ts';

/**
 * The steps of a tool's run: one call of the Python tool. An exception in its code is no failure: it
 * becomes the log's `error`. When the sandbox cannot run the tool, the run fails, and its log has the
 * reason.
 */
export async function* runTool(run: KindRun<'tool'>): Running<RunOutcome> {
  const emits = (log: VersionedLog): readonly Happening[] => [{ type: 'tool_call_end', log }];
  try {
    const result = await callPythonTool(run, run.version, run.record.inputs ?? {});
    const shows = { log_status: null, ...result };
    return yield* comeToRest(run, { as: 'finished', shows, emits });
  } catch (failure) {
    if (!wasNotRun(failure)) throw failure;
    const shows = { log_status: null, output: null, error: failure.message };
    return { ...(yield* comeToRest(run, { as: 'failed', shows, emits })), failure };
  }
}
