import { clipText, storableText } from '../../kernel/text.ts';
import { PrintedText } from './printed-text.ts';
import type { PythonCall, PythonLimits, PythonResult } from './python-call.ts';
import type { PythonProcess, Reception, SandboxMessage } from './python-process.ts';

/**
 * Calls a tool in a process. Errors of the code are part of the result.
 *
 * @param signal aborting it kills the process.
 * @throws the reason of the signal.
 */
export async function callTool(
  process: PythonProcess,
  call: PythonCall,
  limits: PythonLimits,
  signal: AbortSignal,
): Promise<PythonResult> {
  const printed = new PrintedText(process, limits);
  let result: Pick<PythonResult, 'output' | 'error'> = { output: null, error: null };
  const receive = ({ stdout, output, error }: SandboxMessage): Reception => {
    if (typeof stdout === 'string') {
      printed.add(stdout);
      return 'more';
    }
    if (typeof error === 'string') result = { output: null, error: process.readError(error) };
    else if (typeof output === 'string') {
      result = { output: storableText(clipText(output, limits.outputCharacters)), error: null };
    } else return 'forged';
    return 'done';
  };
  const question = {
    ...call,
    // A text, which is parsed on its own: inputs that Python refuses must not end the process.
    inputs: JSON.stringify(call.inputs),
    stdout_limit: limits.stdoutCharacters,
    output_limit: limits.outputCharacters,
  };
  // Not secret: code may answer its own call as it likes.
  const id = process.exchanges + 1;
  const exchange = { id, question, receive, timeoutMs: limits.timeoutMs };
  const failure = await process.exchange(
    { ...exchange, timeoutSetting: 'PYTHON_TIMEOUT_SECONDS' },
    signal,
  );
  if (failure) result = { output: null, error: failure.error };
  return { ...result, stdout: printed.take() };
}
