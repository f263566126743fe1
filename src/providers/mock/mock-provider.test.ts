import { describe, expect, test } from 'vitest';
import type { ChatMessage, ToolFunction } from '../../contract/chat.ts';
import type { ModelAnswer, ModelEvent, ModelRequest } from '../provider.ts';
import { mockProvider, type Sleep } from './mock-provider.ts';

const getBalance: ToolFunction = {
  name: 'get_balance',
  description: 'The balance of an account.',
  parameters: {
    type: 'object',
    properties: { account: { type: 'string' } },
    required: ['account'],
  },
};
const getLimit: ToolFunction = { ...getBalance, name: 'get-limit' };
const finish: ToolFunction = {
  name: 'finish',
  description: 'Ends the run.',
  parameters: { type: 'object', properties: { output: { type: 'string' } } },
};
const question: ChatMessage = { role: 'user', content: 'Please get_balance of AC-1001.' };

function requestOf(
  messages: readonly ChatMessage[],
  fields: Partial<Omit<ModelRequest, 'messages'>> = {},
): ModelRequest {
  return {
    model: 'any',
    tools: [],
    stream: false,
    other: {},
    ...fields,
    messages: messages.map((message) => ({ message })),
  };
}

const scripted = (...script: unknown[]) => ({ other: { script } });

async function ask(
  request: ModelRequest,
  { sleep, signal }: { sleep?: Sleep; signal?: AbortSignal } = {},
): Promise<{ events: ModelEvent[]; answer: ModelAnswer }> {
  const attempt = mockProvider(sleep && { sleep }).attempt(request, {
    apiKey: undefined,
    signal: signal ?? new AbortController().signal,
  });
  const events: ModelEvent[] = [];
  for (;;) {
    const next = await attempt.next();
    if (next.done) return { events, answer: next.value };
    events.push(next.value);
  }
}

const answerTo = async (...given: Parameters<typeof requestOf>): Promise<ModelAnswer> =>
  (await ask(requestOf(...given))).answer;

const toolCallPairs = ({ message }: ModelAnswer): [string, unknown][] =>
  (message.tool_calls ?? []).map(({ function: { name, arguments: json } }) => [
    name,
    JSON.parse(json ?? ''),
  ]);

