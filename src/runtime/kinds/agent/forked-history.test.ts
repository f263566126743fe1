import { expect, test } from 'vitest';
import type { ChatMessage } from '../../../contract/chat.ts';
import type { LogRecord, LogView, TurnRecord } from '../../../logs/log-record.ts';
import { forkedHistory } from './forked-history.ts';

const said = (content: string): ChatMessage => ({ role: 'assistant', content });
const asks = (...ids: string[]): ChatMessage => ({
  role: 'assistant',
  content: 'I ask.',
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
});
const answers = (id: string, content: string): ChatMessage => ({
  role: 'tool',
  tool_call_id: id,
  content,
});
const hello: ChatMessage = { role: 'user', content: 'Hello' };

function turnOf(number: number, message: ChatMessage, more: Partial<TurnRecord> = {}) {
  return {
    number,
    message,
    parts: [{ type: 'text', text: 'signed' }],
    results: [],
    continuation: null,
    error: null,
    input_tokens: 10,
    prompt_cost: 0.5,
    output_cost: 0.5,
    provider_request: { messages: [] },
    shared_messages: 3,
    ...more,
  } as unknown as TurnRecord;
}

const view = (...turns: TurnRecord[]): Pick<LogView, 'record' | 'turns'> => ({
  record: { messages: [hello] } as unknown as LogRecord,
  turns,
});

const whole = view(
  turnOf(1, asks('a', 'b'), {
    results: [answers('b', 'two'), answers('a', 'one')],
    continuation: [{ role: 'user', content: 'Go on' }],
  }),
  turnOf(2, asks('c'), { continuation: [answers('c', 'three')] }),
  turnOf(3, said('Done.')),
);

test('the turns before the first are taken as they are, but cost nothing and were not sent', () => {
  const { messages, turns } = forkedHistory(whole, { turn: 3 });
  expect(messages).toEqual([hello]);
  expect(turns).toHaveLength(2);
  expect(turns[0]).toMatchObject({
    message: asks('a', 'b'),
    parts: [{ text: 'signed' }],
    results: [answers('b', 'two'), answers('a', 'one')],
    input_tokens: 0,
    prompt_cost: 0,
    provider_request: null,
    shared_messages: 0,
  });
  expect(forkedHistory(whole, { turn: 1 })).toEqual({ messages: [hello], turns: [] });
});

test('a message is edited by its place in the conversation, where results stand in the order of calls', () => {
  const edits = [0, 1, 2, 3, 4, 6].map((index) => ({ index, content: `new ${index}` }));
  const { messages, turns } = forkedHistory(whole, { turn: 3, edits });
  expect(messages).toEqual([{ ...hello, content: 'new 0' }]);
  const [first, second] = turns;
  expect(first).toMatchObject({
    message: { ...asks('a', 'b'), content: 'new 1' },
    // The vendor's parts have the old text.
    parts: null,
    results: [answers('b', 'new 3'), answers('a', 'new 2')],
    continuation: [{ role: 'user', content: 'new 4' }],
  });
  expect(second).toMatchObject({
    message: asks('c'),
    parts: [{ text: 'signed' }],
    continuation: [answers('c', 'new 6')],
  });
});

test('messages are added before the turn: to those of the call, or after the turn before', () => {
  const more: ChatMessage = { role: 'user', content: 'More' };
  const added = (turn: number) => forkedHistory(whole, { turn, messages: [more] });
  expect(added(1).messages).toEqual([hello, more]);
  expect(added(2).turns.at(-1)?.continuation).toEqual([{ role: 'user', content: 'Go on' }, more]);
  expect(added(4).turns.at(-1)).toMatchObject({ message: said('Done.'), continuation: [more] });
});

test('open calls have to be answered, and results that are there are enough', () => {
  const open = view(turnOf(1, asks('a', 'b'), { results: [answers('a', 'one')] }));
  const after = (messages: ChatMessage[]) => forkedHistory(open, { turn: 2, messages });
  expect(after([answers('b', 'two')]).turns[0]?.continuation).toEqual([answers('b', 'two')]);
  expect(() => after([])).toThrow('pending tool calls');
  const answered = view(turnOf(1, asks('a'), { results: [answers('a', 'one')] }));
  expect(forkedHistory(answered, { turn: 2 }).turns[0]).toMatchObject({ continuation: null });
});

test('nothing follows the beginning of an answer that broke off', () => {
  const broken = view(turnOf(1, asks('a'), { results: [answers('a', 'one')] }), {
    ...turnOf(2, said('I will')),
    error: 'cut off',
  });
  expect(forkedHistory(broken, { turn: 2 }).turns).toHaveLength(1);
  expect(() => forkedHistory(broken, { turn: 3 })).toThrow(/from 1 to 2/);
});
