import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../test/support/fake-provider.ts';
import { attempt, joined, modelRequest } from '../../test/support/model-call.ts';
import { azureProvider } from './azure/azure-provider.ts';
import { bedrockProvider } from './bedrock/bedrock-provider.ts';
import { cohereProvider } from './cohere/cohere-provider.ts';
import { deepseekProvider } from './deepseek/deepseek-provider.ts';
import { googleProvider } from './google/google-provider.ts';
import { groqProvider } from './groq/groq-provider.ts';
import type { Provider } from './provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const key = 'a-long-secret-key';
const { url } = fake;
const callA = {
  id: 'call_a',
  type: 'function',
  function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
};
const callB = { id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '{}' } };

/** What vendors of chat completions receive after a turn with two calls. */
const chatTurns = (more: object = {}) => [
  { role: 'user', content: 'Hello' },
  { role: 'assistant', tool_calls: [callA, callB], ...more },
  { role: 'tool', tool_call_id: 'call_a', content: 'rain' },
  { role: 'tool', tool_call_id: 'call_b', content: 'noon' },
];

interface Vendor {
  readonly name: string;
  readonly provider: Provider;
  readonly model: string;
  /** The name and the value of the header with the key. */
  readonly keyHeader: readonly [string, string];
  readonly path: readonly [whole: string, stream: string];
  readonly finishReasons: readonly [text: string, tools: string, cut: string];
  /** Buckets of usage that the vendor does not report. */
  readonly untold: readonly string[];
  /** Whether the vendor may report no usage at all. */
  readonly mayTellNone: boolean;
  /** What the vendor receives of the conversation after two parallel calls, and in which field. */
  readonly second: readonly [field: string, turns: unknown];
  /** Where the request's `other` of `{ x_extra: { deep: [1] } }` ends up in the body. */
  readonly other: object;
  /** How a JSON schema is requested. */
  readonly schema: object;
}

const schema = {
  type: 'object',
  properties: { a: { type: 'number' } },
  required: ['a'],
  additionalProperties: false,
};
const extra = { x_extra: { deep: [1] } };
const chatSchema = {
  response_format: { type: 'json_schema', json_schema: { schema, name: 'response' } },
};

