import { afterAll, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../test/support/fake-provider.ts';
import { attempt, modelRequest } from '../../test/support/model-call.ts';
import { deepseekProvider } from './deepseek/deepseek-provider.ts';
import { groqProvider } from './groq/groq-provider.ts';
import { openaiProvider } from './openai/openai-provider.ts';
import type { Provider } from './provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const call = (more: object = {}) => ({
  id: 'call_1',
  type: 'function',
  function: { name: 'look', arguments: '{}' },
  ...more,
});

/** The assistant's message that the second request has, after an answer with this message. */
async function sentBack(provider: Provider, said: object): Promise<unknown> {
  const message = { role: 'assistant', content: null, ...said };
  fake.script([
    { body: { id: 'c', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] } },
    { text: 'Done' },
  ]);
  const first = modelRequest({ tools: [{ name: 'look', description: 'Looks.' }] });
  const { answer } = await attempt(provider, first);
  await attempt(provider, {
    ...first,
    messages: [
      ...first.messages,
      // Serialized in between, as the database does it.
      {
        message: answer.message,
        parts: JSON.parse(JSON.stringify(answer.parts ?? null)) ?? undefined,
      },
      { message: { role: 'tool', tool_call_id: 'call_1', content: 'ok' } },
    ],
  });
  const { messages } = fake.lastRequest.body as { messages: readonly unknown[] };
  return messages[1];
}

const at = `${fake.url}/v1`;
const providers: readonly [string, Provider][] = [
  ['a compatible server', openaiProvider({ apiKey: 'k', baseUrl: at })],
  ['DeepSeek', deepseekProvider({ apiKey: 'k', baseUrl: at })],
  ['Groq', groqProvider({ apiKey: 'k', baseUrl: at })],
];

describe.each(providers)('%s', (_name, provider) => {
  test.each([
    { reasoning_content: 'First I look.' },
    { reasoning_content: '' },
    { reasoning: 'First I look.' },
    { reasoning_details: [{ type: 'reasoning.encrypted', data: 'c2Vj' }] },
  ])('is sent back its thinking as it came: %j', async (thinking) => {
    const back = await sentBack(provider, { ...thinking, tool_calls: [call()] });
    expect(back).toMatchObject({ ...thinking, tool_calls: [call()] });
  });

  test('is sent back the signature of a call with the call', async () => {
    const signed = call({ extra_content: { google: { thought_signature: 'c2ln' } } });
    expect(await sentBack(provider, { tool_calls: [signed] })).toMatchObject({
      tool_calls: [signed],
    });
  });
});

test('a stream’s thinking is sent back whole', async () => {
  const [, provider] = providers[0] as [string, Provider];
  const chunk = (delta: object, finish_reason: string | null = null) =>
    `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const body = [
    chunk({ role: 'assistant', reasoning_content: 'First ' }),
    chunk({ reasoning_content: 'I look.' }),
    chunk({ content: 'Aye.' }),
    chunk({}, 'stop'),
    'data: [DONE]\n\n',
  ].join('');
  fake.script([{ headers: { 'content-type': 'text/event-stream' }, body }]);
  const { answer } = await attempt(provider, modelRequest({ stream: true }));
  expect(answer.parts).toContainEqual({
    type: 'wanted-back',
    message: { reasoning_content: 'First I look.' },
    calls: [],
  });
});
