import { afterAll, expect, onTestFinished, test } from 'vitest';
import { testPython } from '../../../test/support/python.ts';
import { ExactNumber } from '../../kernel/exact-number.ts';
import type { BatchResult, CodeOwner, PythonLimits } from './python-call.ts';
import type { PythonPool } from './python-pool.ts';

const owner: CodeOwner = { organizationId: 'a', codeId: 'evaluator' };
const never = new AbortController().signal;

/** Shared by the tests that need no pool of their own: each pool starts two processes. */
const shared = testPython();
afterAll(() => shared.stop());

function poolWith(limits: Partial<PythonLimits> = {}): PythonPool {
  const pool = testPython(limits);
  onTestFinished(() => pool.stop());
  return pool;
}

const itemOf = (log: unknown, testcase: unknown = null) => ({
  arguments: [log, testcase] as const,
});

interface BatchOptions {
  readonly pool?: PythonPool;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly owner?: CodeOwner;
  readonly onTold?: (index: number) => void;
}

/** The results of a batch; each has to be told once, in order. */
async function judge(
  source: string,
  logs: readonly unknown[],
  { pool = shared, timeoutMs = 30_000, signal = never, ...options }: BatchOptions = {},
): Promise<readonly BatchResult[]> {
  const results: BatchResult[] = [];
  const items = logs.map((log) => itemOf(log, { target: 'y' }));
  const told = (index: number, result: BatchResult) => {
    expect(index).toBe(results.length);
    results.push(result);
    options.onTold?.(index);
  };
  await pool.runBatch(
    options.owner ?? owner,
    { source, items, timeoutMs },
    { lane: 'judging', signal, told },
  );
  return results;
}

const valuesOf = (results: readonly BatchResult[]) => results.map(({ value }) => value);

test('each item of a batch has its own result and output, and a module of its own', async () => {
  const source = `
seen = []
def judge(log):
    seen.append(log["n"])
    print("judging", log["n"])
    return {"seen": seen, "is_bool": log["n"] == 2, "half": log["n"] / 2}
`;
  const results = await judge(source, [{ n: 1 }, { n: 2 }]);
  expect(results).toEqual([
    {
      value: { seen: [1], is_bool: false, half: 0.5 },
      error: null,
      stdout: 'judging 1\n',
      durationMs: expect.any(Number),
    },
    {
      value: { seen: [2], is_bool: true, half: new ExactNumber('1.0') },
      error: null,
      stdout: 'judging 2\n',
      durationMs: expect.any(Number),
    },
  ]);
});

test.each([
  ['one', 'def judge(log): return [log]', [['x']]],
  ['one with a default', 'def judge(log=None): return [log]', [['x']]],
  ['two', 'def judge(log, testcase): return [log, testcase]', [['x', { target: 'y' }]]],
  ['any', 'def judge(*args): return list(args)', [['x', { target: 'y' }]]],
  ['keywords besides', 'def judge(log, *, strict=True): return [log, strict]', [['x', true]]],
  ['one, async', 'async def judge(log): return [log]', [['x']]],
])('an evaluator gets as many arguments as it takes: %s', async (_, source, expected) => {
  expect(valuesOf(await judge(source, ['x']))).toEqual(expected);
});

test('an evaluator that takes none is told what it should take', async () => {
  const [result] = await judge('def judge(): return 1', ['x']);
  expect(result?.error).toBe(
    '`judge()` was not called: an evaluator takes `log`, or `log` and `testcase`, as positional arguments.',
  );
});

test('an async evaluator is awaited, and may wait', async () => {
  const source = `
import asyncio
async def judge(log):
    async with asyncio.timeout(10):
        await asyncio.sleep(0.01)
    return log
`;
  expect(valuesOf(await judge(source, [1, 2]))).toEqual([1, 2]);
});

/** What items do in the place of judging; the others answer true. */
const faults = `
import os, sys
from pyodide.ffi import to_js

async def later(): return 1

def forge(text):
    code = "Deno.stdout.writeSync(new TextEncoder().encode(text + String.fromCharCode(10)))"
    to_js([1]).constructor.constructor("text", code)(text)

def judge(log):
    if log == "hangs":
        while True: pass
    if log == "2 GB": return [0] * (2 ** 28)
    if log == "exits": sys.exit()
    if log == "ends": os._exit(3)
    if log == "prints 100 MB":
        for _ in range(100): print("x" * 1_000_000)
    if log == "forges nonsense": forge("nonsense")
    if log == "forges an answer": forge('{"id":1,"index":' + str(log.count("x")) + ',"value":"false"}')
    if log == "interrupts": raise KeyboardInterrupt()
    if log == "a set": return {1}
    if log == "a set inside": return [{1}]
    if log == "5 MB": return "x" * 5_000_000
    if log == "a coroutine": return later()
    if log == "nan": return float("nan")
    if log == "infinity inside": return {"score": float("inf")}
    if log == "a large number": return 10 ** 400
    if log == "imports": import numpy.linalg
    return True
`;

