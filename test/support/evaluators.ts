import { readFile } from 'node:fs/promises';
import { testPython } from './python.ts';
import { whenDone } from './when-done.ts';

/** A Log as evaluators see it: what is not given is as in a Log that has nothing. */
export type JudgedLog = Readonly<Record<string, unknown>>;

/** What an evaluator says of a Log: the returned value, or a traceback. */
export interface Said {
  readonly value?: unknown;
  readonly error?: string;
}

const emptyTotals = {
  cost: null,
  prompt_tokens: null,
  output_tokens: null,
  latency: null,
  model_calls: 0,
  tool_calls: 0,
  errors: 0,
};

const emptyLog = {
  id: 'log_1',
  inputs: {},
  messages: [],
  output: null,
  output_message: null,
  error: null,
  children: [],
  tool_calls: [],
  totals: emptyTotals,
};

/** One owner for all evaluators of a test file, so that they share one process. */
const owner = { organizationId: 'org_1', codeId: 'evaluators' };

/** Runs evaluators in the sandbox, one item at a time. */
export function testEvaluators() {
  const python = testPython();
  whenDone(() => python.stop());

  /**
   * @param source where the code is.
   * @param target of the Datapoint; without it there is no Datapoint.
   */
  return async (source: URL, log: JudgedLog, target?: unknown): Promise<Said> => {
    const testcase = target === undefined ? null : { id: 'dp_1', inputs: {}, messages: [], target };
    const batch = {
      source: await readFile(source, 'utf8'),
      items: [{ arguments: [{ ...emptyLog, ...log }, testcase] as const }],
      timeoutMs: 30_000,
    };
    let said: Said | undefined;
    await python.runBatch(owner, batch, {
      lane: 'judging',
      signal: new AbortController().signal,
      told: (_index, { value, error }) => {
        said = error === null ? { value } : { error };
      },
    });
    if (!said) throw new Error('Nothing was told.');
    return said;
  };
}