describe('without a script', () => {
  test('it says what the user said', async () => {
    const { message, finishReason, warnings } = await answerTo([question]);
    expect(message).toEqual({
      role: 'assistant',
      content: 'You said: Please get_balance of AC-1001.',
    });
    expect(finishReason).toBe('stop');
    expect(warnings).toEqual([]);
  });

  test('it shows the prompt where there is no user message, and marks images', async () => {
    expect((await answerTo([{ role: 'system', content: 'Be kind.' }])).message.content).toBe(
      'The prompt says: Be kind.',
    );
    const picture: ChatMessage = {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      ],
    };
    expect((await answerTo([picture])).message.content).toBe('You said: What is this? [image]');
    expect((await answerTo([])).message.content).toBe('The prompt says: ');
  });

  test('it calls the tools that the user names, in their order, all at once', async () => {
    const tools = [getBalance, getLimit, finish];
    const content = 'I want the Get Limit and then the get_balance of AC-1001';
    const answer = await answerTo([{ role: 'user', content }], { tools });
    expect(answer.message.content).toBe(null);
    expect(answer.finishReason).toBe('tool_calls');
    expect(toolCallPairs(answer)).toEqual([
      ['get-limit', { account: 'AC-1001' }],
      ['get_balance', { account: 'AC-1001' }],
    ]);
  });

  test('it calls no tool whose name is only part of a word or of a longer name', async () => {
    const tools = ['get', 'get_balance', 'balance'].map((name) => ({ ...getBalance, name }));
    const callsFor = async (content: string) =>
      toolCallPairs(await answerTo([{ role: 'user', content }], { tools })).map(([name]) => name);
    expect(await callsFor('forget it, unbalanced')).toEqual([]);
    expect(await callsFor('get balance')).toEqual(['get_balance']);
    expect(await callsFor('get_balance and get')).toEqual(['get_balance', 'get']);
  });

  test('it calls nothing that was named before its last answer', async () => {
    const answered: ChatMessage[] = [question, { role: 'assistant', content: 'Done.' }];
    expect(toolCallPairs(await answerTo(answered, { tools: [getBalance] }))).toEqual([]);
  });

  test('it does as the tool choice says', async () => {
    const tools = [getBalance, getLimit, finish];
    const hello: ChatMessage = { role: 'user', content: 'Hello' };
    const callsWith = async (message: ChatMessage, toolChoice: ModelRequest['toolChoice']) =>
      toolCallPairs(await answerTo([message], { tools, toolChoice }));

    expect(await callsWith(question, 'none')).toEqual([]);
    expect(await callsWith(hello, 'auto')).toEqual([]);
    expect(await callsWith(hello, 'required')).toEqual([['get_balance', { account: 'account' }]]);
    expect(await callsWith(question, { type: 'function', function: { name: 'finish' } })).toEqual([
      ['finish', { output: 'You said: Please get_balance of AC-1001.' }],
    ]);
    await expect(
      callsWith(hello, { type: 'function', function: { name: 'other' } }),
    ).rejects.toMatchObject({ kind: 'rejected', status: 400 });
  });

  describe('after tool results', () => {
    const results: ChatMessage[] = [
      question,
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'get_balance', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'get-limit', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: '42 EUR' },
      { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: '100 EUR' }] },
    ];
    const report = 'get_balance says: 42 EUR\nget-limit says: 100 EUR';

    test('it reports them', async () => {
      const { message } = await answerTo(results, { tools: [getBalance] });
      expect(message).toEqual({ role: 'assistant', content: report });
    });

    test('it ends the run with a stop tool, once', async () => {
      const tools = [getBalance, finish];
      const answer = await answerTo(results, { tools });
      expect(toolCallPairs(answer)).toEqual([['finish', { output: report }]]);

      const [call] = answer.message.tool_calls ?? [];
      const result: ChatMessage = { role: 'tool', tool_call_id: call?.id ?? '', content: 'ok' };
      const after = await answerTo([...results, answer.message, result], { tools });
      expect(after.message).toEqual({ role: 'assistant', content: 'finish says: ok' });
    });

    test('it calls nothing when it must not', async () => {
      const { message } = await answerTo(results, { tools: [finish], toolChoice: 'none' });
      expect(message.content).toBe(report);
    });
  });

  test('ids of tool calls are never the same twice in a conversation', async () => {
    const messages: ChatMessage[] = [question];
    const ids: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const { message } = await answerTo(messages, { tools: [getBalance] });
      const [call] = message.tool_calls ?? [];
      ids.push(call?.id ?? '');
      messages.push(
        message,
        { role: 'tool', tool_call_id: call?.id ?? '', content: '1' },
        question,
      );
    }
    expect(ids).toEqual(['call_1_1', 'call_2_1', 'call_3_1']);
  });

  test('it answers in JSON when it is asked to', async () => {
    expect(
      (await answerTo([question], { responseFormat: { type: 'json_object' } })).message.content,
    ).toBe('{"answer":"You said: Please get_balance of AC-1001."}');

    const schema = {
      type: 'object',
      properties: { account: { type: 'string' }, ok: { type: 'boolean' } },
    };
    for (const json_schema of [schema, { name: 'result', strict: true, schema }]) {
      const { message } = await answerTo([question], {
        responseFormat: { type: 'json_schema', json_schema },
      });
      expect(message.content).toBe('{"account":"AC-1001","ok":true}');
    }
  });

  test.each(['low', 2_048] as const)(
    'it thinks first with a reasoning effort of %s',
    async (effort) => {
      const request = requestOf([question], { reasoningEffort: effort, stream: true });
      const { events, answer } = await ask(request);
      const thinking =
        'The user says "Please get_balance of AC-1001.". I will say what I was told.';
      expect(answer.message.thinking).toEqual([
        { type: 'thinking', thinking, signature: expect.stringMatching(/^mock-[0-9a-f]{8}$/) },
      ]);
      const types = events.map(({ type }) => type);
      expect(types.indexOf('text')).toBe(types.lastIndexOf('reasoning') + 1);
      expect(answer.usage).toMatchObject({ outputTokens: 29, reasoningTokens: 19 });
      expect((await ask(request)).answer).toEqual(answer);
    },
  );
});

