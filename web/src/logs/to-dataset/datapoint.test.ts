import { expect, test } from 'vitest';
import type { LogResponse } from '../../api/types.ts';
import { question, stored } from '../live/run.fixture.ts';
import { datapointOf } from './datapoint.ts';

test('a datapoint has what an agent was given, and its answer as the target', () => {
  const log = { ...stored.ended, inputs: { bank: 'A' }, output: 'Paid.' } as LogResponse;
  // Of three turns two have a message here; the last one is the answer.
  const messages = [...log.messages, { role: 'assistant' as const, content: 'Paid.' }];
  expect(datapointOf({ ...log, messages } as LogResponse)).toEqual({
    inputs: { bank: 'A' },
    messages: [question],
    target: { output: 'Paid.' },
  });
});

test('a conversation that the request brought belongs to what was given', () => {
  const before = [question, { role: 'assistant' as const, content: 'Which one?' }, question];
  const log = {
    ...stored.ended,
    turns: [{ number: 1 }],
    messages: [...before, { role: 'assistant', content: 'Paid.' }],
    inputs: {},
    output: null,
  } as unknown as LogResponse;
  expect(datapointOf(log)).toEqual({ messages: before });
});

test('a log of a tool has inputs alone', () => {
  const log = { messages: [], inputs: { city: 'Rome' }, output: 'sunny' } as unknown as LogResponse;
  expect(datapointOf(log)).toEqual({ inputs: { city: 'Rome' }, target: { output: 'sunny' } });
});
