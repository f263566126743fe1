import { expect, test } from 'vitest';
import { openWorkspace } from '../../src/database/workspace.ts';
import type { FileVersion } from '../../src/files/file-version.ts';
import { evaluatorKind } from '../../src/files/kinds/evaluator.ts';
import { getVersion } from '../../src/files/resolve-version.ts';
import { mockProvider } from '../../src/providers/mock/mock-provider.ts';
import { ProviderFailure } from '../../src/providers/provider.ts';
import { judge, requireJudgeable } from '../../src/runtime/kinds/evaluator/judge.ts';
import type { JudgeItem } from '../../src/runtime/kinds/evaluator/judge-call.ts';
import { judgedLogOf } from '../../src/runtime/kinds/evaluator/judged-log.ts';
import { loadJudgedLogs } from '../../src/runtime/kinds/evaluator/load-judged-logs.ts';
import type { Verdict } from '../../src/runtime/kinds/evaluator/verdict.ts';
import { testApp } from '../support/app.ts';
import { testPython } from '../support/python.ts';

const never = new AbortController().signal;
const api = await testApp();

async function evaluator(spec: object, { post, workspace } = api) {
  const common = { arguments_type: 'target_free', return_type: 'number' };
  const { body } = await post('/evaluators', { path: 'judge', spec: { ...common, ...spec } });
  const selector = { versionId: body.version_id };
  return getVersion(workspace, evaluatorKind, body.id, selector);
}

const item = (n: number, output = ''): JudgeItem => ({
  log: judgedLogOf({ inputs: { n }, output }),
  testcase: null,
});

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Judges, and answers the verdicts in the order in which they were told. */
async function judgeAll(
  version: FileVersion<'evaluator'>,
  items: readonly JudgeItem[],
  { runtime, workspace } = api,
  signal = never,
): Promise<(readonly [number, Verdict])[]> {
  const told: (readonly [number, Verdict])[] = [];
  await judge(runtime.parts, workspace, version, items, {
    lane: 'judging',
    signal,
    told: (index, verdict) => told.push([index, verdict]),
  });
  return told;
}

test('code judges each of many logs once, and one that hangs is an error alone', async () => {
  const hasty = await testApp({ database: api.database, judging: { timeoutMs: 8_000 } });
  const code = 'def f(log):\n    n = log["inputs"]["n"]\n    while n == 60: pass\n    return n\n';
  const told = await judgeAll(
    await evaluator({ evaluator_type: 'python', code }),
    numbers(120).map((n) => item(n)),
    hasty,
  );
  expect(told.map(([index]) => index)).toEqual(numbers(120));
  for (const [index, { judgment, error }] of told) {
    if (index === 60)
      expect({ judgment, error }).toEqual({ judgment: null, error: expect.stringMatching(/8 s/) });
    else expect({ judgment, error }).toEqual({ judgment: index, error: null });
  }
});

test('code judges logs that together are too long for one message', async () => {
  const code = 'def f(log):\n    return len(log["output"])\n';
  const version = await evaluator({ evaluator_type: 'python', code });
  const lengths = [1_500_000, 10, 3_000_000, 5_000_000, 20];
  const told = await judgeAll(
    version,
    lengths.map((length, n) => item(n, 'x'.repeat(length))),
  );
  expect(told.map(([index, { judgment }]) => [index, judgment])).toEqual([...lengths.entries()]);
});

/** An evaluator that asks the mock provider. */
const asking = (script: readonly object[], more: object = {}) => ({
  evaluator_type: 'llm',
  prompt: {
    provider: 'mock',
    model: 'mock',
    template: [{ role: 'user', content: 'Rate {{log.inputs.n}}' }],
    other: { script },
    ...more,
  },
});

test('no more models are asked at once than the server allows', async () => {
  const mock = mockProvider();
  let asked = 0;
  let most = 0;
  const counting: typeof mock = {
    ...mock,
    async *attempt(request, options) {
      asked += 1;
      most = Math.max(most, asked);
      try {
        return yield* mock.attempt(request, options);
      } finally {
        asked -= 1;
      }
    },
  };
  const counted = await testApp({ judging: { modelsAtOnce: 3 }, providers: { mock: counting } });
  const version = await evaluator(asking([{ content: '5', delay_ms: 20 }]), counted);
  const half = numbers(10).map((n) => item(n));
  const told = await Promise.all([
    judgeAll(version, half, counted),
    judgeAll(version, half, counted),
  ]);
  expect(told.flat().map(([, { judgment }]) => judgment)).toEqual(Array(20).fill(5));
  expect(most).toBe(3);
});

