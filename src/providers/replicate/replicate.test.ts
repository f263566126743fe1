import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type FakeStep, startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, modelRequest } from '../../../test/support/model-call.ts';
import { replicateProvider } from './replicate-provider.ts';

const fake = await startFakeProvider();
const provider = replicateProvider({ apiKey: 'r8_a-key', baseUrl: `${fake.url}/v1` });
afterAll(() => fake.close());

const model = 'meta/meta-llama-3-70b-instruct';
const metrics = { input_token_count: 12, output_token_count: 7, predict_time: 0.4 };
const id = 'p9rmzk4d6x';

/** A prediction as Replicate describes it: https://replicate.com/docs/reference/http */
function prediction(status: string, more: object = {}) {
  const of = `${fake.url}/v1/predictions/${id}`;
  const urls = { get: of, cancel: `${of}/cancel`, stream: `${fake.url}/stream/${id}` };
  return { id, model, status, error: null, urls, ...more };
}

const done = (output: unknown) => prediction('succeeded', { output, metrics });
const sse = (body: string): FakeStep => ({
  headers: { 'content-type': 'text/event-stream' },
  body,
});
const said = ['event: output', 'id: 1', 'data: Hello,', '', 'event: output', 'data: ', 'data: you'];
const events = `: hi\n\n${[...said, '', 'event: done', 'data: {}', '', ''].join('\n')}`;

/** Answers each kind of request: the start of a prediction, its stream, and polls. */
function answering(begin: unknown, stream: FakeStep, look: unknown) {
  const from = fake.requests.length;
  fake.respond(({ path }) => {
    if (path.startsWith('/stream/')) return stream;
    if (path === `/v1/predictions/${id}`) return { body: look };
    return { status: 201, body: begin };
  });
  return () => fake.requests.slice(from);
}

beforeEach(() => {
  answering(prediction('starting'), sse(events), done(['Hello,', '\nyou']));
});

test('an answer that comes whole is waited for', async () => {
  const requests = answering(done(['Hel', 'lo']), sse(''), {});
  const { answer, events: pieces } = await attempt(provider, modelRequest({ model }));
  expect(answer).toEqual({
    message: { role: 'assistant', content: 'Hello' },
    finishReason: 'succeeded',
    usage: {
      inputTokens: 12,
      cacheReadTokens: null,
      cacheWriteTokens: null,
      outputTokens: 7,
      reasoningTokens: null,
    },
    providerRequest: { input: { prompt: 'Hello' }, stream: false },
    providerResponse: done(['Hel', 'lo']),
    warnings: [],
  });
  expect(pieces).toEqual([]);
  const [first, ...others] = requests();
  expect(others).toEqual([]);
  expect(first?.path).toBe(`/v1/models/${model}/predictions`);
  expect(first?.headers).toMatchObject({ authorization: 'Bearer r8_a-key', prefer: 'wait' });
  expect(first?.body).toEqual(answer.providerRequest);
});

test('a prediction that takes longer is looked at until it is done', async () => {
  const requests = answering(prediction('processing'), sse(''), done('Hello'));
  const { answer } = await attempt(provider, modelRequest({ model }));
  expect(answer.message.content).toBe('Hello');
  expect(requests().map(({ path }) => path)).toEqual([
    `/v1/models/${model}/predictions`,
    `/v1/predictions/${id}`,
  ]);
});

test('an answer is streamed, without showing the key to the server of the stream', async () => {
  const requests = answering(prediction('starting'), sse(events), done(['Hello,', '\nyou']));
  const { answer, events: pieces } = await attempt(provider, modelRequest({ model, stream: true }));
  expect(pieces.map(({ delta }) => delta)).toEqual(['Hello,', '\nyou']);
  expect(answer.message.content).toBe('Hello,\nyou');
  expect(answer.usage).toMatchObject({ inputTokens: 12, outputTokens: 7 });
  expect(answer.providerRequest).toEqual({ input: { prompt: 'Hello' }, stream: true });
  const ofStream = requests().find(({ path }) => path.startsWith('/stream/'));
  expect(ofStream?.headers).not.toHaveProperty('authorization');
});

test('a stream in pieces of one byte is the same as in one piece', async () => {
  const request = modelRequest({ model, stream: true });
  const whole = await attempt(provider, request);
  answering(
    prediction('starting'),
    { ...sse(events.replaceAll('\n', '\r\n')), pieceBytes: 1 },
    done(['Hello,', '\nyou']),
  );
  expect(await attempt(provider, request)).toEqual(whole);
});

test('a model that streams nothing answers at the end', async () => {
  answering(prediction('starting', { urls: {} }), sse(''), done('Hello'));
  const { answer, events: pieces } = await attempt(provider, modelRequest({ model, stream: true }));
  expect(pieces).toEqual([{ type: 'text', delta: 'Hello' }]);
  expect(answer.message.content).toBe('Hello');
});

