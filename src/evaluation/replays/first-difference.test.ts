import { expect, test } from 'vitest';
import type { ChatMessage } from '../../contract/chat.ts';
import type { LogView } from '../../logs/log-record.ts';
import { firstDifference } from './first-difference.ts';

const call = (name: string, args: string, id = name) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: args },
});

/** A turn that says something, and calls a tool that answers `result`. */
const turn = (content: string | null, calls: ReturnType<typeof call>[] = [], result = 'ok') => ({
  message: { role: 'assistant', content, ...(calls.length > 0 ? { tool_calls: calls } : {}) },
  results: calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: result })),
  continuation: null,
});

const log = (
  turns: { message: unknown; results: unknown; continuation: ChatMessage[] | null }[],
  record: { output?: string | null; error?: string | null } = {},
) =>
  ({ turns, record: { output: 'Done.', error: null, ...record }, run: null }) as unknown as LogView;

const before = log([turn(null, [call('a', '{"x":1,"y":2}')]), turn('Done.')]);

test.each([
  ['nothing', log([turn(null, [call('a', '{"y":2, "x":1.0}', 'other')]), turn('Done.')]), null],
  [
    'another tool',
    log([turn(null, [call('b', '{}')]), turn('Done.')]),
    { turn: 1, kind: 'tool_calls' },
  ],
  ['no tool', log([turn('Done.')]), { turn: 1, kind: 'tool_calls' }],
  ['other arguments', log([turn(null, [call('a', '{"x":2}')])]), { turn: 1, kind: 'arguments' }],
  [
    'another result',
    log([turn(null, [call('a', '{"x":1,"y":2}')], 'no'), turn('Done.')]),
    { turn: 1, kind: 'results' },
  ],
  [
    'another text',
    log([before.turns[0] as never, turn('Gone.')], { output: 'Gone.' }),
    { turn: 2, kind: 'text' },
  ],
  ['an earlier end', log([before.turns[0] as never], { output: null }), { turn: 2, kind: 'end' }],
  [
    'an error',
    log([before.turns[0] as never], { output: null, error: 'No.' }),
    { turn: 2, kind: 'error' },
  ],
  [
    'another output',
    log([...before.turns] as never, { output: 'Gone.' }),
    { turn: 2, kind: 'output' },
  ],
])('two runs differ in %s', (_, after, difference) => {
  expect(firstDifference(before, after)).toEqual(difference);
});

test('runs without model calls differ in their outputs', () => {
  expect(firstDifference(log([]), log([]))).toBeNull();
  expect(firstDifference(log([]), log([], { output: '42' }))).toEqual({ turn: 1, kind: 'output' });
});
