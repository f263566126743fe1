import { expect, test } from 'vitest';
import type { ChatMessage } from '../contract/chat.ts';
import { withPairedCalls } from './paired-calls.ts';

const user: ChatMessage = { role: 'user', content: 'Hello' };
const calling = (...ids: readonly string[]): ChatMessage => ({
  role: 'assistant',
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: `f_${id}` } })),
});
const result = (id: string): ChatMessage => ({ role: 'tool', tool_call_id: id, content: id });

const paired = (...messages: readonly ChatMessage[]) => {
  const { messages: sent, warnings } = withPairedCalls(messages.map((message) => ({ message })));
  return { sent: sent.map(({ message }) => message), warnings };
};

test('a conversation whose calls have results is left as it is', () => {
  const given = [user, calling('a', 'b'), result('b'), result('a'), user].map((message) => ({
    message,
  }));
  expect(withPairedCalls(given)).toEqual({ messages: given, warnings: [] });
  expect(withPairedCalls(given).messages).toBe(given);
});

test('a call without a result is given one that says so', () => {
  const { sent, warnings } = paired(user, calling('a', 'b'), result('a'), user);
  expect(sent).toEqual([
    user,
    calling('a', 'b'),
    result('a'),
    { role: 'tool', tool_call_id: 'b', content: 'There is no result: the call was not run.' },
    user,
  ]);
  expect(warnings).toEqual(['A call of `f_b` has no result; the model is told so.']);
});

test('so is one at the end of a conversation', () => {
  expect(paired(user, calling('a')).sent.at(-1)).toMatchObject({ role: 'tool', tool_call_id: 'a' });
});

test('a result without a call is told by the user, after the results that have one', () => {
  const { sent, warnings } = paired(calling('a'), result('x'), result('a'), user);
  expect(sent).toEqual([
    calling('a'),
    result('a'),
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Result of the tool call x:' },
        { type: 'text', text: 'x' },
      ],
    },
    user,
  ]);
  expect(warnings).toHaveLength(1);
});

test('a second result of one call is one without a call', () => {
  const { sent } = paired(calling('a'), result('a'), result('a'));
  expect(sent.map(({ role }) => role)).toEqual(['assistant', 'tool', 'user']);
});