test('settings and other are inputs of the model; what has no place is warned of', async () => {
  const { answer } = await attempt(
    provider,
    modelRequest({
      model,
      maxTokens: 99,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END', '\n'],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      seed: 7,
      reasoningEffort: 'low',
      responseFormat: { type: 'json_object' },
      tools: [{ name: 'look', description: 'Looks.' }],
      other: { top_k: 5, temperature: 0.7 },
      messages: [
        { message: { role: 'system', content: 'Be kind.' } },
        { message: { role: 'user', content: 'Hello' } },
        { message: { role: 'assistant', content: 'Hi' } },
        { message: { role: 'user', content: 'And?' } },
      ],
    }),
  );
  expect(answer.providerRequest).toEqual({
    input: {
      prompt: 'User: Hello\n\nAssistant: Hi\n\nUser: And?\n\nAssistant:',
      system_prompt: 'Be kind.',
      max_tokens: 99,
      temperature: 0.7,
      top_p: 0.9,
      stop_sequences: 'END,\n',
      presence_penalty: 0.1,
      frequency_penalty: 0.2,
      seed: 7,
      top_k: 5,
    },
    stream: false,
  });
  expect(answer.warnings).toEqual([
    'Replicate does not support tools; they were left out.',
    'Replicate does not support a response format; it was left out.',
    'Replicate does not support reasoning effort; it was left out.',
    'Replicate takes a single text; the conversation was written into it.',
  ]);
});

test('a version may be named', async () => {
  const version = 'a'.repeat(64);
  for (const name of [version, `owner/name:${version}`]) {
    const requests = answering(done('Hi'), sse(''), {});
    await attempt(provider, modelRequest({ model: name }));
    expect(requests()[0]).toMatchObject({ path: '/v1/predictions', body: { version } });
  }
});

describe.each([{ stream: false }, { stream: true }])('with stream $stream', ({ stream }) => {
  const request = modelRequest({ model, stream });

  test.each([
    [401, 'unauthorized'],
    [402, 'rejected'],
    [404, 'rejected'],
    [422, 'rejected'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
  ] as const)('status %i is a failure of kind %s', async (status, kind) => {
    const headers = { 'retry-after': '2' };
    fake.script([{ status, headers, body: { title: 'So', detail: 'It was so.', status } }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure).toMatchObject({
      kind,
      status,
      retryAfterMs: 2_000,
      message: `Replicate answered ${status}: It was so.`,
      providerRequest: { input: { prompt: 'Hello' } },
    });
  });

  test.each([
    ['failed', 'CUDA out of memory', 'CUDA out of memory'],
    ['canceled', null, 'the prediction is `canceled`.'],
  ])('a prediction that is %s is a failure', async (status, error, said) => {
    answering(prediction('processing'), sse(events), prediction(status, { error }));
    const failure = await failureOf(attempt(provider, request));
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: `Replicate answered with an error: ${said}`,
      providerResponse: { status },
    });
  });

  test.each([
    [{}],
    [[]],
    ['<html>'],
    [{ id: '../x', status: 'starting' }],
    [prediction('succeeded')],
  ])('an answer that is no prediction is nonsense: %j', async (body) => {
    answering(body, sse(`event: done\ndata: {}\n\n`), body);
    const failure = await failureOf(attempt(provider, request));
    expect(failure.kind).toBe('nonsense');
  });

  test('an abort throws its reason, and the prediction is ended', async () => {
    const caller = new AbortController();
    const requests = answering(
      prediction('starting'),
      { ...sse(events), stallAfter: 20 },
      prediction('processing'),
    );
    const call = attempt(provider, request, { signal: caller.signal });
    await expect.poll(() => requests().length).toBeGreaterThan(1);
    caller.abort(new Error('Enough.'));
    await expect(call).rejects.toThrow('Enough.');
    await expect
      .poll(() => requests().map(({ path }) => path))
      .toContain(`/v1/predictions/${id}/cancel`);
  });
});

test.each([
  ['ends', sse('event: output\ndata: Hel\n\n')],
  ['breaks', { ...sse(`event: output\ndata: Hel\n\n${events}`), cutAfter: 25 }],
])('a stream that %s too early loses nothing when its prediction is done', async (_how, stream) => {
  answering(prediction('starting'), stream, done('Hello'));
  const streamed = modelRequest({ model, stream: true });
  const { answer, events: pieces } = await attempt(provider, streamed);
  expect(answer.message.content).toBe('Hello');
  expect(pieces.map(({ delta }) => delta).join('')).toBe('Hello');
});

test('a stream that says something else than its prediction is a failure', async () => {
  answering(prediction('starting'), sse(events), done('Good day'));
  const failure = await failureOf(attempt(provider, modelRequest({ model, stream: true })));
  expect(failure).toMatchObject({ kind: 'nonsense', message: expect.stringContaining('differs') });
});

test.each([
  ['event: output\ndata: Hel', 'nonsense'],
  ['event: output\ndata: Hel\n\n', 'nonsense'],
  ['event: error\ndata: {"detail": "It was so."}\n\n', 'unavailable'],
  ['event: error\ndata: It was so.\n\n', 'unavailable'],
])('the stream %j is a failure of kind %s', async (body, kind) => {
  answering(prediction('starting'), sse(body), prediction('processing'));
  const failure = await failureOf(attempt(provider, modelRequest({ model, stream: true })));
  expect(failure.kind).toBe(kind);
});
