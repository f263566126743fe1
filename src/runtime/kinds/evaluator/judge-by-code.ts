import type { EvaluatorDetails } from '../../../contract/kinds/evaluator.ts';
import { isOfReturnType, judgmentFault } from '../../../files/kinds/evaluator/check-judgment.ts';
import { timestamp } from '../../../kernel/clock.ts';
import { ExactNumber } from '../../../kernel/exact-number.ts';
import { isRecord } from '../../../kernel/json-object.ts';
import type { BatchResult } from '../../../tools/python/python-call.ts';
import type { JudgeCall, JudgeItem } from './judge-call.ts';
import { newVerdict, type Verdict } from './verdict.ts';

/** The most items, and the most bytes of their JSON, that the sandbox is given at once. */
const mostItems = 50;
const mostBytes = 4_000_000;

/** Judges by the code of the evaluator: a Python function of a log and its testcase. */
export async function judgeByCode({
  parts,
  workspace,
  version,
  items,
  lane,
  signal,
  told,
}: JudgeCall): Promise<void> {
  const { spec: details } = version.spec;
  const { clock } = parts;
  const source = details.evaluator_type === 'python' ? details.code : '';
  const owner = { organizationId: workspace.organizationId, codeId: version.versionId };
  let first = 0;
  for (const batch of batchesOf(items)) {
    const before = first;
    await parts.python.runBatch(
      owner,
      {
        source,
        timeoutMs: parts.judging.timeoutMs,
        items: batch.map(({ log, testcase }) => ({ arguments: [log, testcase] })),
      },
      {
        lane,
        signal,
        told: (index, result) => told(before + index, verdictOf(details, result, clock.now())),
      },
    );
    first += batch.length;
  }
}

/** The items in their order, in batches. An item that is too long for a batch is one alone. */
function batchesOf(items: readonly JudgeItem[]): readonly (readonly JudgeItem[])[] {
  const batches: JudgeItem[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const more = Buffer.byteLength(JSON.stringify([item.log, item.testcase]));
    const last = batches.at(-1);
    if (last && last.length < mostItems && bytes + more <= mostBytes) {
      last.push(item);
      bytes += more;
    } else {
      batches.push([item]);
      bytes = more;
    }
  }
  return batches;
}

/** @param endedAt when the result was told. */
function verdictOf(details: EvaluatorDetails, result: BatchResult, endedAt: Date): Verdict {
  const said = result.error === null ? readReturned(details, result.value) : result;
  return newVerdict({
    ...said,
    stdout: result.stdout,
    start_time: timestamp(new Date(endedAt.getTime() - result.durationMs)),
    end_time: timestamp(endedAt),
    provider_latency: result.durationMs / 1_000,
  });
}

type Said = Partial<Pick<Verdict, 'judgment' | 'error' | 'output' | 'metadata'>>;

/** What a function has returned: a judgment, or an object with the judgment and its reason. */
function readReturned(details: EvaluatorDetails, value: unknown): Said {
  const whole = isRecord(value) && Object.hasOwn(value, 'judgment') ? value : { judgment: value };
  const { judgment, reason = null, metadata = null } = whole as Record<string, unknown>;
  const fault = returnFault(details, judgment) ?? reasonFault(reason) ?? metadataFault(metadata);
  const said = {
    output: typeof reason === 'string' ? reason : null,
    metadata: isRecord(metadata) ? metadata : null,
  };
  return fault === undefined ? { judgment, ...said } : { error: fault, ...said };
}

function returnFault(details: EvaluatorDetails, judgment: unknown): string | undefined {
  if (judgment === null) return undefined;
  return isOfReturnType(details, judgment)
    ? judgmentFault(details, judgment)
    : `returned ${typeInPython(judgment)} where ${details.return_type} is declared`;
}

function reasonFault(reason: unknown): string | undefined {
  return reason === null || typeof reason === 'string'
    ? undefined
    : `returned ${typeInPython(reason)} as \`reason\`, which is a str`;
}

function metadataFault(metadata: unknown): string | undefined {
  return metadata === null || isRecord(metadata)
    ? undefined
    : `returned ${typeInPython(metadata)} as \`metadata\`, which is a dict`;
}

/** The type of a value that came from Python as JSON. */
function typeInPython(value: unknown): string {
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof ExactNumber) return value.isInteger ? 'int' : 'float';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string') return 'str';
  return Array.isArray(value) ? 'list' : 'dict';
}