test('a vendor that hangs delays no other organization, nor anybody who waits for a verdict', async () => {
  const full = await testApp({ judging: { modelsAtOnce: 1 } });
  const stop = new AbortController();
  const slow = await evaluator(asking([{ content: '5', delay_ms: 3_600_000 }]), full);
  const hanging = judgeAll(slow, [item(1)], full, stop.signal);
  const quick = await evaluator(asking([{ content: '4' }]), full);
  const { parts } = full.runtime;
  const workspace = openWorkspace(full.database, 'org_another');
  const told: unknown[] = [];
  const telling = { signal: never, told: (_: number, said: Verdict) => told.push(said.judgment) };
  await judge(parts, workspace, quick, [item(1)], { ...telling, lane: 'judging' });
  await judge(parts, full.workspace, quick, [item(1)], { ...telling, lane: 'live' });
  expect(told).toEqual([4, 4]);
  stop.abort(new Error('left'));
  await expect(hanging).rejects.toThrow('left');
});

test.each([
  [2, { judgment: 5, error: null }],
  [99, { judgment: null, error: expect.stringContaining('Too many requests.') }],
])(
  'a model whose vendor refused %i times because of its limits is asked three times at most',
  async (refusals, verdict) => {
    const mock = mockProvider();
    let asked = 0;
    const busy: typeof mock = {
      ...mock,
      async *attempt(request, options) {
        asked += 1;
        if (asked <= refusals) {
          throw new ProviderFailure('rate_limited', 'Too many requests.', { origin: 'Mock' });
        }
        return yield* mock.attempt(request, options);
      },
    };
    const limited = await testApp({ modelLimits: { maxAttempts: 0 }, providers: { mock: busy } });
    const version = await evaluator(asking([{ content: '5' }]), limited);
    const told = await judgeAll(version, [item(1)], limited);
    expect(told).toMatchObject([[0, verdict]]);
    expect(asked).toBe(3);
  },
);

test('judging ends when it is aborted, whatever it waits for', async () => {
  const left = new Error('left');
  const slow = await evaluator(asking([{ content: '5', delay_ms: 3_600_000 }]));
  const hanging = await evaluator({
    evaluator_type: 'python',
    code: 'def f(log):\n    while True: pass\n',
  });
  for (const version of [slow, hanging]) {
    const stop = new AbortController();
    const judging = judgeAll(
      version,
      numbers(5).map((n) => item(n)),
      api,
      stop.signal,
    );
    setImmediate(() => stop.abort(left));
    await expect(judging).rejects.toBe(left);
  }
  await expect(judgeAll(slow, [item(1)], api, AbortSignal.abort(left))).rejects.toBe(left);
});

test('a server without a sandbox judges nothing, and says why', async () => {
  const python = testPython({}, { deno: '/nowhere/deno' });
  const without = await testApp({ database: api.database, python });
  const version = await evaluator({
    evaluator_type: 'python',
    code: 'def f(log):\n    return 1\n',
  });
  const judging = judgeAll(version, [item(1)], without);
  await expect(judging).rejects.toMatchObject({ code: 'python_unavailable' });
});

test('a model without a key is told before anything is judged', async () => {
  const { parts } = api.runtime;
  const check = async (more: object) =>
    requireJudgeable(parts, api.workspace, await evaluator(asking([], more)));
  await check({});
  await expect(check({ provider: 'openai' })).rejects.toMatchObject({
    code: 'provider_not_supported',
  });
});

test('logs are loaded together, and unknown ones are left out', async () => {
  const ids: string[] = [];
  for (const n of numbers(60)) {
    const log = { path: 'loaded', prompt: { model: 'm' }, inputs: { n } };
    ids.push((await api.post('/prompts/log', log)).body.id);
  }
  const { body: gone } = await api.post('/tools/log', { path: 'gone', tool: {}, output: 'x' });
  await api.delete(`/tools/${gone.tool_id}`);
  const loaded = await loadJudgedLogs(api.workspace, ['log_none', ...ids, gone.id]);
  expect([...loaded.keys()]).toEqual(ids);
  expect([...loaded.values()].map((log) => log['inputs'])).toEqual(numbers(60).map((n) => ({ n })));
  // One body of the version for all of them.
  expect(new Set([...loaded.values()].map((log) => log['prompt'])).size).toBe(1);
});
