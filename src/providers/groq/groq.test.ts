import { afterAll, beforeEach, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, modelRequest } from '../../../test/support/model-call.ts';
import { groqProvider } from './groq-provider.ts';

const fake = await startFakeProvider();
const provider = groqProvider({ apiKey: 'a-groq-key', baseUrl: `${fake.url}/openai/v1` });
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

test('settings are sent under their names, and what Groq lacks is warned of', async () => {
  const { answer } = await attempt(
    provider,
    modelRequest({
      model: 'openai/gpt-oss-120b',
      maxTokens: 99,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
      seed: 7,
      logprobs: 2,
      reasoningEffort: 20_000,
      messages: [{ message: { role: 'user', content: 'Hello', name: 'ann' } }],
    }),
  );
  expect(fake.lastRequest.body).toEqual({
    model: 'openai/gpt-oss-120b',
    messages: [{ role: 'user', content: 'Hello' }],
    max_tokens: 99,
    temperature: 0.5,
    top_p: 0.9,
    stop: ['END'],
    seed: 7,
    reasoning_effort: 'high',
  });
  expect(answer.warnings).toEqual([
    'Groq does not return probabilities; `logprobs` was left out.',
    'Groq does not support names in messages; they were left out.',
    'Groq does not accept a number of reasoning tokens; 20000 was sent as `high`.',
  ]);
});

test('a schema beside tools is a tool that must be called, since Groq takes not both', async () => {
  const schema = { type: 'object', properties: { a: { type: 'number' } } };
  for (const stream of [false, true]) {
    fake.script([{ toolCalls: [{ name: 'json', arguments: { a: 1 } }] }]);
    const { answer } = await attempt(
      provider,
      modelRequest({
        stream,
        tools: [{ name: 'look', description: 'Looks.' }],
        responseFormat: { type: 'json_schema', json_schema: { schema } },
      }),
    );
    expect(fake.lastRequest.body).toMatchObject({ tool_choice: 'required' });
    expect(answer.message).toEqual({ role: 'assistant', content: '{"a":1}' });
  }
});

test('images are sent by address or as data', async () => {
  const image = (url: string) => ({ type: 'image_url' as const, image_url: { url } });
  const content = [
    { type: 'text' as const, text: 'See:' },
    image('https://example.com/cat.png'),
    image('data:image/png;base64,iVBORw0KGgo='),
  ];
  await attempt(provider, modelRequest({ messages: [{ message: { role: 'user', content } }] }));
  expect(fake.lastRequest.body['messages']).toEqual([{ role: 'user', content }]);
});
