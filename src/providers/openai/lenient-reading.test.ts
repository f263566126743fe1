import { afterAll, describe, expect, test } from 'vitest';
import { type FakeStep, startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, joined, modelRequest } from '../../../test/support/model-call.ts';
import { azureProvider } from '../azure/azure-provider.ts';
import { deepseekProvider } from '../deepseek/deepseek-provider.ts';
import { groqProvider } from '../groq/groq-provider.ts';
import type { Provider } from '../provider.ts';
import { openaiProvider } from './openai-provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const apiKey = 'sk-a-long-key';
const vendors: readonly { readonly title: string; readonly provider: Provider }[] = [
  { title: 'OpenAI', provider: openaiProvider({ apiKey, baseUrl: `${fake.url}/v1` }) },
  {
    title: 'Azure OpenAI',
    provider: azureProvider({ apiKey, endpoint: fake.url, apiVersion: '2024-10-21' }),
  },
  { title: 'Groq', provider: groqProvider({ apiKey, baseUrl: `${fake.url}/openai/v1` }) },
  { title: 'DeepSeek', provider: deepseekProvider({ apiKey, baseUrl: `${fake.url}/deepseek` }) },
];

type Fields = Readonly<Record<string, unknown>>;

/** A stream of these events; text stands as it is. */
function stream(...events: readonly unknown[]): FakeStep {
  const body = events.map((event) =>
    typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`,
  );
  return { headers: { 'content-type': 'text/event-stream' }, body: body.join('') };
}

const done = 'data: [DONE]\n\n';

function chunk(delta: unknown, finish_reason: unknown = null, more: Fields = {}): Fields {
  return { id: 'x', choices: [{ index: 0, delta, finish_reason, ...more }] };
}

const stop = chunk({}, 'stop');

function body(message: Fields, finish_reason: unknown = 'stop', more: Fields = {}): FakeStep {
  return { body: { choices: [{ index: 0, message, finish_reason }], ...more } };
}

const call = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":1}' } };
const called = [{ ...call, type: 'function' }];

describe.each(vendors)('$title', ({ title, provider }) => {
  /** The answer to a request that gets this. */
  async function answer(step: FakeStep, isStream: boolean) {
    fake.script([step]);
    return attempt(provider, modelRequest({ stream: isStream }));
  }

  async function failure(step: FakeStep, isStream: boolean) {
    fake.script([step]);
    return failureOf(attempt(provider, modelRequest({ stream: isStream })));
  }

  test.each<[string, FakeStep]>([
    [
      'an empty role',
      stream(
        chunk({ role: '', content: 'Good ' }),
        chunk({ role: '', content: 'day.' }),
        stop,
        done,
      ),
    ],
    ['another role', stream(chunk({ role: 'bot', content: 'Good day.' }), stop, done)],
    [
      'choices without an index',
      stream(
        { choices: [{ delta: { content: 'Good day.' } }] },
        { choices: [{ finish_reason: 'stop' }] },
        done,
      ),
    ],
    [
      'an index that is text',
      stream(
        { choices: [{ index: '0', delta: { content: 'Good day.' }, finish_reason: 'stop' }] },
        done,
      ),
    ],
    [
      'a choice that is not in a list',
      stream({ choices: { delta: { content: 'Good day.' }, finish_reason: 'stop' } }, done),
    ],
    [
      'chunks without choices',
      stream(
        { id: 'x' },
        chunk({ content: 'Good day.' }),
        stop,
        { usage: { prompt_tokens: 1 } },
        done,
      ),
    ],
    [
      'choices that are null',
      stream({ choices: null }, chunk({ content: 'Good day.' }), stop, done),
    ],
    [
      'chunks without a delta, or with null',
      stream(chunk(null), chunk(undefined), chunk({ content: 'Good day.' }), stop, done),
    ],
    [
      'content in parts',
      stream(
        chunk({ content: [{ type: 'text', text: 'Good ' }] }),
        chunk({ content: [{ type: 'text', text: 'day.' }] }),
        stop,
        done,
      ),
    ],
    [
      'content in parts and as text',
      stream(
        chunk({ content: [{ type: 'text', text: 'Good' }] }),
        chunk({ content: ' day.' }),
        stop,
        done,
      ),
    ],
    [
      'pings of all kinds',
      stream(
        ': hi\n\n',
        'data:\n\n',
        'data: ping\n\n',
        { type: 'ping' },
        chunk({ content: 'Good day.' }),
        ': still\n\n',
        stop,
        done,
      ),
    ],
    [
      'a blank finish reason in every chunk',
      stream(
        chunk({ content: 'Good ' }, ''),
        chunk({ content: 'day.' }, ''),
        stop,
        chunk({}, ''),
        done,
      ),
    ],
    ['no finish reason, but an end', stream(chunk({ content: 'Good day.' }), done)],
    ['a finish reason and no end', stream(chunk({ content: 'Good day.' }), stop)],
    [
      'an end without its empty line',
      stream(chunk({ content: 'Good day.' }), stop, 'data: [DONE]'),
    ],
    [
      'odd fields beside its text',
      stream(
        chunk({ content: 'Good day.', annotations: [{ type: 'file' }], audio: 3 }, null, {
          logprobs: { content: [{ token: 'G' }] },
        }),
        { ...stop, created: 0.5, model: 7, id: null },
        done,
      ),
    ],
    [
      'text in `message` in place of `delta`',
      stream(
        { choices: [{ message: { content: 'Good ' } }] },
        { choices: [{ message: { content: 'day.' } }] },
        { choices: [{ message: { content: '' }, finish_reason: 'stop' }] },
      ),
    ],
    [
      'the events of Ollama’s own API',
      stream(
        '{"message":{"role":"assistant","content":"Good "},"done":false}\n',
        '{"message":{"content":"day."},"done":false}\n',
        '{"message":{"content":""},"done":true,"done_reason":"stop"}\n',
      ),
    ],
    [
      'text in place of a delta',
      stream(
        { choices: [{ delta: 'Good ' }] },
        { choices: [{ delta: 'day.', finish_reason: 'stop' }] },
      ),
    ],
    [
      'the whole message again at the end',
      stream(chunk({ content: 'Good day.' }), {
        object: 'chat.completion',
        choices: [{ message: { content: 'Good day.' }, finish_reason: 'stop' }],
      }),
    ],
    [
      'its text in the last event alone',
      stream(chunk({ role: 'assistant' }), {
        choices: [{ message: { content: 'Good day.' }, finish_reason: 'stop' }],
      }),
    ],
    [
      'lines of JSON without data:',
      stream(`${JSON.stringify(chunk({ content: 'Good day.' }))}\n`, `${JSON.stringify(stop)}\n`),
    ],
    ['a body in place of a stream', body({ role: 'assistant', content: 'Good day.' })],
    [
      'a body over several lines',
      {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(
          { choices: [{ message: { content: 'Good day.' }, finish_reason: null }] },
          null,
          2,
        ),
      },
    ],
  ])('a stream with %s is read', async (_, step) => {
    const { answer: read, events } = await answer(step, true);
    expect(read.message).toEqual({ role: 'assistant', content: 'Good day.' });
    expect(joined(events, 'text')).toBe('Good day.');
  });

  test.each<[string, FakeStep]>([
    ['another role', body({ role: 'model', content: 'Good day.' })],
    [
      'content in parts',
      body({
        content: [
          { type: 'text', text: 'Good ' },
          { type: 'text', text: 'day.' },
        ],
      }),
    ],
    [
      'a choice without an index',
      { body: { choices: [{ message: { content: 'Good day.' }, finish_reason: 'stop' }] } },
    ],
    ['no finish reason', body({ content: 'Good day.' }, null)],
    ['an empty list of calls', body({ content: 'Good day.', tool_calls: [] })],
    [
      'odd fields',
      body({ content: 'Good day.', annotations: [{ type: 'file' }] }, 'stop', {
        created: 0.5,
        usage: { prompt_tokens: '9' },
      }),
    ],
    [
      'a byte order mark',
      {
        headers: { 'content-type': 'application/json' },
        body: `\uFEFF${JSON.stringify({ choices: [{ message: { content: 'Good day.' } }] })}`,
      },
    ],
    [
      'a stream that nobody asked for',
      stream(chunk({ content: 'Good ' }), chunk({ content: 'day.' }), stop, done),
    ],
  ])('a body with %s is read', async (_, step) => {
    const { answer: read } = await answer(step, false);
    expect(read.message).toEqual({ role: 'assistant', content: 'Good day.' });
  });

  test.each<[string, Fields]>([
    [
      'arguments that are an object',
      { tool_calls: [{ ...call, function: { name: 'look', arguments: { at: 1 } } }] },
    ],
    ['no type', { tool_calls: [{ id: 'c1', function: call.function }] }],
    ['no wrapper', { tool_calls: [{ id: 'c1', name: 'look', arguments: '{"at":1}' }] }],
    ['an id that is a number', { tool_calls: [{ ...call, id: 1 }] }],
    ['no id', { tool_calls: [{ ...call, id: null }] }],
    ['the old function_call', { function_call: call.function }],
    ['an entry of padding beside it', { tool_calls: [call, {}] }],
  ])('a call with %s is read, whole or in a stream', async (_, message) => {
    for (const isStream of [false, true]) {
      const step = isStream ? stream(chunk(message), stop, done) : body(message, 'tool_calls');
      const { answer: read } = await answer(step, isStream);
      expect(read.message).toMatchObject({
        content: null,
        tool_calls: [{ type: 'function', function: { name: 'look' } }],
      });
      const [only] = read.message.tool_calls ?? [];
      expect(only?.id).not.toBe('');
      expect(JSON.parse(only?.function.arguments ?? '')).toEqual({ at: 1 });
    }
  });

  test('calls that share an index are all answered', async () => {
    const numbered = { ...call, index: 0 };
    const { answer: read } = await answer(
      stream(
        chunk({ tool_calls: [numbered] }),
        chunk({ tool_calls: [{ ...numbered, id: 'c2' }] }),
        stop,
        done,
      ),
      true,
    );
    expect(read.message.tool_calls).toEqual([...called, { ...call, id: 'c2' }]);
  });

  test('calls that stand in a choice of their own are answered', async () => {
    const choices = [
      { message: { content: 'I look.' }, finish_reason: 'tool_calls' },
      { message: { tool_calls: [call] }, finish_reason: 'tool_calls' },
    ];
    const { answer: read } = await answer({ body: { choices } }, false);
    expect(read.message).toEqual({ role: 'assistant', content: 'I look.', tool_calls: called });
  });

  test.each<[string, Fields]>([
    ['reasoning_content', { reasoning_content: 'Hm.' }],
    ['reasoning', { reasoning: 'Hm.' }],
    [
      'both, which mean it once',
      { reasoning: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] },
    ],
    [
      'a part of the content',
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] },
    ],
  ])('reasoning in %s is streamed apart from the text', async (_, thought) => {
    const { answer: read, events } = await answer(
      stream(chunk(thought), chunk({ content: 'Good day.' }), stop, done),
      true,
    );
    expect(joined(events, 'reasoning')).toBe('Hm.');
    expect(joined(events, 'text')).toBe('Good day.');
    expect(read.message.content).toBe('Good day.');
  });

  test('an answer of reasoning alone has its finish reason', async () => {
    for (const isStream of [false, true]) {
      const message = { content: '', reasoning_content: 'Hm.' };
      const step = isStream
        ? stream(chunk(message), chunk({}, 'length'), done)
        : body(message, 'length');
      const { answer: read } = await answer(step, isStream);
      expect(read.finishReason).toBe('length');
    }
  });

  test.each<[string, FakeStep]>([
    [
      'beside a choice',
      stream(
        chunk({ content: 'Goo' }),
        { ...chunk({ content: '' }, 'error'), error: { code: 502, message: 'The worker left.' } },
        done,
      ),
    ],
    [
      'in a choice',
      stream(
        chunk({ content: 'Goo' }),
        chunk({}, 'error', { error: { code: 502, message: 'The worker left.' } }),
        done,
      ),
    ],
    [
      'in the field of Groq',
      stream(chunk({ content: 'Goo' }), { ...chunk({}), x_groq: { error: 'The worker left.' } }),
    ],
    ['that is a text', stream(chunk({ content: 'Goo' }), { error: 'The worker left.' })],
    [
      'in an event of that name',
      stream(chunk({ content: 'Goo' }), 'event: error\ndata: The worker left.\n\n'),
    ],
    [
      'of vLLM',
      stream(
        { object: 'error', message: 'The worker left.', type: 'InternalServerError', code: 500 },
        done,
      ),
    ],
    [
      'of MiniMax',
      stream({ base_resp: { status_code: 1000, status_msg: 'The worker left.' }, choices: null }),
    ],
    [
      'without data:',
      stream(chunk({ content: 'Goo' }), '{"error":{"message":"The worker left."}}\n'),
    ],
    ['in a body', { body: { error: 'The worker left.' } }],
  ])('an error %s fails the call with its reason', async (_, step) => {
    const failed = await failure(step, true);
    expect(failed).toMatchObject({
      kind: 'unavailable',
      message: `${title} answered with an error: The worker left.`,
    });
  });

  test('an error that only the finish reason tells fails the call', async () => {
    for (const isStream of [false, true]) {
      const step = isStream
        ? stream(chunk({ content: 'Goo' }), chunk({}, 'error'), done)
        : body({ content: 'Goo' }, 'error');
      const failed = await failure(step, isStream);
      expect(failed.kind).toBe('unavailable');
      expect(failed.message).toBe(`${title} answered with an error: it did not say which`);
    }
  });

  test('plain text in place of an answer is told', async () => {
    const headers = { 'content-type': 'text/plain' };
    for (const isStream of [false, true]) {
      const failed = await failure({ headers, body: 'The upstream is busy.' }, isStream);
      expect(failed.kind).toBe('nonsense');
      expect(failed.message).toMatch(/: The upstream is busy\.$/);
    }
  });

  test('what came before an error is kept with it', async () => {
    const failed = await failure(stream(chunk({ content: 'Goo' }), { error: 'Gone.' }), true);
    expect(failed.providerResponse).toMatchObject({
      error: 'Gone.',
      choices: [{ message: { content: 'Goo' } }],
    });
  });

  test.each<[string, FakeStep]>([
    ['nothing but an end', stream(done)],
    ['a role and nothing more', stream(chunk({ role: 'assistant', content: '' }))],
    ['a role and an end', stream(chunk({ role: 'assistant', content: '' }), done)],
    [
      'another text at its end',
      stream(chunk({ content: 'Good' }), {
        choices: [{ message: { content: 'Bad' }, finish_reason: 'stop' }],
      }),
    ],
    ['text without an end', stream(chunk({ content: 'Goo' }))],
    [
      'an event that is cut',
      stream(chunk({ content: 'Goo' }), 'data: {"choices":[{"del\n\n', stop, done),
    ],
  ])('a stream with %s is no answer', async (_, step) => {
    expect((await failure(step, true)).kind).toBe('nonsense');
  });

  test('a stream that breaks after its finish reason is an answer, and before it is none', async () => {
    const events = stream(chunk({ content: 'Good day.' }), stop, `: ${'-'.repeat(200)}\n\n`, done);
    const whole = String('body' in events ? events.body : '');
    const end = whole.indexOf(': ---');
    const { answer: read } = await answer({ ...events, cutAfter: end + 50 }, true);
    expect(read).toMatchObject({ message: { content: 'Good day.' }, finishReason: 'stop' });
    const failed = await failure({ ...events, cutAfter: whole.indexOf('stop') }, true);
    expect(failed.kind).toBe('unavailable');
  });

  test('a later zero does not wipe out a count', async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: null };
    const zeros = { prompt_tokens: 0, completion_tokens: 0 };
    const { answer: read } = await answer(
      stream(
        { ...chunk({ content: 'Hi' }), usage },
        { ...stop, usage: zeros },
        { usage: {} },
        done,
      ),
      true,
    );
    expect(read.usage).toMatchObject({ inputTokens: 9, outputTokens: 4 });
  });
});

describe('completions', () => {
  const provider = openaiProvider({ apiKey, baseUrl: `${fake.url}/v1` });
  const request = modelRequest({ endpoint: 'complete', maxTokens: 9 });

  test.each<[string, FakeStep]>([
    [
      'choices without an index',
      stream(
        { choices: [{ text: ' a' }] },
        { choices: [{ text: ' day', finish_reason: 'stop' }] },
        done,
      ),
    ],
    [
      'a chunk without choices',
      stream(
        { choices: [{ index: 0, text: ' a day', finish_reason: 'stop' }] },
        { usage: { prompt_tokens: 1 } },
        done,
      ),
    ],
    [
      'the text where chats have it',
      stream({ choices: [{ delta: { content: ' a day' }, finish_reason: 'stop' }] }, done),
    ],
    ['a body in place of a stream', { body: { choices: [{ text: ' a day' }] } }],
  ])('a stream with %s is read', async (_, step) => {
    fake.script([step]);
    const { answer, events } = await attempt(provider, { ...request, stream: true });
    expect(answer.message.content).toBe(' a day');
    expect(joined(events, 'text')).toBe(' a day');
  });

  test('a body without an index or a finish reason is read', async () => {
    fake.script([{ body: { choices: [{ text: ' a day' }] } }]);
    const { answer } = await attempt(provider, request);
    expect(answer.message.content).toBe(' a day');
  });
});

describe('what is no text, reasoning or call', () => {
  const provider = openaiProvider({ apiKey, baseUrl: `${fake.url}/v1` });
  const warningsOf = async (step: FakeStep, isStream: boolean) => {
    fake.script([step]);
    return (await attempt(provider, modelRequest({ stream: isStream }))).answer.warnings.join(' ');
  };
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } };

  test.each([
    ['image_url', { content: [{ type: 'text', text: 'Hi' }, image] }],
    ['images', { content: 'Hi', images: [image] }],
    ['audio', { content: 'Hi', audio: { data: 'AA' } }],
    ['number', { content: 7 }],
  ])('is named when it is left out: %s', async (name, message) => {
    expect(await warningsOf(body(message), false)).toContain(`\`${name}\``);
    expect(await warningsOf(stream(chunk(message), stop, done), true)).toContain(`\`${name}\``);
  });

  test('is named when it is a second answer', async () => {
    const choices = ['Hi', 'Ho'].map((content, index) => ({
      index,
      message: { content },
      finish_reason: 'stop',
    }));
    expect(await warningsOf({ body: { choices } }, false)).toContain('more than one answer');
  });

  test('is not named when it says nothing', async () => {
    expect(
      await warningsOf(body({ content: [{ type: 'text', text: 'Hi' }], images: [] }), false),
    ).toBe('');
  });
});

