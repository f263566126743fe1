import type { ToolCall, ToolFunction } from '../../../contract/chat.ts';
import type { FileVersion } from '../../../files/file-version.ts';
import type { PythonResult } from '../../../tools/python/python-call.ts';
import type { Running } from '../../events/run-event.ts';
import type { ToolOutcome } from '../../runs/run.ts';
import type { KindRun } from '../runtime-parts.ts';
import { callPythonTool, wasNotRun } from '../tool/python-tool.ts';
import { argumentsFault, uncheckedWords } from './arguments-fault.ts';
import { argumentsOf, badArguments } from './call-arguments.ts';
import { childRecord, closeCall } from './linked-call.ts';

/**
 * Answers a tool call by running a Python tool, with a child log. Every failure of the tool is its
 * result, for the model. Arguments that do not fit the tool's schema are a failure too, and the
 * tool is not run.
 */
export async function* runLinkedTool(
  run: KindRun,
  call: ToolCall,
  file: FileVersion<'tool'>,
  described: ToolFunction,
): Running<ToolOutcome> {
  const given = argumentsOf(call);
  const record = childRecord(run, call, file, { inputs: given ?? {}, messages: [] });
  yield { type: 'tool_start', child: { id: record.id, version: file }, call };
  const fault = given ? await argumentsFault(run, described.parameters, given) : badArguments;
  run.notes.add(uncheckedWords(described));
  const result =
    fault === undefined ? await pythonResult(run, file, record.inputs ?? {}) : failed(fault);
  return yield* closeCall(run, call, file, { ...record, ...result });
}

async function pythonResult(
  run: KindRun,
  file: FileVersion<'tool'>,
  inputs: Readonly<Record<string, unknown>>,
): Promise<PythonResult> {
  try {
    return await callPythonTool(run, file, inputs);
  } catch (error) {
    if (wasNotRun(error)) return failed(error.message);
    throw error;
  }
}

function failed(error: string): PythonResult {
  return { output: null, error, stdout: null };
}
