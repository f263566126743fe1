import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, joined, modelRequest } from '../../../test/support/model-call.ts';
import type { ChatMessage } from '../../contract/chat.ts';
import { openaiProvider } from './openai-provider.ts';

const fake = await startFakeProvider();
const provider = openaiProvider({ apiKey: 'sk-openai-key', baseUrl: `${fake.url}/v1` });
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const weather = {
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const time = { name: 'get_time', description: 'The time.', strict: true };

/** The messages in the request body for this conversation. */
async function sent(messages: readonly ChatMessage[], model = 'gpt-4o'): Promise<unknown> {
  await attempt(
    provider,
    modelRequest({ model, messages: messages.map((message) => ({ message })) }),
  );
  return fake.lastRequest.body['messages'];
}

describe.each([{ stream: false }, { stream: true }])('with stream $stream', ({ stream }) => {
  test('text is answered with its finish reason and usage in disjoint buckets', async () => {
    fake.script([
      {
        text: ['Hel', 'lo ', 'wörld 😀'],
        usage: { input: 20, cacheRead: 100, output: 40, reasoning: 25 },
      },
    ]);
    const { answer, events } = await attempt(provider, modelRequest({ stream }));
    expect(answer.message).toEqual({ role: 'assistant', content: 'Hello wörld 😀' });
    expect(answer.finishReason).toBe('stop');
    expect(answer.usage).toEqual({
      inputTokens: 20,
      cacheReadTokens: 100,
      cacheWriteTokens: null,
      outputTokens: 40,
      reasoningTokens: 25,
    });
    expect(answer.parts).toBeUndefined();
    expect(answer.warnings).toEqual([]);
    expect(events.map((event) => event.delta)).toEqual(stream ? ['Hel', 'lo ', 'wörld 😀'] : []);
  });

  test('what the vendor did not say of usage is null', async () => {
    fake.script([
      { text: 'Hi', usage: { input: 3, output: 4 } },
      { text: 'Hi', usage: null },
    ]);
    const partly = await attempt(provider, modelRequest({ stream }));
    expect(partly.answer.usage).toEqual({
      inputTokens: 3,
      cacheReadTokens: null,
      cacheWriteTokens: null,
      outputTokens: 4,
      reasoningTokens: null,
    });
    const not = await attempt(provider, modelRequest({ stream }));
    expect(Object.values(not.answer.usage)).toEqual([null, null, null, null, null]);
  });

  test('the provider request is the body that the vendor received', async () => {
    const request = modelRequest({ stream, tools: [weather], other: { x_extra: { deep: [1] } } });
    const { answer } = await attempt(provider, request);
    expect(answer.providerRequest).toEqual(fake.lastRequest.body);
    expect(fake.lastRequest.path).toBe('/v1/chat/completions');
    expect(fake.lastRequest.headers['authorization']).toBe('Bearer sk-openai-key');
  });

  test('the provider response is the whole body, with what the vendor added', async () => {
    fake.script([
      {
        text: 'Hello there',
        toolCalls: [{ name: 'f', arguments: { a: 1 } }],
        extra: { x: { y: 1 } },
      },
    ]);
    const { answer } = await attempt(provider, modelRequest({ stream }));
    expect(answer.providerResponse).toEqual({
      id: 'chatcmpl-fake',
      object: 'chat.completion',
      created: 1_790_000_000,
      model: 'some-model',
      service_tier: 'default',
      system_fingerprint: 'fp_fake',
      x: { y: 1 },
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hello there',
            refusal: null,
            tool_calls: [
              { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 12,
        completion_tokens: 7,
        total_tokens: 19,
        prompt_tokens_details: { cached_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 0 },
      },
    });
  });

  test('parallel tool calls are answered, and their results sent back', async () => {
    fake.script([
      {
        toolCalls: [
          { id: 'call_a', name: 'get_weather', arguments: { city: 'Paris' } },
          { id: 'call_b', name: 'get_time' },
        ],
      },
      { text: 'Done' },
    ]);
    const request = modelRequest({ stream, tools: [weather, time] });
    const { answer } = await attempt(provider, request);
    expect(answer.finishReason).toBe('tool_calls');
    expect(answer.message).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          id: 'call_a',
          type: 'function',
          function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
        },
        { id: 'call_b', type: 'function', function: { name: 'get_time', arguments: '{}' } },
      ],
    });

    await attempt(provider, {
      ...request,
      messages: [
        ...request.messages,
        { message: answer.message, parts: answer.parts },
        { message: { role: 'tool', tool_call_id: 'call_a', content: 'rain' } },
        { message: { role: 'tool', tool_call_id: 'call_b', content: '' } },
      ],
    });
    expect(fake.lastRequest.body['messages']).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: null, tool_calls: answer.message.tool_calls },
      { role: 'tool', tool_call_id: 'call_a', content: 'rain' },
      { role: 'tool', tool_call_id: 'call_b', content: '' },
    ]);
  });

  test('arguments that are not JSON come as the model wrote them, and go back so', async () => {
    const broken = '{"city": "Par';
    fake.script([
      { toolCalls: [{ name: 'get_weather', arguments: broken }], finishReason: 'length' },
      { text: 'Sorry' },
    ]);
    const request = modelRequest({ stream, tools: [weather] });
    const { answer } = await attempt(provider, request);
    expect(answer.finishReason).toBe('length');
    expect(answer.message.tool_calls?.[0]?.function.arguments).toBe(broken);

    await attempt(provider, {
      ...request,
      messages: [
        ...request.messages,
        { message: answer.message },
        { message: { role: 'tool', tool_call_id: 'call_1', content: 'not JSON' } },
      ],
    });
    expect(fake.lastRequest.body['messages']).toMatchObject([
      {},
      { tool_calls: [{ function: { arguments: broken } }] },
      {},
    ]);
  });

  test('arguments that are empty are an empty object', async () => {
    fake.script([{ toolCalls: [{ name: 'get_time', arguments: '' }] }]);
    const { answer } = await attempt(provider, modelRequest({ stream, tools: [time] }));
    expect(answer.message.tool_calls?.[0]?.function.arguments).toBe('{}');
  });

  test('tool calls with the same id are told apart', async () => {
    fake.script([
      {
        toolCalls: [
          { id: 'same', name: 'get_time' },
          { id: 'same', name: 'get_weather' },
        ],
      },
    ]);
    const { answer } = await attempt(provider, modelRequest({ stream, tools: [time, weather] }));
    const ids = answer.message.tool_calls?.map((call) => call.id) ?? [];
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test('a refusal is the text of the answer', async () => {
    const message = { role: 'assistant', content: null, refusal: 'I will not.' };
    fake.script([
      stream
        ? {
            isFinished: true,
            inject: {
              after: 1,
              event: { choices: [{ index: 0, delta: { refusal: 'I will not.' } }] },
            },
          }
        : { body: { choices: [{ index: 0, message, finish_reason: 'stop' }] } },
    ]);
    const { answer } = await attempt(provider, modelRequest({ stream }));
    expect(answer.message.content).toBe('I will not.');
  });

  test('probabilities that are asked for come with the response', async () => {
    fake.script([{ text: ['Hel', 'lo'] }]);
    const { answer } = await attempt(provider, modelRequest({ stream, logprobs: 1 }));
    expect(fake.lastRequest.body).toMatchObject({ logprobs: true, top_logprobs: 1 });
    const some = { logprob: -0.25, bytes: null };
    const top_logprobs = [{ token: 'id', ...some }];
    expect(answer.providerResponse).toMatchObject({
      choices: [
        {
          logprobs: {
            content: [
              { token: 'Hel', ...some, top_logprobs },
              { token: 'lo', ...some, top_logprobs },
            ],
            refusal: null,
          },
        },
      ],
    });
    expect(answer.warnings).toEqual([]);
  });

  test('fields of other reach the wire and win, but for those that say how to read the answer', async () => {
    const other = {
      temperature: 0.1,
      logit_bias: { 50256: -100 },
      user: 'u1',
      stream: !stream,
      n: 3,
    };
    const { answer } = await attempt(provider, modelRequest({ stream, temperature: 0.9, other }));
    const { body } = fake.lastRequest;
    expect(body).toMatchObject({ temperature: 0.1, logit_bias: { 50256: -100 }, user: 'u1' });
    expect(body['stream'] ?? false).toBe(stream);
    expect(body).not.toHaveProperty('n');
    expect(answer.warnings).toHaveLength(2);
  });
});

