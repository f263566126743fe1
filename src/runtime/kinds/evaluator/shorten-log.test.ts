import { expect, test } from 'vitest';
import { shortenLog } from './shorten-log.ts';

const mostBytes = 4_000_000;

/** A log whose JSON has so many bytes, most of them in a field that is never shortened. */
function logOf(bytes: number, more: object = {}) {
  const log = { ...JSON.parse(JSON.stringify(more)), name: '' };
  return { ...log, name: 'n'.repeat(bytes - JSON.stringify(log).length) };
}

test('a log that an evaluator can see whole stays as it is', () => {
  const whole = logOf(mostBytes, { inputs: { a: 1 }, children: [{ output: 'x' }] });
  expect(shortenLog(structuredClone(whole))).toEqual(whole);
});

test('bytes count, not characters', () => {
  const wide = { name: 'é'.repeat(mostBytes / 2), output: 'x' };
  expect(shortenLog(wide)).toMatchObject({ truncated: true, output: 'x' });
});

test('the deepest logs lose their payloads first, of those the newest, and no more than needed', () => {
  const text = 'x'.repeat(1_000);
  const below = { output: text, children: [{ output: text }, { output: text }] };
  const tooLong = (by: number) => logOf(mostBytes + by, { output: text, children: [below] });
  const outputs = (log: ReturnType<typeof tooLong>) => {
    const [child] = shortenLog(log)['children'] as [typeof below];
    return [log, child, ...child.children].map(({ output }) => output?.length ?? 0);
  };
  // To write `null` for it saves 998 bytes.
  expect(outputs(tooLong(1))).toEqual([1_000, 1_000, 1_000, 0]);
  expect(outputs(tooLong(998))).toEqual([1_000, 1_000, 1_000, 0]);
  expect(outputs(tooLong(999))).toEqual([1_000, 1_000, 0, 0]);
  expect(outputs(tooLong(1_997))).toEqual([1_000, 0, 0, 0]);
  expect(outputs(tooLong(5_000))).toEqual([1_000, 0, 0, 0]);
});

test('logs below lose messages, inputs, outputs and calls, and keep what names them', () => {
  const payloads = {
    messages: [{ role: 'user', content: 'x' }],
    inputs: { a: 'x' },
    output: 'x',
    output_message: { role: 'assistant', content: 'x' },
    tool_calls: ['x'],
    logs: ['x'],
  };
  const log = logOf(mostBytes + 1_000_000, { ...payloads, children: [{ id: 'a', ...payloads }] });
  expect(shortenLog(log)).toMatchObject({
    ...payloads,
    truncated: true,
    children: [
      {
        id: 'a',
        messages: [],
        inputs: {},
        output: null,
        output_message: null,
        tool_calls: [],
        logs: [],
      },
    ],
  });
  const bare = logOf(mostBytes + 1, { children: [{ id: 'a' }] });
  expect(shortenLog(bare)['children']).toEqual([{ id: 'a' }]);
});

test('then the raw bodies go, those of the log before those of its turns, and then what calls were given', () => {
  const raw = { provider_request: 'x'.repeat(1_000), provider_response: 'y'.repeat(1_000) };
  const given = { name: 'f', arguments: 'a', arguments_text: 'b', output: 'c'.repeat(1_000) };
  const gone = { provider_request: null, provider_response: null };
  const tooLong = (by: number) =>
    shortenLog(logOf(mostBytes + by, { ...raw, turns: [raw, raw], tool_calls: [given, given] }));
  expect(tooLong(1_900)).toMatchObject({ ...gone, turns: [raw, raw], tool_calls: [given, given] });
  expect(tooLong(5_900)).toMatchObject({
    ...gone,
    turns: [gone, gone],
    tool_calls: [given, given],
  });
  const last = { name: 'f', arguments: null, arguments_text: null, output: null };
  expect(tooLong(6_100)).toMatchObject({ ...gone, turns: [gone, gone], tool_calls: [last, last] });
});
