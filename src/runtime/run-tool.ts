import { comeToRest, untilRest } from './end-run.ts';
import { callPythonTool, isSandboxFailure } from './python-tool.ts';
import type { Run } from './run.ts';
import type { Happening, RunOutcome } from './run-event.ts';

type Running<Result> = AsyncGenerator<Happening, Result>;

/**
 * Runs a Python tool. An exception of its code is no failure: it is the log's `error`.
 *
 * The call fails when the sandbox cannot take it, and then its log says so too.
 */
export function runTool(run: Run): Running<RunOutcome> {
  return untilRest(run, call(run));
}

async function* call(run: Run): Running<RunOutcome> {
  let failure: Error | undefined;
  try {
    const result = await callPythonTool(run, run.version, run.record.inputs ?? {});
    await comeToRest(run, null, { log_status: null, ...result });
  } catch (error) {
    if (!isSandboxFailure(error)) throw error;
    failure = error;
    await comeToRest(run, null, { log_status: null, output: null, error: error.message });
  }
  const log = run.log(null);
  yield { type: 'tool_call_end', log };
  return failure ? { type: 'failed', log, failure, isFirstCall: true } : { type: 'finished', log };
}
