import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, joined, modelRequest } from '../../../test/support/model-call.ts';
import type { ChatMessage } from '../../contract/chat.ts';
import type { ModelRequest } from '../provider.ts';
import { anthropicProvider } from './anthropic-provider.ts';

const fake = await startFakeProvider();
const provider = anthropicProvider({ apiKey: 'sk-ant-key', baseUrl: fake.url });
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const MODEL = 'claude-sonnet-4-5';

function request(fields: Partial<ModelRequest> = {}): ModelRequest {
  return modelRequest({ model: MODEL, ...fields });
}

const weather = {
  name: 'get_weather',
  description: 'The weather in a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};
const time = { name: 'get_time', description: 'The time.' };

/** The request body for this conversation. */
async function sent(messages: readonly ChatMessage[]) {
  const { answer } = await attempt(
    provider,
    request({ messages: messages.map((message) => ({ message })) }),
  );
  const { system, messages: onWire } = fake.lastRequest.body;
  return { system, messages: onWire, warnings: answer.warnings };
}

describe.each([{ stream: false }, { stream: true }])('with stream $stream', ({ stream }) => {
  test('text is answered with its finish reason and usage in disjoint buckets', async () => {
    fake.script([
      {
        text: ['Hel', 'lo ', 'wörld 😀'],
        usage: { input: 20, cacheRead: 100, cacheWrite: 7, output: 40 },
      },
    ]);
    const { answer, events } = await attempt(provider, request({ stream }));
    expect(answer.message).toEqual({ role: 'assistant', content: 'Hello wörld 😀' });
    expect(answer.finishReason).toBe('end_turn');
    expect(answer.usage).toEqual({
      inputTokens: 20,
      cacheReadTokens: 100,
      cacheWriteTokens: 7,
      outputTokens: 40,
      reasoningTokens: null,
    });
    expect(answer.parts).toBeUndefined();
    expect(answer.warnings).toEqual([]);
    expect(events.map((event) => event.delta)).toEqual(stream ? ['Hel', 'lo ', 'wörld 😀'] : []);
  });

  test('thinking tokens are counted when the vendor counts them', async () => {
    fake.script([{ text: 'Hi', usage: { input: 1, output: 40, reasoning: 30 } }]);
    const { answer } = await attempt(provider, request({ stream }));
    expect(answer.usage.reasoningTokens).toBe(30);
  });

  test('the provider request is the body that the vendor received', async () => {
    const { answer } = await attempt(
      provider,
      request({ stream, tools: [weather], other: { top_k: 5, x_extra: { deep: [1] } } }),
    );
    expect(answer.providerRequest).toEqual(fake.lastRequest.body);
    expect(fake.lastRequest.body).toMatchObject({ top_k: 5, x_extra: { deep: [1] } });
    expect(fake.lastRequest.path).toBe('/v1/messages');
    expect(fake.lastRequest.headers).toMatchObject({
      'x-api-key': 'sk-ant-key',
      'anthropic-version': '2023-06-01',
    });
  });

  test('the provider response is the whole body, with what the vendor added', async () => {
    fake.script([
      {
        thinking: [{ thinking: 'I should look.', signature: 'c2ln' }, { redacted: 'UkVE' }],
        text: 'Let me check.',
        toolCalls: [{ name: 'get_weather', arguments: { city: 'Paris' } }],
        extra: { x: { y: 1 } },
      },
    ]);
    const { answer } = await attempt(provider, request({ stream }));
    expect(answer.providerResponse).toEqual({
      id: 'msg_fake',
      type: 'message',
      role: 'assistant',
      model: MODEL,
      x: { y: 1 },
      content: [
        { type: 'thinking', thinking: 'I should look.', signature: 'c2ln' },
        { type: 'redacted_thinking', data: 'UkVE' },
        { type: 'text', text: 'Let me check.' },
        { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Paris' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 7,
        service_tier: 'standard',
      },
    });
  });

  test('thinking, its signatures and parallel tool calls go through a second turn', async () => {
    fake.script([
      {
        thinking: [{ thinking: 'I should look.', signature: 'c2lnLWE=' }, { redacted: 'UkVE' }],
        text: 'Let me check.',
        toolCalls: [
          { id: 'toolu_a', name: 'get_weather', arguments: { city: 'Paris' } },
          { id: 'toolu_b', name: 'get_time' },
        ],
      },
      { text: 'Done' },
      { text: 'Done' },
    ]);
    const first = request({ stream, tools: [weather, time], reasoningEffort: 2_000 });
    const { answer, events } = await attempt(provider, first);
    expect(answer.message).toEqual({
      role: 'assistant',
      content: 'Let me check.',
      thinking: [
        { type: 'thinking', thinking: 'I should look.', signature: 'c2lnLWE=' },
        { type: 'redacted_thinking', data: 'UkVE' },
      ],
      tool_calls: [
        {
          id: 'toolu_a',
          type: 'function',
          function: { name: 'get_weather', arguments: '{"city":"Paris"}' },
        },
        { id: 'toolu_b', type: 'function', function: { name: 'get_time', arguments: '{}' } },
      ],
    });
    expect(joined(events, 'reasoning')).toBe(stream ? 'I should look.' : '');

    const onWire = [
      { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'I should look.', signature: 'c2lnLWE=' },
          { type: 'redacted_thinking', data: 'UkVE' },
          { type: 'text', text: 'Let me check.' },
          { type: 'tool_use', id: 'toolu_a', name: 'get_weather', input: { city: 'Paris' } },
          { type: 'tool_use', id: 'toolu_b', name: 'get_time', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_a', content: 'rain' },
          { type: 'tool_result', tool_use_id: 'toolu_b', content: '' },
        ],
      },
    ];
    const second = (parts?: readonly unknown[]): ModelRequest => ({
      ...first,
      messages: [
        ...first.messages,
        { message: answer.message, parts },
        { message: { role: 'tool', tool_call_id: 'toolu_a', content: 'rain' } },
        { message: { role: 'tool', tool_call_id: 'toolu_b', content: '' } },
      ],
    });
    // Serialized in between, as the database does it.
    await attempt(provider, second(JSON.parse(JSON.stringify(answer.parts))));
    expect(fake.lastRequest.body['messages']).toEqual(onWire);
    await attempt(provider, second(undefined));
    expect(fake.lastRequest.body['messages']).toEqual(onWire);
  });

  test('parts keep the order in which a model thought and spoke', async () => {
    const content = [
      { type: 'thinking', thinking: 'A', signature: 'c2lnLTE=' },
      { type: 'text', text: 'One. ' },
      { type: 'thinking', thinking: 'B', signature: 'c2lnLTI=' },
      { type: 'text', text: 'Two.' },
      { type: 'tool_use', id: 'toolu_1', name: 'get_time', input: {} },
    ];
    const events = [
      { type: 'message_start', message: { ...message, content: [] } },
      ...content.flatMap((block, index) => [
        { type: 'content_block_start', index, content_block: block },
        { type: 'content_block_stop', index },
      ]),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ];
    // A block may start with all of its text; then no delta contains it.
    const deltas = withDeltas(events);
    fake.script([
      stream ? sse(deltas) : { body: { ...message, content, stop_reason: 'tool_use' } },
      { text: 'Done' },
    ]);
    const { answer } = await attempt(provider, request({ stream, tools: [time] }));
    expect(answer.message).toMatchObject({ content: 'One. Two.', tool_calls: [{ id: 'toolu_1' }] });
    await attempt(
      provider,
      request({
        stream,
        tools: [time],
        messages: [
          { message: { role: 'user', content: 'Hello' } },
          { message: answer.message, parts: answer.parts },
          { message: { role: 'tool', tool_call_id: 'toolu_1', content: 'noon' } },
        ],
      }),
    );
    expect(fake.lastRequest.body['messages']).toMatchObject([{}, { content }, {}]);
  });

  test('arguments that are not JSON come as the model wrote them', async () => {
    const broken = '{"city": "Par';
    fake.script([
      stream
        ? { toolCalls: [{ name: 'get_weather', arguments: broken }], finishReason: 'max_tokens' }
        : { text: 'Let me', finishReason: 'max_tokens' },
      { text: 'Sorry' },
    ]);
    const { answer } = await attempt(provider, request({ stream, tools: [weather] }));
    expect(answer.finishReason).toBe('max_tokens');
    if (!stream) return; // without a stream, Anthropic's input is always valid JSON
    expect(answer.message.tool_calls?.[0]?.function.arguments).toBe(broken);
    expect(answer.providerResponse).toMatchObject({ content: [{ input: broken }] });
    await attempt(
      provider,
      request({
        tools: [weather],
        messages: [
          { message: { role: 'user', content: 'Hello' } },
          { message: answer.message },
          { message: { role: 'tool', tool_call_id: 'toolu_1', content: 'not JSON' } },
        ],
      }),
    );
    expect(fake.lastRequest.body['messages']).toMatchObject([
      {},
      { content: [{ type: 'tool_use', input: { rawInvalidInput: broken } }] },
      {},
    ]);
  });

  test('any JSON object is asked for in words, with a warning', async () => {
    const { answer } = await attempt(
      provider,
      request({
        stream,
        responseFormat: { type: 'json_object' },
        messages: [
          { message: { role: 'system', content: 'Be kind.' } },
          { message: { role: 'user', content: 'Hello' } },
        ],
      }),
    );
    expect(fake.lastRequest.body['system']).toEqual([
      { type: 'text', text: expect.stringContaining('a single JSON object') },
      { type: 'text', text: 'Be kind.' },
    ]);
    expect(answer.warnings).toEqual([expect.stringContaining('no JSON mode without a schema')]);
  });

  test('a schema is enforced by the vendor when the model can', async () => {
    fake.script([{ text: '{"a":1}' }]);
    const { answer } = await attempt(
      provider,
      request({ stream, responseFormat: { type: 'json_schema', json_schema: { schema } } }),
    );
    expect(fake.lastRequest.body['output_config']).toMatchObject({
      format: { type: 'json_schema', schema },
    });
    expect(answer.message.content).toBe('{"a":1}');
  });

  test('a schema is a tool that must be called for a model that cannot enforce it', async () => {
    fake.script([{ toolCalls: [{ name: 'json', arguments: { a: 1 } }] }]);
    const { answer, events } = await attempt(
      provider,
      request({
        stream,
        model: 'claude-sonnet-4-20250514',
        responseFormat: { type: 'json_schema', json_schema: schema },
      }),
    );
    expect(fake.lastRequest.body).toMatchObject({
      tools: [{ name: 'json', input_schema: schema }],
      tool_choice: { type: 'any' },
    });
    expect(answer.message).toEqual({ role: 'assistant', content: '{"a":1}' });
    expect(joined(events, 'text')).toBe(stream ? '{"a":1}' : '');
  });
});

const schema = {
  type: 'object',
  properties: { a: { type: 'number' } },
  required: ['a'],
  additionalProperties: false,
};

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: MODEL,
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

test('a call that Anthropic runs itself goes back to it, when it paused in the middle', async () => {
  const search = {
    type: 'server_tool_use',
    id: 'srv_1',
    name: 'web_search',
    input: { query: 'x' },
  };
  fake.script([
    { body: { ...message, content: [search], stop_reason: 'pause_turn' } },
    { text: 'Done' },
  ]);
  const { answer } = await attempt(provider, request());
  expect(answer.finishReason).toBe('pause_turn');
  await attempt(
    provider,
    request({
      messages: [
        { message: { role: 'user', content: 'Hello' } },
        { message: answer.message, parts: answer.parts },
      ],
    }),
  );
  expect(fake.lastRequest.body['messages']).toMatchObject([{}, { content: [search] }]);
});

function sse(events: readonly object[]) {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  return { headers: { 'content-type': 'text/event-stream' }, body };
}

/** Blocks as Anthropic streams them: empty at first, then filled by deltas. */
function withDeltas(events: readonly object[]): readonly object[] {
  return events.flatMap((event) => {
    if (!('content_block' in event && 'index' in event)) return [event];
    const block = event.content_block as Record<string, string>;
    const delta = (fields: object) => ({
      type: 'content_block_delta',
      index: event.index,
      delta: fields,
    });
    if (block['type'] === 'text') {
      return [
        { ...event, content_block: { type: 'text', text: '' } },
        delta({ type: 'text_delta', text: block['text'] }),
      ];
    }
    if (block['type'] !== 'thinking') return [event];
    return [
      { ...event, content_block: { type: 'thinking', thinking: '', signature: '' } },
      delta({ type: 'thinking_delta', thinking: block['thinking'] }),
      delta({ type: 'signature_delta', signature: block['signature'] }),
    ];
  });
}

test('settings are sent under their names, and what Anthropic lacks is warned of', async () => {
  const { answer } = await attempt(
    provider,
    request({
      maxTokens: 99,
      temperature: 0.5,
      stop: ['END'],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
    }),
  );
  expect(fake.lastRequest.body).toEqual({
    model: MODEL,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    max_tokens: 99,
    temperature: 0.5,
    stop_sequences: ['END'],
  });
  expect(answer.warnings).toEqual([
    'FrequencyPenalty is not supported and was left out.',
    'PresencePenalty is not supported and was left out.',
    'Seed is not supported and was left out.',
  ]);
});

test.each([
  ['claude-3-haiku-20240307', 4_096],
  ['claude-3-5-sonnet-20241022', 8_192],
  ['claude-3-7-sonnet-20250219', 64_000],
  ['claude-opus-4-20250514', 32_000],
  ['claude-opus-4-1', 32_000],
  ['claude-sonnet-4-0', 64_000],
  ['claude-sonnet-4-5-20250929', 64_000],
  ['claude-opus-4-5', 64_000],
  ['claude-opus-4-6', 128_000],
  ['claude-sonnet-5', 128_000],
  ['claude-unheard-of', 128_000],
  ['some-other-model', 4_096],
])('%s is asked for up to %i tokens when the request does not say', async (model, limit) => {
  const { answer } = await attempt(provider, request({ model }));
  expect(fake.lastRequest.body['max_tokens']).toBe(limit);
  expect(answer.warnings).toEqual([]);
});

test('a budget of thinking tokens is added to the tokens of the answer', async () => {
  await attempt(provider, request({ reasoningEffort: 2_000, maxTokens: 500 }));
  expect(fake.lastRequest.body).toMatchObject({
    max_tokens: 2_500,
    thinking: { type: 'enabled', budget_tokens: 2_000 },
  });
  const { answer } = await attempt(provider, request({ reasoningEffort: 2_000 }));
  expect(fake.lastRequest.body['max_tokens']).toBe(64_000);
  expect(answer.warnings).toEqual([]);
});

test('a budget that is too small is raised, and one of 0 turns thinking off', async () => {
  const { answer } = await attempt(provider, request({ reasoningEffort: 100 }));
  expect(fake.lastRequest.body['thinking']).toEqual({ type: 'enabled', budget_tokens: 1_024 });
  expect(answer.warnings).toHaveLength(1);
  await attempt(provider, request({ reasoningEffort: 0 }));
  expect(fake.lastRequest.body['thinking']).toEqual({ type: 'disabled' });
});

test('a word for the effort becomes a budget, or the model’s own effort, with a warning', async () => {
  fake.respond(() => ({ text: 'Hi' }));
  const { answer } = await attempt(provider, request({ reasoningEffort: 'low' }));
  expect(fake.lastRequest.body['thinking']).toMatchObject({ type: 'enabled' });
  expect(answer.warnings).toEqual([
    'Anthropic takes a number of thinking tokens; `low` was converted to one.',
  ]);
  await attempt(provider, request({ model: 'claude-opus-4-6', reasoningEffort: 'high' }));
  expect(fake.lastRequest.body).toMatchObject({
    thinking: { type: 'adaptive' },
    output_config: { effort: 'high' },
  });
});

test.each([
  ['none', { type: 'none' }],
  ['auto', { type: 'auto' }],
  ['required', { type: 'any' }],
  [
    { type: 'function', function: { name: 'get_time' } },
    { type: 'tool', name: 'get_time' },
  ],
] as const)('the tool choice %j is sent', async (toolChoice, onWire) => {
  await attempt(provider, request({ tools: [weather, time], toolChoice }));
  expect(fake.lastRequest.body['tool_choice']).toEqual(onWire);
  expect(fake.lastRequest.body['tools']).toEqual([
    { name: 'get_weather', description: weather.description, input_schema: weather.parameters },
    {
      name: 'get_time',
      description: 'The time.',
      input_schema: { type: 'object', properties: {} },
    },
  ]);
});

test('system and developer messages stand at the start; later ones are moved there', async () => {
  const early = await sent([
    { role: 'system', content: 'Be kind.' },
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ]);
  expect(early).toEqual({
    system: [
      { type: 'text', text: 'Be kind.' },
      { type: 'text', text: 'Be brief.' },
    ],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    warnings: [],
  });
  fake.script([{ text: 'Hi' }]);
  const late = await sent([
    { role: 'user', content: 'Hi' },
    { role: 'system', content: 'Be kind.' },
  ]);
  expect(late).toEqual({
    system: [{ type: 'text', text: 'Be kind.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    warnings: ['Anthropic accepts system messages only at the start; later ones were moved there.'],
  });
});

test('consecutive messages of one role are one message', async () => {
  const { messages } = await sent([
    { role: 'user', content: 'One' },
    { role: 'user', content: 'Two' },
    { role: 'assistant', content: 'Three' },
    { role: 'assistant', content: 'Four' },
    { role: 'user', content: 'Five' },
  ]);
  expect(messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'One' },
        { type: 'text', text: 'Two' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Three' },
        { type: 'text', text: 'Four' },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'Five' }] },
  ]);
});