test.each([
  ['2 GB', /MemoryError$/],
  ['exits', /SystemExit$/],
  ['ends', /./],
  ['prints 100 MB', /^printed 100000100 characters; at most 10000000 are allowed$/],
  ['forges nonsense', /^The code wrote to a channel that only the sandbox may use/],
  ['forges an answer', /^The code wrote to a channel that only the sandbox may use/],
  ['interrupts', /KeyboardInterrupt$/],
  ['a set', /^returned set, which is not JSON$/],
  ['a set inside', /^returned list, which is not JSON: Object of type set/],
  ['5 MB', /^returned str of 5000002 characters; at most 1000000 are allowed$/],
  ['a coroutine', /^returned coroutine, which is not JSON$/],
  ['nan', /^returned nan, which is not JSON$/],
  ['infinity inside', /^returned dict, which is not JSON: Out of range/],
  ['a large number', /^returned int, which is too large a number$/],
  [
    'imports',
    /^The module `numpy` cannot be imported: .* Only external evaluators can use packages\.$/,
  ],
])(
  'an item that goes wrong has the error, and the others are judged: %s',
  async (log, error) => {
    const results = await judge(faults, ['x', log, 'y', 'z']);
    expect(valuesOf(results)).toEqual([true, undefined, true, true]);
    expect(results.map((result) => result.error)).toEqual([
      null,
      expect.stringMatching(error),
      null,
      null,
    ]);
  },
  60_000,
);

test('an item that hangs is stopped at its time limit, and 99 others are judged', async () => {
  const logs = Array.from({ length: 100 }, (_, index) => (index === 60 ? 'hangs' : index));
  const results = await judge(faults, logs, { timeoutMs: 10_000 });
  expect(results.filter(({ value }) => value === true)).toHaveLength(99);
  expect(results[60]).toMatchObject({
    value: undefined,
    error: 'The code ran longer than 10 s (EVALUATOR_TIMEOUT_SECONDS) and was stopped.',
    durationMs: expect.any(Number),
  });
}, 90_000);

test.each([
  ['no function', 'x = 1', 'The source code defines no function at its top level.'],
  ['a syntax error', 'def judge(log:\n    return 1', 'File "<evaluator>", line 1'],
  ['a module that fails', '1 / 0\ndef judge(log): return 1', 'ZeroDivisionError'],
  ['a module that is not there', 'import pandas\ndef judge(log): return 1', '`pandas`'],
])('source with %s gives each item the error', async (_, source, error) => {
  const results = await judge(source, [1, 2]);
  expect(results.map((result) => result.error)).toEqual(
    Array(2).fill(expect.stringContaining(error)),
  );
});

test('a log that is too deep to be parsed fails alone', async () => {
  let deep: unknown = 1;
  for (let level = 0; level < 3_000; level += 1) deep = [deep];
  const results = await judge('def judge(log): return True', ['x', deep, 'y']);
  expect([results[0]?.value, results[2]?.value]).toEqual([true, true]);
});

test('a value keeps what JSON knows: integers of booleans apart, and no text that cannot be stored', async () => {
  const source = 'def judge(log): return [1, True, 1.5, None, "\\0\\ud800", {"a": []}]';
  expect(valuesOf(await judge(source, ['x']))).toEqual([
    [1, true, 1.5, null, '\uFFFD\uFFFD', { a: [] }],
  ]);
});

test('a batch that is cancelled tells nothing any more', async () => {
  const control = new AbortController();
  const reason = new Error('Enough.');
  const told: number[] = [];
  const source = 'def judge(log):\n    while log == "hangs": pass\n    return True';
  const judged = judge(source, [1, 'hangs', 3], {
    signal: control.signal,
    onTold: (index) => {
      told.push(index);
      control.abort(reason);
    },
  });
  await expect(judged).rejects.toBe(reason);
  expect(told).toEqual([0]);
});

