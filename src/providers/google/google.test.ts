import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, modelRequest } from '../../../test/support/model-call.ts';
import type { ChatMessage } from '../../contract/chat.ts';
import type { ModelRequest } from '../provider.ts';
import { googleProvider } from './google-provider.ts';

const fake = await startFakeProvider();
const provider = googleProvider({ apiKey: 'a-google-key', baseUrl: `${fake.url}/v1beta` });
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const weather = {
  name: 'get_weather',
  description: 'The weather.',
  parameters: { type: 'object', properties: {} },
};

async function sent(fields: Partial<ModelRequest>) {
  const { answer } = await attempt(
    provider,
    modelRequest({ model: 'gemini-2.5-flash', ...fields }),
  );
  return { body: fake.lastRequest.body, warnings: answer.warnings };
}

const conversation = (messages: readonly ChatMessage[]) => ({
  messages: messages.map((message) => ({ message })),
});

test('settings are sent under their names, and what the model lacks is warned of', async () => {
  const { body, warnings } = await sent({
    maxTokens: 99,
    temperature: 0.5,
    topP: 0.9,
    stop: ['END'],
    seed: 7,
    presencePenalty: 0.1,
    logprobs: 1,
  });
  expect(body['generationConfig']).toEqual({
    maxOutputTokens: 99,
    temperature: 0.5,
    topP: 0.9,
    stopSequences: ['END'],
    seed: 7,
  });
  expect(warnings).toEqual([
    'Google does not return probabilities; `logprobs` was left out.',
    'PresencePenalty is not supported and was left out.',
  ]);
});

test('a generationConfig of other is added to what is there', async () => {
  const { body } = await sent({
    maxTokens: 99,
    other: { generationConfig: { topK: 5 }, safetySettings: [] },
  });
  expect(body).toMatchObject({
    generationConfig: { maxOutputTokens: 99, topK: 5 },
    safetySettings: [],
  });
});

test.each([
  ['gemini-2.5-flash', 2_000, { thinkingBudget: 2_000, includeThoughts: true }],
  ['gemini-2.5-flash', 0, { thinkingBudget: 0, includeThoughts: false }],
  ['gemini-3-pro-preview', 'high', { thinkingLevel: 'high', includeThoughts: true }],
] as const)('%s with the reasoning effort %j', async (model, reasoningEffort, thinkingConfig) => {
  const { body } = await sent({ model, reasoningEffort });
  expect(body).toMatchObject({ generationConfig: { thinkingConfig } });
});

test.each([
  ['none', { mode: 'NONE' }],
  ['auto', { mode: 'AUTO' }],
  ['required', { mode: 'ANY' }],
  [
    { type: 'function', function: { name: 'get_weather' } },
    { mode: 'ANY', allowedFunctionNames: ['get_weather'] },
  ],
] as const)('the tool choice %j is sent', async (toolChoice, functionCallingConfig) => {
  const { body } = await sent({ tools: [weather], toolChoice });
  expect(body).toMatchObject({ toolConfig: { functionCallingConfig } });
});

test('system messages stand apart, and what one side says in a row is one turn', async () => {
  const { body, warnings } = await sent(
    conversation([
      { role: 'user', content: 'One' },
      { role: 'user', content: 'Two' },
      { role: 'system', content: 'Be kind.' },
    ]),
  );
  expect(body['systemInstruction']).toEqual({ parts: [{ text: 'Be kind.' }] });
  expect(body['contents']).toEqual([{ role: 'user', parts: [{ text: 'One' }, { text: 'Two' }] }]);
  expect(warnings).toEqual([
    'Google accepts system messages only at the start; later ones were moved there.',
  ]);
});

test('images are sent as data, or by address with their type', async () => {
  const image = (url: string) => ({ type: 'image_url' as const, image_url: { url } });
  const { body, warnings } = await sent(
    conversation([
      {
        role: 'user',
        content: [
          image('data:image/png;base64,iVBORw0KGgo='),
          image('https://example.com/cat.webp?size=1'),
          image('https://example.com/cat'),
        ],
      },
    ]),
  );
  expect(body['contents']).toEqual([
    {
      role: 'user',
      parts: [
        { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
        { fileData: { mimeType: 'image/webp', fileUri: 'https://example.com/cat.webp?size=1' } },
        { fileData: { mimeType: 'image/jpeg', fileUri: 'https://example.com/cat' } },
      ],
    },
  ]);
  expect(warnings).toHaveLength(1);
});

test('arguments that are no object are sent back in one', async () => {
  const { body } = await sent({
    tools: [weather],
    ...conversation([
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        tool_calls: [
          { id: 'fc_1', type: 'function', function: { name: 'get_weather', arguments: '{"ci' } },
        ],
      },
      { role: 'tool', tool_call_id: 'fc_1', content: 'not JSON' },
    ]),
  });
  expect(body['contents']).toMatchObject([
    {},
    { parts: [{ functionCall: { args: { rawInvalidInput: '{"ci' } } }] },
    {},
  ]);
});