describe('a script', () => {
  test('is played step by step, and then it is over', async () => {
    const script = scripted(
      { reasoning: 'First.', tool_calls: [{ name: 'get_balance', arguments: { account: 'a' } }] },
      { content: 'Done.', finish_reason: 'end_turn' },
    );
    const first = await answerTo([question], script);
    expect(toolCallPairs(first)).toEqual([['get_balance', { account: 'a' }]]);
    expect(first.message.thinking).toMatchObject([{ thinking: 'First.' }]);

    const messages = [question, first.message, { role: 'tool', content: '1' } as const];
    const second = await answerTo(messages, script);
    expect(second.message).toEqual({ role: 'assistant', content: 'Done.' });
    expect(second.finishReason).toBe('end_turn');

    const third = await answerTo([...messages, second.message, question], script);
    expect(third.message.content).toBe('You said: Please get_balance of AC-1001.');
  });

  test('can play calls that make no sense', async () => {
    const { message } = await answerTo(
      [],
      scripted({
        content: 'Hm.',
        tool_calls: [{ name: 'no', arguments: '{"a": ', id: 'x' }, { name: 'no' }],
      }),
    );
    expect(message).toEqual({
      role: 'assistant',
      content: 'Hm.',
      tool_calls: [
        { id: 'x', type: 'function', function: { name: 'no', arguments: '{"a": ' } },
        { id: 'call_1_2', type: 'function', function: { name: 'no', arguments: '{}' } },
      ],
    });
  });

  test('can say nothing at all', async () => {
    expect((await answerTo([question], scripted({}))).message).toEqual({
      role: 'assistant',
      content: '',
    });
  });

  test.each([
    [{}, { kind: 'unavailable', status: 500, isRetryable: true }],
    [{ status: 400 }, { kind: 'rejected', isRetryable: false }],
    [{ status: 401 }, { kind: 'unauthorized', isRetryable: false }],
    [{ status: 403 }, { kind: 'unauthorized' }],
    [{ status: 404 }, { kind: 'rejected' }],
    [
      { status: 429, message: 'slow down', retry_after_ms: 20 },
      { kind: 'rate_limited', retryAfterMs: 20, message: 'Mock answered 429: slow down' },
    ],
    [{ status: 503 }, { kind: 'unavailable', origin: 'Mock' }],
  ])('can fail as a vendor does: %j', async (error, failure) => {
    await expect(answerTo([question], scripted({ error }))).rejects.toMatchObject({
      ...failure,
      providerRequest: { model: 'any' },
      providerResponse: { error: {} },
    });
  });

  test('can fail in the middle of a stream', async () => {
    const request = requestOf([], { ...scripted({ content: 'One two', error: {} }), stream: true });
    const attempt = mockProvider().attempt(request, {
      apiKey: undefined,
      signal: new AbortController().signal,
    });
    expect((await attempt.next()).value).toEqual({ type: 'text', delta: 'One ' });
    expect((await attempt.next()).value).toEqual({ type: 'text', delta: 'two' });
    await expect(attempt.next()).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('can report any usage', async () => {
    const usage = { input_tokens: 10, output_tokens: 20, cached_tokens: 30, reasoning_tokens: 5 };
    const answer = await answerTo([question], scripted({ content: 'Done.', usage }));
    expect(answer.usage).toEqual({
      inputTokens: 10,
      cacheReadTokens: 30,
      cacheWriteTokens: null,
      outputTokens: 20,
      reasoningTokens: 5,
    });
    expect(answer.providerResponse).toMatchObject({
      usage: {
        prompt_tokens: 40,
        completion_tokens: 20,
        total_tokens: 60,
        prompt_tokens_details: { cached_tokens: 30 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
    });
  });

  test.each([
    ['a', 'other.script must be an array'],
    [['a'], 'other.script[0] must be an object'],
    [[{}, { content: 1 }], 'other.script[1].content must be a string'],
    [[{}, {}, { tool_calls: {} }], 'other.script[2].tool_calls must be an array'],
    [
      [{ tool_calls: [{}] }],
      'other.script[0].tool_calls[0].name must be a string that is not empty',
    ],
    [
      [{ tool_calls: [{ name: 'a', arguments: [] }] }],
      'other.script[0].tool_calls[0].arguments must be an object or a string',
    ],
    [[{ delay_ms: -1 }], 'other.script[0].delay_ms must be a number from 0 to 2147483647'],
    [
      [{ error: { status: 200 } }],
      'other.script[0].error.status must be a whole number from 400 to 599',
    ],
    [
      [{ usage: { input_tokens: '1' } }],
      'other.script[0].usage.input_tokens must be a number from 0 to 9007199254740991',
    ],
    [[{ usage: { tokens: 1 } }], 'other.script[0].usage.tokens is not a field'],
    [[{ contents: 'a' }], 'other.script[0].contents is not a field'],
  ])('with a mistake says where it is: %j', async (script, message) => {
    await expect(answerTo([], { other: { script } })).rejects.toMatchObject({
      kind: 'rejected',
      status: 400,
      message: expect.stringContaining(message),
    });
  });

  test('waits before its first word and between words, streamed or not', async () => {
    const step = { reasoning: 'a b', content: 'c d', delay_ms: 100, word_delay_ms: 5 };
    for (const stream of [true, false]) {
      const waits: number[] = [];
      const sleep: Sleep = async (ms) => {
        waits.push(ms);
      };
      await ask(requestOf([], { ...scripted(step), stream }), { sleep });
      expect(waits).toEqual([100, 5, 5, 5]);
    }
  });

  test.each([{ delay_ms: 100_000 }, { content: 'a b', word_delay_ms: 100_000 }])(
    'stops waiting as soon as it is aborted: %j',
    async (step) => {
      const controller = new AbortController();
      const reason = new Error('cancelled');
      setTimeout(() => controller.abort(reason), 10);
      await expect(ask(requestOf([], scripted(step)), { signal: controller.signal })).rejects.toBe(
        reason,
      );
    },
  );
});

test('a stream has one event for each word, and they add up to the text', async () => {
  const content = '  One two,\n\nthree \n';
  const { events, answer } = await ask(requestOf([], { ...scripted({ content }), stream: true }));
  expect(events.map(({ delta }) => delta)).toEqual(['  ', 'One ', 'two,\n\n', 'three \n']);
  expect(answer.message.content).toBe(content);
  expect((await ask(requestOf([], scripted({ content })))).events).toEqual([]);
});

test('an attempt that is aborted already does nothing', async () => {
  const reason = new Error('cancelled');
  await expect(ask(requestOf([question]), { signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
});

test('an aborted stream says nothing more', async () => {
  const controller = new AbortController();
  const request = requestOf([], { ...scripted({ content: 'a b c' }), stream: true });
  const attempt = mockProvider().attempt(request, { apiKey: undefined, signal: controller.signal });
  await attempt.next();
  controller.abort(new Error('cancelled'));
  await expect(attempt.next()).rejects.toThrow('cancelled');
});

describe('limits', () => {
  const step = scripted({
    reasoning: 'I think.',
    content: 'One, two END three',
    tool_calls: [{ name: 'a', arguments: { b: 1 } }, { name: 'c' }],
  });

  test('a stop sequence ends the answer before it', async () => {
    const { message, finishReason } = await answerTo([], { ...step, stop: ['', 'three', ' END'] });
    expect(message.content).toBe('One, two');
    expect(message.tool_calls).toBe(undefined);
    expect(finishReason).toBe('stop');
  });

  test.each([
    [2, { thinking: 'I think', content: '', calls: [] }],
    [5, { thinking: 'I think.', content: 'One,', calls: [] }],
    [8, { thinking: 'I think.', content: 'One, two END three', calls: [] }],
    [10, { thinking: 'I think.', content: 'One, two END three', calls: ['{"b'] }],
    [13, { thinking: 'I think.', content: 'One, two END three', calls: ['{"b":1}'] }],
  ])('max_tokens of %i cuts the answer', async (maxTokens, { thinking, content, calls }) => {
    const { message, finishReason, usage } = await answerTo([], { ...step, maxTokens });
    expect(message.thinking).toMatchObject([{ thinking }]);
    expect(message.content).toBe(content);
    expect(message.tool_calls?.map((call) => call.function.arguments) ?? []).toEqual(calls);
    expect(finishReason).toBe('length');
    expect(usage.outputTokens).toBe(maxTokens);
  });

  test('an answer of exactly max_tokens is whole', async () => {
    const { finishReason, message } = await answerTo([], { ...step, maxTokens: 14 });
    expect(message.tool_calls?.length).toBe(2);
    expect(finishReason).toBe('tool_calls');
  });
});

test('tokens are counted in messages and tools, and what means nothing is null', async () => {
  const { usage } = await answerTo([question], { tools: [getLimit] });
  expect(usage).toEqual({
    inputTokens: 7 + (3 + 6 + 17),
    cacheReadTokens: null,
    cacheWriteTokens: null,
    outputTokens: 10,
    reasoningTokens: null,
  });
});

test('request and response are JSON in the form of OpenAI’s', async () => {
  const answer = await answerTo([question], {
    tools: [getBalance],
    toolChoice: 'auto',
    temperature: 0.5,
    maxTokens: 50,
    stop: ['END'],
    other: { user: 'ada', temperature: 1 },
  });
  expect(answer.providerRequest).toEqual({
    model: 'any',
    messages: [question],
    tools: [{ type: 'function', function: getBalance }],
    tool_choice: 'auto',
    max_tokens: 50,
    temperature: 1,
    stop: ['END'],
    user: 'ada',
  });
  expect(answer.providerResponse).toEqual({
    id: 'chatcmpl-mock-1',
    object: 'chat.completion',
    created: 0,
    model: 'any',
    choices: [{ index: 0, message: answer.message, finish_reason: 'tool_calls' }],
    usage: {
      prompt_tokens: answer.usage.inputTokens,
      completion_tokens: 7,
      total_tokens: (answer.usage.inputTokens ?? 0) + 7,
    },
  });
  const { providerRequest, providerResponse } = answer;
  expect(JSON.parse(JSON.stringify({ providerRequest, providerResponse }))).toStrictEqual({
    providerRequest,
    providerResponse,
  });
});

test('a completion has the form of OpenAI’s completions', async () => {
  const answer = await answerTo([{ role: 'user', content: 'Once upon' }], {
    endpoint: 'complete',
    suffix: 'The end.',
    ...scripted({ content: ' a time.' }),
  });
  expect(answer.message).toEqual({ role: 'assistant', content: ' a time.' });
  expect(answer.providerRequest).toMatchObject({
    model: 'any',
    prompt: 'Once upon',
    suffix: 'The end.',
  });
  expect(answer.providerRequest).not.toHaveProperty('messages');
  expect(answer.providerResponse).toMatchObject({
    id: 'cmpl-mock-1',
    object: 'text_completion',
    choices: [{ index: 0, text: ' a time.', logprobs: null, finish_reason: 'stop' }],
  });
  expect(answer.warnings).toEqual([]);
});

test('probabilities, and the suffix of a chat, are left out with a warning', async () => {
  const answer = await answerTo([question], { logprobs: 1, suffix: 'The end.' });
  expect(answer.providerRequest).toEqual({ model: 'any', messages: [question] });
  expect(answer.warnings).toEqual([
    'Only completions can have a suffix; it was left out.',
    'Mock does not return probabilities; `logprobs` was left out.',
  ]);
});