const vendors: readonly Vendor[] = [
  {
    name: 'azure',
    provider: azureProvider({ apiKey: key, endpoint: `${url}/`, apiVersion: '2024-10-21' }),
    model: 'my-deployment',
    keyHeader: ['api-key', key],
    path: [
      '/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21',
      '/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21',
    ],
    finishReasons: ['stop', 'tool_calls', 'length'],
    untold: [],
    mayTellNone: true,
    second: ['messages', chatTurns({ content: 'Let me check.' })],
    other: extra,
    schema: chatSchema,
  },
  {
    name: 'google',
    provider: googleProvider({ apiKey: key, baseUrl: `${url}/v1beta` }),
    model: 'gemini-3-pro-preview',
    keyHeader: ['x-goog-api-key', key],
    path: [
      '/v1beta/models/gemini-3-pro-preview:generateContent',
      '/v1beta/models/gemini-3-pro-preview:streamGenerateContent?alt=sse',
    ],
    finishReasons: ['STOP', 'STOP', 'MAX_TOKENS'],
    untold: ['cacheWriteTokens'],
    mayTellNone: true,
    second: [
      'contents',
      [
        { role: 'user', parts: [{ text: 'Hello' }] },
        {
          role: 'model',
          parts: [
            { text: 'I should look.', thought: true },
            { text: 'Let me check.' },
            {
              functionCall: { id: 'call_a', name: 'get_weather', args: { city: 'Paris' } },
              thoughtSignature: 'c2lnLWE=',
            },
            { functionCall: { id: 'call_b', name: 'get_time', args: {} } },
          ],
        },
        {
          role: 'user',
          parts: [
            functionResponse('call_a', 'get_weather', 'rain'),
            functionResponse('call_b', 'get_time', 'noon'),
          ],
        },
      ],
    ],
    other: extra,
    schema: {
      generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema },
    },
  },
  {
    name: 'bedrock',
    provider: bedrockProvider({ apiKey: key, region: undefined, baseUrl: url }),
    model: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
    keyHeader: ['authorization', `Bearer ${key}`],
    path: [
      '/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse',
      '/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream',
    ],
    finishReasons: ['end_turn', 'tool_use', 'max_tokens'],
    untold: ['reasoningTokens'],
    mayTellNone: false,
    second: [
      'messages',
      [
        { role: 'user', content: [{ text: 'Hello' }] },
        {
          role: 'assistant',
          content: [
            {
              reasoningContent: {
                reasoningText: { text: 'I should look.', signature: 'c2lnLWE=' },
              },
            },
            { text: 'Let me check.' },
            { toolUse: { toolUseId: 'call_a', name: 'get_weather', input: { city: 'Paris' } } },
            { toolUse: { toolUseId: 'call_b', name: 'get_time', input: {} } },
          ],
        },
        {
          role: 'user',
          content: [
            { toolResult: { toolUseId: 'call_a', content: [{ text: 'rain' }] } },
            { toolResult: { toolUseId: 'call_b', content: [{ text: 'noon' }] } },
          ],
        },
      ],
    ],
    other: { additionalModelRequestFields: extra },
    schema: {
      additionalModelRequestFields: {
        output_config: { format: { type: 'json_schema', schema } },
      },
    },
  },
  {
    name: 'cohere',
    provider: cohereProvider({ apiKey: key, baseUrl: `${url}/v2` }),
    model: 'command-a-03-2025',
    keyHeader: ['authorization', `Bearer ${key}`],
    path: ['/v2/chat', '/v2/chat'],
    finishReasons: ['COMPLETE', 'TOOL_CALL', 'MAX_TOKENS'],
    untold: ['cacheWriteTokens', 'reasoningTokens'],
    mayTellNone: false,
    second: ['messages', chatTurns({ tool_plan: 'Let me check.' })],
    other: extra,
    schema: { response_format: { type: 'json_object', json_schema: schema } },
  },
  {
    name: 'groq',
    provider: groqProvider({ apiKey: key, baseUrl: `${url}/openai/v1` }),
    model: 'openai/gpt-oss-120b',
    keyHeader: ['authorization', `Bearer ${key}`],
    path: ['/openai/v1/chat/completions', '/openai/v1/chat/completions'],
    finishReasons: ['stop', 'tool_calls', 'length'],
    untold: [],
    mayTellNone: true,
    second: ['messages', chatTurns({ content: 'Let me check.', reasoning: 'I should look.' })],
    other: extra,
    schema: chatSchema,
  },
  {
    name: 'deepseek',
    provider: deepseekProvider({ apiKey: key, baseUrl: `${url}/deepseek` }),
    model: 'deepseek-v4-pro',
    keyHeader: ['authorization', `Bearer ${key}`],
    path: ['/deepseek/chat/completions', '/deepseek/chat/completions'],
    finishReasons: ['stop', 'tool_calls', 'length'],
    untold: ['cacheWriteTokens'],
    mayTellNone: true,
    second: [
      'messages',
      chatTurns({ content: 'Let me check.', reasoning_content: 'I should look.' }),
    ],
    other: extra,
    schema: { response_format: { type: 'json_object' } },
  },
];

function functionResponse(id: string, name: string, content: string) {
  return { functionResponse: { id, name, response: { name, content } } };
}

const weather = {
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};
const time = { name: 'get_time', description: 'The time.' };

const cases = vendors.flatMap((vendor) =>
  [false, true].map((stream) => ({ ...vendor, stream, how: stream ? 'streamed' : 'whole' })),
);