test('settings are sent under their names', async () => {
  await attempt(
    provider,
    modelRequest({
      model: 'gpt-4o',
      maxTokens: 99,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
    }),
  );
  expect(fake.lastRequest.body).toEqual({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Hello' }],
    max_tokens: 99,
    temperature: 0.5,
    top_p: 0.9,
    stop: ['END'],
    presence_penalty: 0.1,
    frequency_penalty: 0.2,
    seed: 7,
  });
});

test('no alternatives of tokens can be asked for with the probabilities', async () => {
  await attempt(provider, modelRequest({ logprobs: 0 }));
  expect(fake.lastRequest.body).toMatchObject({ logprobs: true, top_logprobs: 0 });
});

test('a suffix is left out of a chat, with a warning', async () => {
  const { answer } = await attempt(provider, modelRequest({ suffix: 'The end.' }));
  expect(fake.lastRequest.body).toEqual({
    model: 'some-model',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(answer.warnings).toEqual(['Only completions can have a suffix; it was left out.']);
});

test('tools are sent as functions, one without parameters with an empty object', async () => {
  await attempt(provider, modelRequest({ tools: [weather, time], toolChoice: 'required' }));
  expect(fake.lastRequest.body['tools']).toEqual([
    { type: 'function', function: weather },
    { type: 'function', function: { ...time, parameters: { type: 'object', properties: {} } } },
  ]);
});

test.each([
  ['none', 'none'],
  ['auto', 'auto'],
  ['required', 'required'],
  [
    { type: 'function', function: { name: 'get_time' } },
    { type: 'function', function: { name: 'get_time' } },
  ],
] as const)('the tool choice %j is sent', async (toolChoice, onWire) => {
  await attempt(provider, modelRequest({ tools: [time], toolChoice }));
  expect(fake.lastRequest.body['tool_choice']).toEqual(onWire);
});

test('a tool choice without tools is not sent', async () => {
  await attempt(provider, modelRequest({ toolChoice: 'auto' }));
  expect(fake.lastRequest.body).not.toHaveProperty('tool_choice');
});

test('roles and names are sent as they are', async () => {
  const messages: ChatMessage[] = [
    { role: 'system', content: 'Be kind.', name: 'boss' },
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: 'Hi', name: 'ann' },
    { role: 'user', content: 'Hi again' },
    { role: 'assistant', content: 'Hello', name: 'bot' },
    { role: 'assistant', content: '' },
    { role: 'system', content: 'Now in French.' },
  ];
  expect(await sent(messages)).toEqual(messages);
});

test('a model that reasons is given developer messages and max_completion_tokens', async () => {
  fake.script([{ text: 'Hi' }]);
  const { answer } = await attempt(
    provider,
    modelRequest({
      model: 'o3',
      maxTokens: 50,
      temperature: 1,
      reasoningEffort: 'high',
      messages: [{ message: { role: 'system', content: 'Be kind.' } }],
    }),
  );
  expect(fake.lastRequest.body).toEqual({
    model: 'o3',
    messages: [{ role: 'developer', content: 'Be kind.' }],
    max_completion_tokens: 50,
    reasoning_effort: 'high',
  });
  expect(answer.warnings).toEqual(['Temperature is not supported for reasoning models.']);
});

test('a budget of reasoning tokens is sent as the nearest word, with a warning', async () => {
  const { answer } = await attempt(provider, modelRequest({ model: 'o3', reasoningEffort: 8_000 }));
  expect(fake.lastRequest.body['reasoning_effort']).toBe('medium');
  expect(answer.warnings).toEqual([
    'OpenAI does not accept a number of reasoning tokens; 8000 was sent as `medium`.',
  ]);
});

test('images are sent by address or as data, with their detail', async () => {
  const image_url = { url: 'https://example.com/cat.png?size=1&x=%20', detail: 'low' as const };
  const data = { url: 'data:image/png;base64,iVBORw0KGgo=' };
  expect(
    await sent([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url },
          { type: 'image_url', image_url: data },
          { type: 'image_url', image_url: { url: 'iVBORw0KGgo=' } },
        ],
      },
    ]),
  ).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url },
        { type: 'image_url', image_url: data },
        { type: 'image_url', image_url: data },
      ],
    },
  ]);
});