describe('chunks', () => {
  const provider = openaiProvider({ apiKey, baseUrl: `${fake.url}/v1` });
  const contentOf = async (step: FakeStep, isStream: boolean) => {
    fake.script([step]);
    const { answer, events } = await attempt(provider, modelRequest({ stream: isStream }));
    if (isStream) expect(joined(events, 'text')).toBe(answer.message.content);
    return answer.message.content;
  };
  const list = [chunk({ content: 'Aye ' }), chunk({ content: 'aye.' }, 'stop')];

  test('may come in a list', async () => {
    expect(await contentOf({ body: list }, false)).toBe('Aye aye.');
    expect(await contentOf({ body: list }, true)).toBe('Aye aye.');
    expect(await contentOf(stream(list, done), true)).toBe('Aye aye.');
  });

  test('may be wrapped in events twice', async () => {
    const events = list.map((each) => `data: data: ${JSON.stringify(each)}\n\n`);
    expect(await contentOf(stream(...events, `data: ${done}`), true)).toBe('Aye aye.');
  });

  test('may say their reasoning in two fields, of which one goes on alone', async () => {
    const details = (text: string) => [{ type: 'reasoning.text', text, index: 0 }];
    fake.script([
      stream(
        chunk({ reasoning: 'Hm', reasoning_details: details('Hm') }),
        chunk({ reasoning_details: [{ type: 'reasoning.text', index: 0, signature: 'c2ln' }] }),
        chunk({ reasoning: ', no', reasoning_details: details(', no') }),
        chunk({ content: 'Aye.' }, 'stop'),
      ),
    ]);
    const { events } = await attempt(provider, modelRequest({ stream: true }));
    expect(joined(events, 'reasoning')).toBe('Hm, no');
  });

  test('may call tools by a name with spaces around it', async () => {
    const named = { ...call, function: { ...call.function, name: ' look ' } };
    fake.script([body({ content: null, tool_calls: [named] }, 'tool_calls')]);
    const { answer } = await attempt(provider, modelRequest());
    expect(answer.message.tool_calls).toMatchObject([{ function: { name: 'look' } }]);
  });
});
