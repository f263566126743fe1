import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, modelRequest } from '../../../test/support/model-call.ts';
import { deepseekProvider } from './deepseek-provider.ts';

const fake = await startFakeProvider();
const provider = deepseekProvider({ apiKey: 'a-key', baseUrl: `${fake.url}/deepseek` });
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

test('settings are sent under their names, and what DeepSeek lacks is warned of', async () => {
  const { answer } = await attempt(
    provider,
    modelRequest({
      model: 'deepseek-chat',
      maxTokens: 99,
      temperature: 0.5,
      stop: ['END'],
      seed: 7,
      logprobs: 2,
      tools: [{ name: 'look', description: 'Looks.', strict: true }],
      messages: [{ message: { role: 'user', content: 'Hello', name: 'ann' } }],
    }),
  );
  expect(fake.lastRequest.body).toEqual({
    model: 'deepseek-chat',
    messages: [{ role: 'user', content: 'Hello', name: 'ann' }],
    max_tokens: 99,
    temperature: 0.5,
    stop: ['END'],
    logprobs: true,
    top_logprobs: 2,
    tools: [
      {
        type: 'function',
        function: {
          name: 'look',
          description: 'Looks.',
          parameters: { type: 'object', properties: {} },
        },
      },
    ],
  });
  expect(answer.warnings).toEqual([
    'DeepSeek does not support strict tools; `strict` was left out.',
    'Seed is not supported and was left out.',
  ]);
});

test.each([
  ['high', { thinking: { type: 'enabled' }, reasoning_effort: 'high' }, 0],
  [2_000, { thinking: { type: 'enabled' }, reasoning_effort: 'low' }, 1],
  [0, { thinking: { type: 'disabled' } }, 0],
] as const)('the reasoning effort %j is sent', async (reasoningEffort, onWire, warnings) => {
  const request = modelRequest({ model: 'deepseek-v4-pro', reasoningEffort });
  const { answer } = await attempt(provider, request);
  expect(fake.lastRequest.body).toMatchObject(onWire);
  expect(answer.warnings).toHaveLength(warnings);
});

test('thinking takes no temperature, which is warned of', async () => {
  const request = modelRequest({ model: 'deepseek-v4-pro', temperature: 0.5 });
  const { answer } = await attempt(provider, request);
  expect(fake.lastRequest.body).not.toHaveProperty('temperature');
  expect(answer.warnings).toEqual([expect.stringContaining('Temperature has no effect')]);
});

test('a schema is put in words, with a warning', async () => {
  const schema = { type: 'object', properties: { a: { type: 'number' } } };
  const { answer } = await attempt(
    provider,
    modelRequest({ responseFormat: { type: 'json_schema', json_schema: { schema } } }),
  );
  expect(fake.lastRequest.body['messages']).toEqual([
    { role: 'system', content: expect.stringContaining(JSON.stringify(schema)) },
    { role: 'user', content: 'Hello' },
  ]);
  expect(answer.warnings).toHaveLength(1);
});

test('images are sent by address or as data, with their detail', async () => {
  const content = [
    {
      type: 'image_url' as const,
      image_url: { url: 'https://example.com/cat.png', detail: 'low' as const },
    },
    { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
  ];
  await attempt(provider, modelRequest({ messages: [{ message: { role: 'user', content } }] }));
  expect(fake.lastRequest.body['messages']).toEqual([{ role: 'user', content }]);
});

describe.each([{ stream: false }, { stream: true }])('with stream $stream', ({ stream }) => {
  test('an answer that was interrupted for lack of resources can be asked for again', async () => {
    fake.script([{ text: 'Once', finishReason: 'insufficient_system_resource' }]);
    const failure = await failureOf(attempt(provider, modelRequest({ stream })));
    expect(failure).toMatchObject({ kind: 'unavailable', isRetryable: true });
    expect(failure.message).toContain('for lack of resources');
  });
});
