import { randomUUID } from 'node:crypto';
import { parseExactJson, withDoubles } from '../../kernel/exact-json.ts';
import { mapStrings, storableText } from '../../kernel/text.ts';
import { PrintedText } from './printed-text.ts';
import type { BatchResult, PythonBatch, PythonLimits } from './python-call.ts';
import type { PythonProcess, Reception, SandboxMessage } from './python-process.ts';

/**
 * Judges items of a batch in a process, in their order, and tells each result at once. When the
 * process ends because of an item, that item's result is the error.
 *
 * @param first the index of the first item to judge.
 * @param tell must not throw.
 * @param signal aborting it kills the process.
 * @returns the index of the first item that was not told. It is less than the number of items when
 *   the process ended; another process has to go on.
 * @throws the reason of the signal.
 */
export async function judgeItems(
  process: PythonProcess,
  batch: PythonBatch,
  first: number,
  limits: PythonLimits,
  {
    tell,
    signal,
  }: {
    readonly tell: (index: number, result: BatchResult) => void;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const printed = new PrintedText(process, limits);
  let next = first;
  let beganAt = performance.now();
  const tellNext = (result: Pick<BatchResult, 'value' | 'error'>, durationMs: number) => {
    const index = next;
    next += 1;
    beganAt = performance.now();
    tell(index, { ...result, stdout: printed.take(), durationMs });
  };
  const receive = (message: SandboxMessage): Reception => {
    const { index, stdout, seconds } = message;
    if (index !== next - first) return 'forged';
    if (typeof stdout === 'string') {
      printed.add(stdout);
      return 'more';
    }
    const result = readResult(process, message, limits);
    if (!result) return 'forged';
    // Measured in the sandbox: here, results that arrive together would have taken no time.
    const durationMs = typeof seconds === 'number' ? seconds * 1_000 : 0;
    tellNext(result, Math.min(Math.max(durationMs, 0), batch.timeoutMs));
    return next === batch.items.length ? 'done' : 'told';
  };
  const question = {
    shared: JSON.stringify({
      source: batch.source,
      stdout_limit: limits.stdoutCharacters,
      output_limit: limits.outputCharacters,
    }),
    // Texts, which are parsed one at a time: an item that is too deep or too large to be parsed fails
    // alone.
    items: batch.items.slice(first).map((item) => JSON.stringify(item.arguments)),
  };
  // Secret: who knows it can write the results of other items.
  const id = randomUUID();
  const exchange = { id, question, receive, timeoutMs: batch.timeoutMs };
  const failure = await process.exchange(
    { ...exchange, timeoutSetting: 'EVALUATOR_TIMEOUT_SECONDS' },
    signal,
  );
  if (failure?.isOfCode) {
    tellNext({ value: undefined, error: failure.error }, performance.now() - beganAt);
  }
  return next;
}

function readResult(
  process: PythonProcess,
  { value, error }: SandboxMessage,
  { outputCharacters }: PythonLimits,
): Pick<BatchResult, 'value' | 'error'> | undefined {
  if (typeof error === 'string') return { value: undefined, error: process.readError(error) };
  // The runner refuses a longer value, so it can only be forged.
  if (typeof value !== 'string' || value.length > 2 * outputCharacters) return undefined;
  try {
    const read = parseExactJson(value);
    // An integer of Python that no number of JSON's readers can hold.
    const number = withDoubles(read);
    if (number === Number.POSITIVE_INFINITY || number === Number.NEGATIVE_INFINITY) {
      return { value: undefined, error: 'returned int, which is too large a number' };
    }
    return { value: mapStrings(read, storableText), error: null };
  } catch {
    return undefined;
  }
}
