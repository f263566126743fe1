import { describe, expect, test } from 'vitest';
import type { ChatMessage } from '../contract/chat.ts';
import {
  messagesOfLog,
  messagesOfTurn,
  pendingCalls,
  previousAgentMessage,
} from './conversation.ts';
import type { LogView, TurnRecord } from './log-record.ts';

const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const calling = (...ids: string[]) =>
  ({ role: 'assistant', content: null, tool_calls: ids.map(call) }) as ChatMessage;
const answer = (id: string) => ({ role: 'tool', tool_call_id: id, content: id }) as ChatMessage;
const said = (content: string): ChatMessage => ({ role: 'assistant', content });
const asked: ChatMessage = { role: 'user', content: 'Hi' };

function turn(message: ChatMessage | null, more: Partial<TurnRecord> = {}): TurnRecord {
  return { message, results: [], continuation: null, ...more } as TurnRecord;
}

function view(turns: readonly TurnRecord[], more: object = {}, run: object | null = null): LogView {
  const output_message = turns.at(-1)?.message ?? null;
  const record = { type: 'agent', messages: [asked], output_message, messages_replaced: false };
  return { record: { ...record, ...more }, turns, run } as unknown as LogView;
}

describe('a turn', () => {
  test('has the results of the server in the order of the calls, then those of the client', () => {
    const message = calling('a', 'b', 'c');
    const results = [answer('c'), answer('a'), answer('b')];
    const continuation = [answer('z')];
    expect(messagesOfTurn(turn(message, { results, continuation }))).toEqual([
      message,
      answer('a'),
      answer('b'),
      answer('c'),
      answer('z'),
    ]);
    const two = turn(calling('a', 'b'), { results: [answer('b'), answer('a')] });
    expect(messagesOfTurn(two).slice(1)).toEqual([answer('a'), answer('b')]);
  });

  test('has no messages when none are stored', () => {
    expect(messagesOfTurn(turn(null, { results: [answer('a')] }))).toEqual([]);
  });

  test('waits for the calls that the server has not answered', () => {
    const open = turn(calling('a', 'b', 'c'), { results: [answer('b')] });
    expect(pendingCalls(open).map(({ id }) => id)).toEqual(['a', 'c']);
    expect(pendingCalls(turn(said('Done.')))).toEqual([]);
    expect(pendingCalls(turn(null))).toEqual([]);
  });
});

describe('the messages of a log', () => {
  const first = turn(calling('a'), { results: [answer('a')] });

  test('are those of the request and of the turns, without the output', () => {
    const turns = [first, turn(said('Done.'))];
    expect(messagesOfLog(view(turns))).toEqual([asked, calling('a'), answer('a')]);
  });

  test('have a text that was said before the output, too', () => {
    const turns = [turn(said('Done.')), turn(said('Done.'))];
    expect(messagesOfLog(view(turns))).toEqual([asked, said('Done.')]);
  });

  test('have the last answer of a run that has not ended, or that is not the output', () => {
    const turns = [first, turn(calling('b'))];
    const all = [asked, calling('a'), answer('a'), calling('b')];
    expect(messagesOfLog(view(turns, {}, { state: 'suspended' }))).toEqual(all);
    expect(messagesOfLog(view(turns, { output_message: said('Other.') }))).toEqual(all);
  });

  test('are those of the request alone where they were replaced, or turns are samples', () => {
    const turns = [turn(said('One.'))];
    expect(messagesOfLog(view(turns, { messages_replaced: true }))).toEqual([asked]);
    expect(messagesOfLog(view(turns, { type: 'prompt' }))).toEqual([asked]);
    expect(messagesOfLog(view([]))).toEqual([asked]);
    expect(messagesOfLog(view([], { messages: null }))).toEqual([]);
  });
});

test('the message that a client is to answer is that of a run that waits, and of no other', () => {
  const turns = [turn(calling('a')), turn(calling('b'))];
  expect(previousAgentMessage(view(turns, {}, { state: 'suspended' }))).toEqual(calling('b'));
  expect(previousAgentMessage(view(turns, {}, { state: 'running' }))).toBeNull();
  expect(previousAgentMessage(view(turns))).toBeNull();
  expect(previousAgentMessage(view([], {}, { state: 'suspended' }))).toBeNull();
});