test('a server that stops gives no item an error: another server judges it', async () => {
  const pool = testPython();
  const told: number[] = [];
  const source = 'def judge(log):\n    while log == "hangs": pass\n    return True';
  const judged = judge(source, [1, 'hangs', 3], {
    pool,
    onTold: (index) => {
      told.push(index);
      void pool.stop();
    },
  });
  await expect(judged).rejects.toMatchObject({ code: 'python_unavailable' });
  expect(told).toEqual([0]);
});

test('one process is left to tools, however much there is to judge', async () => {
  const pool = poolWith({ maxProcesses: 2 });
  const source = 'import time\ndef judge(log):\n    time.sleep(0.2)\n    return True';
  const tool = { source: 'def f():\n    return 1', inputs: {}, environment: {} };
  let judged = 0;
  const batches = Array.from({ length: 3 }, (_, index) =>
    judge(source, [1, 2, 3, 4, 5], {
      pool,
      owner: { ...owner, codeId: `evaluator ${index}` },
      onTold: () => {
        judged += 1;
      },
    }),
  );
  await expect.poll(() => judged).toBeGreaterThan(0);
  const { output } = await pool.run({ ...owner, codeId: 'tool' }, tool, never);
  expect(output).toBe('1');
  expect(judged).toBeLessThan(15);
  await Promise.all(batches);
});

test('a batch gives its process up for a tool, once for an item, and judges each once', async () => {
  const pool = poolWith({ maxProcesses: 1 });
  const slow = 2;
  const source = `import time\ndef judge(log):\n    time.sleep(2.5 if log == ${slow} else 0)\n    return log`;
  const tool = { source: 'def f():\n    return 1', inputs: {}, environment: {} };
  let judged = 0;
  const begun = Promise.withResolvers<void>();
  const logs = [0, 1, slow, 3, 4];
  const results = judge(source, logs, {
    pool,
    onTold: () => {
      judged += 1;
      begun.resolve();
    },
  });
  await begun.promise;
  const callTool = async () => {
    await expect
      .poll(() => pool.processes[0]?.owner?.codeId, { timeout: 30_000 })
      .toBe('evaluator');
    const { output } = await pool.run({ ...owner, codeId: 'tool' }, tool, never);
    return [output, judged];
  };
  expect(await callTool()).toEqual(['1', slow]);
  // The slow item was interrupted once. Interrupted at each call, it would never be judged.
  const [output, judgedThen] = await callTool();
  expect(output).toBe('1');
  expect(judgedThen).toBeGreaterThan(slow);
  expect(valuesOf(await results)).toEqual(logs);
}, 60_000);

const shown = (results: readonly BatchResult[]) => JSON.stringify(results);

test.each([
  ['of JavaScript', 'import pyodide_js\n    pyodide_js.mountNodeFS("/mnt", "/")'],
  [
    'that is chained',
    'import pyodide_js\n    try: pyodide_js.mountNodeFS("/mnt", "/")\n    except Exception as error: raise ValueError("chained") from error',
  ],
  ['of syntax', 'import sys\n    compile("a b", sys.executable or "<x>", "exec")'],
  [
    'that names what Python knows',
    'import sys, __main__\n    raise ValueError(str([sys.path, sys.argv, sys.executable, sys.prefix, getattr(__main__, "__file__", None), globals().get("__file__")]))',
  ],
  [
    'that names its frames',
    'import sys\n    frame, names = sys._getframe(), []\n    while frame: names.append(frame.f_code.co_filename); frame = frame.f_back\n    raise ValueError(str(names))',
  ],
  [
    'with a stack of JavaScript',
    'from pyodide.ffi import to_js\n    raise ValueError(to_js([1]).constructor.constructor("return new Error().stack + Deno.cwd() + Deno.mainModule")())',
  ],
  [
    'that is printed',
    'import pyodide_js, traceback\n    try: pyodide_js.mountNodeFS("/mnt", "/")\n    except Exception: traceback.print_exc()',
  ],
])('an error %s shows no path of the host', async (_, body) => {
  const host = /node_modules|src\/tools|loopwright-python|\/tmp\/|file:\/\/\//;
  const results = await judge(`def judge(log):\n    ${body}\n`, ['x']);
  expect(results[0]?.error ?? results[0]?.stdout).toMatch(/Error/);
  expect(shown(results)).not.toMatch(host);
  const call = { source: `def f():\n    ${body}\n`, inputs: {}, environment: {} };
  const { error, stdout } = await shared.run({ ...owner, codeId: 'tool' }, call, never);
  expect(error ?? stdout).toMatch(/Error/);
  expect(`${error}${stdout}`).not.toMatch(host);
});
