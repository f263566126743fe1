import { expect, test } from 'vitest';
import { emptyAnswer } from './empty-answer.ts';

const turn = (content: string | null, finish_reason: string | null) => ({
  message: { role: 'assistant' as const, content },
  finish_reason,
});

test('an answer that has text, or calls, needs no word', () => {
  expect(emptyAnswer(turn('Cut', 'length'))).toEqual({ error: null, note: null });
  const call = { id: 'c', type: 'function' as const, function: { name: 'f' } };
  const calling = { role: 'assistant' as const, tool_calls: [call] };
  expect(emptyAnswer({ message: calling, finish_reason: 'stop' }).error).toBeNull();
});

test.each([
  ['length', 'The answer was cut before its first word (`length`).'],
  ['tool_calls', 'The answer says that it calls a tool, but has no call (`tool_calls`).'],
  ['SAFETY', 'The answer was withheld (`SAFETY`).'],
  [
    'MALFORMED_FUNCTION_CALL',
    'The model wrote a tool call that cannot be read (`MALFORMED_FUNCTION_CALL`).',
  ],
])('an empty answer that ends as `%s` is an error', (reason, error) => {
  expect(emptyAnswer(turn('', reason))).toEqual({ error, note: null });
});

test('an empty answer that the model ended itself is noted', () => {
  expect(emptyAnswer(turn(null, 'stop'))).toEqual({
    error: null,
    note: 'The model’s answer was empty (`stop`).',
  });
});

test('a call that cannot be read is an error beside text too', () => {
  expect(emptyAnswer(turn('I look.', 'MALFORMED_FUNCTION_CALL')).error).not.toBeNull();
});