describe.each(cases)('$name, $how', (vendor) => {
  const { provider, model, stream } = vendor;
  const request = modelRequest({ model, stream });
  const [ofText, ofTools, ofCut] = vendor.finishReasons;

  test('text is answered with its finish reason and usage in disjoint buckets', async () => {
    const text = ['Hel', 'lo ', 'wörld 😀'];
    const usage = { input: 20, cacheRead: 100, cacheWrite: 7, output: 40, reasoning: 25 };
    const told = {
      inputTokens: 20,
      cacheReadTokens: 100,
      cacheWriteTokens: 7,
      outputTokens: 40,
      reasoningTokens: 25,
    };
    fake.script([{ text, usage }]);
    const { answer, events } = await attempt(provider, request);
    expect(answer.message).toEqual({ role: 'assistant', content: 'Hello wörld 😀' });
    expect(answer.finishReason).toBe(ofText);
    const untold = Object.fromEntries(vendor.untold.map((bucket) => [bucket, null]));
    expect(answer.usage).toEqual({ ...told, ...untold });
    expect(answer.warnings).toEqual([]);
    expect(events.map((event) => event.delta)).toEqual(stream ? text : []);
  });

  test('what the vendor did not say of usage is null', async () => {
    fake.script([{ text: 'Hi', usage: { input: 3, output: 4 } }]);
    const { answer } = await attempt(provider, request);
    expect(answer.usage).toEqual({
      inputTokens: 3,
      cacheReadTokens: null,
      cacheWriteTokens: null,
      outputTokens: 4,
      reasoningTokens: null,
    });
  });

  test('the provider request is the body that the vendor received, and has no key', async () => {
    const { answer } = await attempt(provider, { ...request, tools: [weather], other: extra });
    const { body, headers, path } = fake.lastRequest;
    expect(answer.providerRequest).toEqual(body);
    expect(body).toMatchObject(vendor.other);
    expect(path).toBe(vendor.path[stream ? 1 : 0]);
    expect(headers[vendor.keyHeader[0]]).toBe(vendor.keyHeader[1]);
    expect(JSON.stringify([body, path])).not.toContain(key);
  });

  test('reasoning and parallel tool calls go through a second turn', async () => {
    fake.script([
      {
        thinking: [{ thinking: 'I should look.', signature: 'c2lnLWE=' }],
        text: 'Let me check.',
        toolCalls: [
          { id: 'call_a', name: 'get_weather', arguments: { city: 'Paris' } },
          { id: 'call_b', name: 'get_time' },
        ],
      },
      { text: 'Done' },
    ]);
    const first = { ...request, tools: [weather, time] };
    const { answer, events } = await attempt(provider, first);
    expect(answer.finishReason).toBe(ofTools);
    expect(answer.message).toMatchObject({
      role: 'assistant',
      content: 'Let me check.',
      tool_calls: [callA, callB],
    });
    const canReason = vendor.name !== 'azure';
    expect(joined(events, 'reasoning')).toBe(stream && canReason ? 'I should look.' : '');

    const { answer: last } = await attempt(provider, {
      ...first,
      messages: [
        ...request.messages,
        // Serialized in between, as the database does it.
        { message: answer.message, parts: JSON.parse(JSON.stringify(answer.parts ?? null)) },
        { message: { role: 'tool', tool_call_id: 'call_a', content: 'rain' } },
        { message: { role: 'tool', tool_call_id: 'call_b', content: 'noon' } },
      ],
    });
    const [field, turns] = vendor.second;
    expect(fake.lastRequest.body[field]).toEqual(turns);
    expect(last.message.content).toBe('Done');
    expect(last.warnings).toEqual([]);
  });

  test('an answer that was cut says so', async () => {
    fake.script([{ text: 'Once upon a', finishReason: ofCut }]);
    const { answer } = await attempt(provider, request);
    expect(answer.finishReason).toBe(ofCut);
    expect(answer.message.content).toBe('Once upon a');
  });

  test('a schema for the answer is asked for as the vendor has it', async () => {
    fake.script([{ text: '{"a":1}' }]);
    const { answer } = await attempt(provider, {
      ...request,
      responseFormat: { type: 'json_schema', json_schema: { schema } },
    });
    expect(fake.lastRequest.body).toMatchObject(vendor.schema);
    expect(answer.message.content).toBe('{"a":1}');
  });
});

test.each(vendors)('$name: a stream adds up to the body that comes without one', async (vendor) => {
  const answer = {
    thinking: [{ thinking: 'I should look.', signature: 'c2lnLWE=' }],
    text: 'Let me check, please.',
    toolCalls: [{ name: 'get_weather', arguments: { city: 'Pa"ris' } }, { name: 'get_time' }],
    extra: { x: { y: 1 } },
  };
  fake.script([answer, answer]);
  const request = modelRequest({ model: vendor.model, tools: [weather, time] });
  const whole = await attempt(vendor.provider, request);
  const streamed = await attempt(vendor.provider, { ...request, stream: true });
  expect(streamed.answer.providerResponse).toMatchObject(whole.answer.providerResponse as object);
  expect(streamed.answer.message).toEqual(whole.answer.message);
  // DeepSeek's package puts the text after the calls in one case, and before them in the other.
  expect(new Set(streamed.answer.parts)).toEqual(new Set(whole.answer.parts));
  expect(streamed.answer.usage).toEqual(whole.answer.usage);
});

const silent = cases.filter(({ mayTellNone }) => mayTellNone);

test.each(silent)('$name, $how: no usage at all is null in all buckets', async (vendor) => {
  fake.script([{ text: 'Hi', usage: null }]);
  const { model, stream } = vendor;
  const { answer } = await attempt(vendor.provider, modelRequest({ model, stream }));
  expect(Object.values(answer.usage)).toEqual([null, null, null, null, null]);
});
