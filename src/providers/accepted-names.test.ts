import { describe, expect, test } from 'vitest';
import { modelRequest } from '../../test/support/model-call.ts';
import type { ChatMessage } from '../contract/chat.ts';
import { withAcceptedNames } from './accepted-names.ts';
import {
  anthropicNames,
  bedrockNames,
  googleNames,
  type NameRules,
  openaiNames,
  openaiOwnNames,
} from './name-rules.ts';
import type { ModelAnswer, ModelRequest } from './provider.ts';

const tool = (name: string, description = 'x') => ({ name, description });
const calling = (id: string, name = 'f'): ChatMessage => ({
  role: 'assistant',
  tool_calls: [{ id, type: 'function', function: { name } }],
});
const result = (id: string): ChatMessage => ({ role: 'tool', tool_call_id: id, content: 'ok' });

const renamed = (names: NameRules, fields: Partial<ModelRequest>) =>
  withAcceptedNames(modelRequest(fields), { title: 'Acme', names });
const conversation = (...messages: readonly ChatMessage[]) => ({
  messages: messages.map((message) => ({ message })),
});
const sentMessages = (names: NameRules, ...messages: readonly ChatMessage[]) =>
  renamed(names, conversation(...messages)).request.messages.map(({ message }) => message);

describe('names of functions', () => {
  test('that a vendor accepts are sent as they are', () => {
    const given = { tools: [tool('find_order-2')], ...conversation(calling('c', 'find_order-2')) };
    expect(renamed(openaiNames, given).request).toMatchObject(given);
  });

  test('are the same in tools, calls and the choice of a tool, and come back in the answer', () => {
    const { request, restore } = renamed(googleNames, {
      tools: [tool('3d_print'), tool('_3d_print')],
      toolChoice: { type: 'function', function: { name: '3d_print' } },
      ...conversation(calling('c', '3d_print'), result('c')),
    });
    const [{ name }, other] = request.tools as unknown as [{ name: string }, { name: string }];
    expect(name).toMatch(/^[a-z_]/);
    expect(other.name).toBe('_3d_print');
    expect(name).not.toBe('_3d_print');
    expect(request.toolChoice).toEqual({ type: 'function', function: { name } });
    expect(request.messages[0]?.message.tool_calls?.[0]?.function.name).toBe(name);
    const answer = {
      message: calling('d', name),
      parts: [{ type: 'tool-call', toolCallId: 'd', toolName: name }],
    } as unknown as ModelAnswer;
    expect(restore(answer)).toMatchObject({
      message: calling('d', '3d_print'),
      parts: [{ toolName: '3d_print' }],
    });
  });

  test('that become one are told apart', () => {
    const long = 'n'.repeat(70);
    const { request } = renamed(openaiNames, {
      tools: [tool(`${long}a`), tool(`${long}b`), tool('поиск'), tool('検索')],
    });
    const names = request.tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/);
  });
});

describe('ids of calls', () => {
  const odd = 'functions.find:0';

  test('that a vendor refuses are replaced, the same in call and result', () => {
    const sent = sentMessages(anthropicNames, calling(odd), result(odd));
    const id = sent[0]?.tool_calls?.[0]?.id;
    expect(id).toMatch(/^[\w-]+$/);
    expect(sent[1]?.tool_call_id).toBe(id);
  });

  test('stay different, and the same from request to request', () => {
    const one = 'a'.repeat(80);
    const ids = [`${one}1`, `${one}2`].map(
      (id) => sentMessages(bedrockNames, calling(id))[0]?.tool_calls?.[0]?.id,
    );
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id?.length).toBeLessThanOrEqual(64);
    const later = sentMessages(bedrockNames, calling('b'), result('b'), calling(`${one}1`));
    expect(later[2]?.tool_calls?.[0]?.id).toBe(ids[0]);
  });

  test('that begin anew with every answer are told apart where a vendor wants it', () => {
    const messages = [calling('call_0'), result('call_0'), calling('call_0'), result('call_0')];
    expect(sentMessages(openaiNames, ...messages)).toEqual(messages);
    const [first, ofFirst, second, ofSecond] = sentMessages(anthropicNames, ...messages);
    expect(first?.tool_calls?.[0]?.id).toBe('call_0');
    expect(ofFirst?.tool_call_id).toBe('call_0');
    expect(second?.tool_calls?.[0]?.id).not.toBe('call_0');
    expect(ofSecond?.tool_call_id).toBe(second?.tool_calls?.[0]?.id);
  });

  test('that the vendor made itself go back to it as they are', () => {
    const author = { provider: 'openai', model: 'some-model' } as const;
    const long = `call_${'s'.repeat(400)}`;
    const { request } = renamed(openaiOwnNames, {
      messages: [{ message: calling(long), author }, { message: result(long) }],
    });
    expect(request.messages.map(({ message }) => message)).toEqual([calling(long), result(long)]);
  });
});

test('a description is cut at the vendor’s limit, with a warning', () => {
  const { request, warnings } = renamed(openaiNames, { tools: [tool('f', 'd'.repeat(2_000))] });
  expect(request.tools[0]?.description).toHaveLength(1_024);
  expect(warnings).toEqual([
    'Acme accepts 1024 characters of a tool’s description; that of `f` was cut.',
  ]);
  const uncut = renamed(anthropicNames, { tools: [tool('f', 'd'.repeat(2_000))] });
  expect(uncut.request.tools[0]?.description).toHaveLength(2_000);
});

test('the name of an author has no blanks where a vendor wants none', () => {
  const [message] = sentMessages(openaiNames, { role: 'user', name: 'Jo Doe', content: 'Hi' });
  expect(message?.name).toBe('Jo_Doe');
});