test('an image that is no image is rejected before anything is sent', async () => {
  const before = fake.requests.length;
  const failure = await failureOf(
    sent([{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'ftp://x y' } }] }]),
  );
  expect(failure.kind).toBe('rejected');
  expect(failure.message).toMatch(/^The request cannot be sent to OpenAI: an image has a URL/);
  expect(fake.requests).toHaveLength(before);
});

test('empty content is sent as empty text', async () => {
  expect(
    await sent([
      { role: 'user', content: '' },
      { role: 'user', content: null },
      { role: 'user', content: [] },
      { role: 'assistant' },
    ]),
  ).toEqual([
    { role: 'user', content: '' },
    { role: 'user', content: '' },
    { role: 'user', content: '' },
    { role: 'assistant', content: '' },
  ]);
});

test('a tool result in parts is sent as text, without its images', async () => {
  const looking: ChatMessage = {
    role: 'assistant',
    content: '',
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } }],
  };
  const { answer } = await attempt(
    provider,
    modelRequest({
      messages: [
        { message: looking },
        {
          message: {
            role: 'tool',
            tool_call_id: 'call_1',
            content: [
              { type: 'text', text: 'one' },
              { type: 'text', text: 'two' },
              { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
            ],
          },
        },
      ],
    }),
  );
  expect(fake.lastRequest.body['messages']).toEqual([
    { ...looking, content: null },
    { role: 'tool', tool_call_id: 'call_1', content: 'one\ntwo' },
  ]);
  expect(answer.warnings).toEqual([
    'OpenAI does not accept images in tool messages; they were left out.',
  ]);
});