test('empty messages and names, which Anthropic refuses, are left out with a warning', async () => {
  expect(
    await sent([
      { role: 'system', content: '' },
      { role: 'user', content: 'Hi', name: 'ann' },
      { role: 'assistant', content: ' \n' },
      { role: 'user', content: [] },
      { role: 'user', content: 'Hi again' },
    ]),
  ).toEqual({
    system: undefined,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'text', text: 'Hi again' },
        ],
      },
    ],
    warnings: [
      'Anthropic does not accept empty messages; they were left out.',
      'Anthropic does not support names in messages; they were left out.',
    ],
  });
});

test('images are sent by address or as data, in messages and in tool results', async () => {
  const image = (url: string) => ({ type: 'image_url' as const, image_url: { url } });
  const { messages } = await sent([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        image('https://example.com/cat.png'),
        image('data:image/jpg;base64,/9j/4AAQ'),
      ],
    },
    {
      role: 'assistant',
      tool_calls: [{ id: 'toolu_1', type: 'function', function: { name: 'look' } }],
    },
    {
      role: 'tool',
      tool_call_id: 'toolu_1',
      content: [{ type: 'text', text: 'See:' }, image('data:image/png;base64,iVBORw0KGgo=')],
    },
  ]);
  expect(messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image', source: { type: 'url', url: 'https://example.com/cat.png' } },
        { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: '/9j/4AAQ' } },
      ],
    },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }] },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [
            { type: 'text', text: 'See:' },
            {
              type: 'image',
              source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
            },
          ],
        },
      ],
    },
  ]);
});

test('events of a kind that is not known yet are passed over', async () => {
  fake.script([{ text: 'Hi', inject: { after: 3, event: { type: 'weather_report', sun: 1 } } }]);
  const { answer } = await attempt(provider, request({ stream: true }));
  expect(answer.message.content).toBe('Hi');
});

test('the base URL may end with /v1 and a slash', async () => {
  const versioned = anthropicProvider({ apiKey: 'sk-ant-key', baseUrl: `${fake.url}/v1/` });
  await attempt(versioned, request());
  expect(fake.lastRequest.path).toBe('/v1/messages');
});

test('a text to complete is sent as a message of a user, with a warning', async () => {
  const { answer } = await attempt(
    provider,
    request({ endpoint: 'complete', suffix: 'The end.', logprobs: 2 }),
  );
  expect(fake.lastRequest.path).toBe('/v1/messages');
  expect(fake.lastRequest.body).toEqual({
    model: MODEL,
    max_tokens: 64_000,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  });
  expect(answer.warnings).toEqual([
    'Anthropic does not complete texts; the text was sent as a user message.',
    'Only completions can have a suffix; it was left out.',
    'Anthropic does not return probabilities; `logprobs` was left out.',
  ]);
});