test('a key that is none is told apart from a bad request', async () => {
  const error = {
    code: 400,
    message: 'API key not valid. Please pass a valid API key.',
    status: 'INVALID_ARGUMENT',
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
  };
  fake.script([{ status: 400, body: { error } }]);
  const failure = await failureOf(attempt(provider, modelRequest()));
  expect(failure).toMatchObject({ kind: 'unauthorized', status: 400 });
});

describe.each([{ stream: false }, { stream: true }])('with stream $stream', ({ stream }) => {
  test('a prompt that was blocked is an empty answer that says why', async () => {
    const body = {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 4 },
    };
    fake.script([
      stream
        ? {
            headers: { 'content-type': 'text/event-stream' },
            body: `data: ${JSON.stringify(body)}\r\n\r\n`,
          }
        : { body },
    ]);
    const { answer } = await attempt(provider, modelRequest({ stream }));
    expect(answer).toMatchObject({
      message: { content: '' },
      finishReason: 'SAFETY',
      usage: { inputTokens: 4, outputTokens: null },
      providerResponse: body,
    });
  });

  test('a signature that comes after the last word goes back with it', async () => {
    fake.script([
      { thinking: [{ thinking: 'Hm.', signature: 'c2ln' }], text: 'Hello' },
      { text: 'Done' },
    ]);
    const request = modelRequest({ model: 'gemini-2.5-flash', stream });
    const { answer } = await attempt(provider, request);
    await attempt(provider, {
      ...request,
      messages: [
        ...request.messages,
        { message: answer.message, parts: answer.parts },
        { message: { role: 'user', content: 'And?' } },
      ],
    });
    expect(fake.lastRequest.body['contents']).toMatchObject([
      {},
      {
        parts: [
          { text: 'Hm.', thought: true },
          { text: 'Hello', thoughtSignature: 'c2ln' },
        ],
      },
      {},
    ]);
  });
});

test.each([
  [{ code: 429, status: 'RESOURCE_EXHAUSTED' }, 'rate_limited'],
  [{ code: 503, status: 'UNAVAILABLE' }, 'unavailable'],
  [{ code: 400, status: 'INVALID_ARGUMENT' }, 'rejected'],
  [{ code: 403, status: 'PERMISSION_DENIED' }, 'unauthorized'],
])('the error %j in a stream is a failure of kind %s', async (error, kind) => {
  const event = { error: { ...error, message: 'It was so.' } };
  fake.script([{ text: 'Hello there', inject: { after: 1, event } }]);
  const failure = await failureOf(attempt(provider, modelRequest({ stream: true })));
  expect(failure).toMatchObject({ kind, message: 'Google answered with an error: It was so.' });
});

test('a call whose arguments are streamed is one call, in the answer and in the log', async () => {
  const part = (functionCall: object) => ({
    candidates: [{ content: { parts: [{ functionCall }] } }],
  });
  const value = (stringValue: string) => ({
    partialArgs: [{ jsonPath: '$.city', stringValue, willContinue: true }],
    willContinue: true,
  });
  const chunks = [
    part({ name: 'weather', willContinue: true }),
    part(value('Trond')),
    part(value('heim')),
    part({}),
    { candidates: [{ finishReason: 'STOP' }] },
  ];
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');
  fake.script([{ body, headers: { 'content-type': 'text/event-stream' } }]);
  const { answer } = await attempt(provider, modelRequest({ stream: true }));
  expect(answer.message.tool_calls).toMatchObject([
    { function: { name: 'weather', arguments: '{"city":"Trondheim"}' } },
  ]);
  expect(answer.providerResponse).toMatchObject({
    candidates: [
      { content: { parts: [{ functionCall: { name: 'weather', args: { city: 'Trondheim' } } }] } },
    ],
  });
});