test("another vendor's thinking and parts are left out", async () => {
  const message: ChatMessage = {
    role: 'assistant',
    content: 'Hi',
    thinking: [{ type: 'thinking', thinking: 'Hm.', signature: 'c2ln' }],
  };
  const parts = [
    { type: 'reasoning', text: 'Hm.', providerMetadata: { anthropic: { signature: 'c2ln' } } },
    { type: 'text', text: 'Other' },
  ];
  const { answer } = await attempt(provider, modelRequest({ messages: [{ message, parts }] }));
  expect(fake.lastRequest.body['messages']).toEqual([{ role: 'assistant', content: 'Hi' }]);
  expect(answer.warnings).toEqual(['OpenAI does not accept earlier thinking; it was left out.']);
});

const schema = {
  type: 'object',
  properties: { a: { type: 'number' } },
  required: ['a'],
  additionalProperties: false,
};

test.each([
  [{ type: 'json_object' }, { type: 'json_object' }],
  [
    {
      type: 'json_schema',
      json_schema: { name: 'answer', description: 'd', schema, strict: true },
    },
    {
      type: 'json_schema',
      json_schema: { name: 'answer', description: 'd', schema, strict: true },
    },
  ],
  [
    { type: 'json_schema', json_schema: schema },
    { type: 'json_schema', json_schema: { name: 'response', schema, strict: false } },
  ],
] as const)('the response format %j is sent', async (responseFormat, onWire) => {
  await attempt(provider, modelRequest({ responseFormat }));
  expect(fake.lastRequest.body['response_format']).toEqual(onWire);
});

test('an answer with several choices in its stream is folded by their index', async () => {
  const choice = (index: number, content: string, finish: string | null = null) =>
    `data: ${JSON.stringify({
      id: 'x',
      choices: [{ index, delta: { content }, finish_reason: finish, filter: { hate: false } }],
    })}\n\n`;
  const body = `${choice(0, 'a')}${choice(0, 'b', 'stop')}data: [DONE]\n\n`;
  fake.script([{ headers: { 'content-type': 'text/event-stream' }, body }]);
  const { answer } = await attempt(provider, modelRequest({ stream: true }));
  expect(answer.providerResponse).toEqual({
    id: 'x',
    object: 'chat.completion',
    choices: [
      { index: 0, message: { content: 'ab' }, finish_reason: 'stop', filter: { hate: false } },
    ],
  });
});

test('a stream without [DONE] is whole once its finish reason has come', async () => {
  const chunk = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
  const start = chunk({ choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: null }] });
  const finish = chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  const usage = chunk({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } });
  const headers = { 'content-type': 'text/event-stream' };
  for (const body of [start + finish + usage, start + finish]) {
    fake.script([{ headers, body }]);
    const { answer, events } = await attempt(provider, modelRequest({ stream: true }));
    expect(answer.message.content).toBe('Hi');
    expect(joined(events, 'text')).toBe('Hi');
  }
  fake.script([{ headers, body: start + usage }]);
  const failure = await failureOf(attempt(provider, modelRequest({ stream: true })));
  expect(failure.kind).toBe('nonsense');
});

test('the base URL may end with a slash', async () => {
  const slashed = openaiProvider({ apiKey: 'sk-openai-key', baseUrl: `${fake.url}/v1/` });
  await attempt(slashed, modelRequest());
  expect(fake.lastRequest.path).toBe('/v1/chat/completions');
});
