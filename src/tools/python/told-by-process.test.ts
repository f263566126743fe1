import { describe, expect, test } from 'vitest';
import { callTool } from './call-tool.ts';
import { judgeItems } from './judge-items.ts';
import type { BatchResult, PythonLimits } from './python-call.ts';
import type { Exchange, ExchangeFailure, PythonProcess, SandboxMessage } from './python-process.ts';

// What a process answers, and what is made of it: code that has its process in its hands can say anything.

const limits: PythonLimits = {
  timeoutMs: 1_000,
  memoryBytes: 1_000_000,
  stdoutCharacters: 50,
  outputCharacters: 20,
  maxProcesses: 1,
  queueMs: 1_000,
};
const never = new AbortController().signal;

/** A process that sends these messages, and ends with a failure or well. */
function processThat(messages: readonly SandboxMessage[], failure?: ExchangeFailure) {
  const receptions: string[] = [];
  const asked: Exchange[] = [];
  const process = {
    exchanges: 6,
    hideHostPaths: (text: string) => text.replaceAll('/home/me', '…'),
    readError: (text: string) => `read: ${text}`,
    exchange: async (exchange: Exchange) => {
      asked.push(exchange);
      receptions.push(...messages.map((message) => exchange.receive(message)));
      return failure;
    },
  } as unknown as PythonProcess;
  return { process, receptions, asked };
}

describe('a tool', () => {
  const call = { source: 'code', inputs: { a: 1 }, environment: { B: 'c' } };
  const said = async (messages: readonly SandboxMessage[], failure?: ExchangeFailure) => {
    const { process, receptions } = processThat(messages, failure);
    return { ...(await callTool(process, call, limits, never)), receptions };
  };

  test('is asked with what it needs, and the limits', async () => {
    const { process, asked } = processThat([]);
    await callTool(process, call, limits, never);
    const question = { ...call, inputs: '{"a":1}', stdout_limit: 50, output_limit: 20 };
    expect(asked).toMatchObject([{ id: 7, timeoutMs: 1_000, question }]);
  });

  test('gives its output and what it printed', async () => {
    expect(
      await said([{ stdout: 'in /home' }, { stdout: '/me/x\0' }, { output: 'Done.\0' }]),
    ).toEqual({
      output: expect.stringMatching(/^Done\./),
      error: null,
      stdout: expect.stringMatching(/^in …\/x/),
      receptions: ['more', 'more', 'done'],
    });
  });

  test('has printed nothing when it has printed nothing', async () => {
    expect(await said([{ output: '' }])).toMatchObject({ output: '', error: null, stdout: null });
  });

  test('fails with its error, or with that of its process', async () => {
    const failed = { output: null, stdout: 'a' };
    expect(await said([{ stdout: 'a' }, { error: 'no' }])).toMatchObject({
      ...failed,
      error: 'read: no',
    });
    const failure = { error: 'It took too long.', isOfCode: true };
    expect(await said([{ stdout: 'a' }, { output: 'b' }], failure)).toMatchObject({
      ...failed,
      error: failure.error,
    });
  });

  test('is cut where it says more than its runner would', async () => {
    const { stdout, output } = await said([
      { stdout: 'p'.repeat(500) },
      { output: 'o'.repeat(500) },
    ]);
    expect(stdout).toBe(`${'p'.repeat(149)}…`);
    expect(output).toBe(`${'o'.repeat(19)}…`);
  });

  test.each([{}, { stdout: 1 }, { error: null }, { output: 2 }])('forges %j', async (message) => {
    expect((await said([message])).receptions).toEqual(['forged']);
  });
});

describe('an evaluator', () => {
  const items = ['a', 'b', 'c'].map((log) => ({ arguments: [log, null] as const }));
  const batch = { source: 'code', items, timeoutMs: 400 };
  const judged = async (
    messages: readonly SandboxMessage[],
    first = 0,
    failure?: ExchangeFailure,
  ) => {
    const told: [number, BatchResult][] = [];
    const { process, receptions, asked } = processThat(messages, failure);
    const tell = (index: number, result: BatchResult) => told.push([index, result]);
    const next = await judgeItems(process, batch, first, limits, { tell, signal: never });
    return { next, told, receptions, asked };
  };

  test('is asked for the items that are left, under an id that it cannot guess', async () => {
    const { asked } = await judged([], 1);
    const { asked: again } = await judged([], 1);
    expect(asked[0]).toMatchObject({
      timeoutMs: 400,
      question: {
        shared: '{"source":"code","stdout_limit":50,"output_limit":20}',
        items: ['["b",null]', '["c",null]'],
      },
    });
    expect(again[0]?.id).not.toBe(asked[0]?.id);
  });

  test('tells each item with what it printed and how long it took', async () => {
    const { next, told, receptions } = await judged(
      [
        { index: 0, stdout: 'p' },
        { index: 0, value: '{"a":[1.5]}', seconds: 0.25 },
        { index: 1, error: 'no', seconds: 9 },
      ],
      1,
    );
    expect(told).toEqual([
      [1, { value: { a: [1.5] }, error: null, stdout: 'p', durationMs: 250 }],
      [2, { value: undefined, error: 'read: no', stdout: null, durationMs: 400 }],
    ]);
    expect([next, receptions]).toEqual([3, ['more', 'told', 'done']]);
  });

  test.each([[-1], [undefined], ['1']])('took no time when it says %j', async (seconds) => {
    const { told } = await judged([{ index: 0, value: '1', seconds }]);
    expect(told[0]?.[1].durationMs).toBe(0);
  });

  test.each(['1', '-1'])('cannot return %s and 400 digits', async (begin) => {
    const wide = { ...limits, outputCharacters: 1_000 };
    const { process } = processThat([{ index: 0, value: `${begin}${'0'.repeat(400)}` }]);
    const told: BatchResult[] = [];
    const tell = (_: number, result: BatchResult) => told.push(result);
    await judgeItems(process, batch, 0, wide, { tell, signal: never });
    expect(told).toMatchObject([
      { value: undefined, error: expect.stringMatching(/too large a number/) },
    ]);
  });

  test('is told the longest value that its runner lets through, and none that is longer', async () => {
    const text = (length: number) => JSON.stringify('v'.repeat(length - 2));
    expect((await judged([{ index: 0, value: text(40) }])).receptions).toEqual(['told']);
    expect((await judged([{ index: 0, value: text(41) }])).receptions).toEqual(['forged']);
  });

  test.each([
    { index: 1, value: '1' },
    { value: '1' },
    { index: 0, value: '[' },
    { index: 0, value: 1 },
  ])('forges %j', async (message) => {
    expect(await judged([message])).toMatchObject({ receptions: ['forged'], told: [], next: 0 });
  });

  test('fails an item that ends its process, and leaves it where we ended the process', async () => {
    const error = 'It took too long.';
    const first = { index: 0, value: 'true', seconds: 0 };
    const ofCode = await judged([first], 0, { error, isOfCode: true });
    expect(ofCode.next).toBe(2);
    expect(ofCode.told[1]).toEqual([
      1,
      { value: undefined, error, stdout: null, durationMs: expect.any(Number) },
    ]);
    expect(ofCode.told[1]?.[1].durationMs).toBeLessThan(performance.now());
    expect(await judged([first], 0, { error, isOfCode: false })).toMatchObject({ next: 1 });
  });
});
