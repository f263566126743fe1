import { afterAll, describe, expect, test } from 'vitest';
import { type FakeAnswer, startFakeProvider } from '../../test/support/fake-provider.ts';
import {
  attempt,
  type CallOutcome,
  failureOf,
  modelRequest,
} from '../../test/support/model-call.ts';
import { anthropicProvider } from './anthropic/anthropic-provider.ts';
import { azureProvider } from './azure/azure-provider.ts';
import { bedrockProvider } from './bedrock/bedrock-provider.ts';
import { cohereProvider } from './cohere/cohere-provider.ts';
import { deepseekProvider } from './deepseek/deepseek-provider.ts';
import { googleProvider } from './google/google-provider.ts';
import { groqProvider } from './groq/groq-provider.ts';
import { openaiProvider } from './openai/openai-provider.ts';
import { type ModelAnswer, type Provider, ProviderFailure } from './provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const apiKey = 'sk-a-long-key';

interface Vendor {
  readonly wire: string;
  readonly title: string;
  readonly endpoint: 'chat' | 'complete';
  /** Whether its streams have a last event, before the connection closes. */
  readonly hasLastEvent: boolean;
  /** Whether an error in a stream is an object with an `error`. */
  readonly hasErrorEvents: boolean;
  /** An event of a known kind in an unknown shape. */
  readonly unreadable: object;
  at(url: string): Provider;
}

const vendors: readonly Vendor[] = [
  {
    wire: 'OpenAI chat completions',
    title: 'OpenAI',
    endpoint: 'chat',
    hasLastEvent: true,
    hasErrorEvents: true,
    unreadable: { choices: 'none' },
    at: (url: string) => openaiProvider({ apiKey, baseUrl: `${url}/v1` }),
  },
  {
    wire: 'OpenAI completions',
    title: 'OpenAI',
    endpoint: 'complete',
    hasLastEvent: true,
    hasErrorEvents: true,
    unreadable: { choices: 'none' },
    at: (url: string) => openaiProvider({ apiKey, baseUrl: `${url}/v1` }),
  },
  {
    wire: 'Azure chat completions',
    title: 'Azure OpenAI',
    endpoint: 'chat',
    hasLastEvent: true,
    hasErrorEvents: true,
    unreadable: { choices: 'none' },
    at: (url: string) => azureProvider({ apiKey, endpoint: url, apiVersion: '2024-10-21' }),
  },
  {
    wire: 'Anthropic messages',
    title: 'Anthropic',
    endpoint: 'chat',
    hasLastEvent: true,
    hasErrorEvents: true,
    unreadable: { type: 'content_block_delta' },
    at: (url: string) => anthropicProvider({ apiKey, baseUrl: url }),
  },
  {
    wire: 'Google generateContent',
    title: 'Google',
    endpoint: 'chat',
    hasLastEvent: false,
    hasErrorEvents: true,
    unreadable: { candidates: 'none' },
    at: (url: string) => googleProvider({ apiKey, baseUrl: `${url}/v1beta` }),
  },
  {
    wire: 'Amazon Converse',
    title: 'Amazon Bedrock',
    endpoint: 'chat',
    hasLastEvent: false,
    hasErrorEvents: false,
    unreadable: { contentBlockDelta: 'none' },
    at: (url: string) => bedrockProvider({ apiKey, region: 'us-east-1', baseUrl: url }),
  },
  {
    wire: 'Cohere chat',
    title: 'Cohere',
    endpoint: 'chat',
    hasLastEvent: true,
    hasErrorEvents: true,
    unreadable: { type: 'content-delta' },
    at: (url: string) => cohereProvider({ apiKey, baseUrl: `${url}/v2` }),
  },
  {
    wire: 'Groq chat completions',
    title: 'Groq',
    endpoint: 'chat',
    hasLastEvent: true,
    hasErrorEvents: true,
    unreadable: { choices: 'none' },
    at: (url: string) => groqProvider({ apiKey, baseUrl: `${url}/openai/v1` }),
  },
  {
    wire: 'DeepSeek chat completions',
    title: 'DeepSeek',
    endpoint: 'chat',
    hasLastEvent: true,
    hasErrorEvents: true,
    unreadable: { choices: 'none' },
    at: (url: string) => deepseekProvider({ apiKey, baseUrl: `${url}/deepseek` }),
  },
];

const calls = vendors.flatMap((vendor) =>
  [false, true].map((stream) => ({ ...vendor, stream, provider: vendor.at(fake.url) })),
);

describe.each(calls)('$wire with stream $stream', ({ title, endpoint, at, stream, provider }) => {
  const request = modelRequest({ model: 'claude-or-gpt', endpoint, stream });

  test.each([
    [400, 'rejected'],
    [404, 'rejected'],
    [413, 'rejected'],
    [422, 'rejected'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [408, 'unavailable'],
    [409, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [529, 'unavailable'],
  ] as const)(
    'status %i is a failure of kind %s that says what the vendor said',
    async (status, kind) => {
      const body = { type: 'error', error: { type: 'some_error', message: 'It was so.' } };
      fake.script([{ status, body }]);
      const failure = await failureOf(attempt(provider, request));
      expect(failure).toMatchObject({
        kind,
        status,
        origin: title,
        message: `${title} answered ${status}: It was so.`,
        retryAfterMs: undefined,
        providerRequest: fake.lastRequest.body,
        providerResponse: body,
      });
    },
  );

  test.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '1', 'retry-after-ms': '150' }, 150],
    [{ 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('status 429 with %j is a rate limit', async (headers, retryAfterMs) => {
    fake.script([{ status: 429, headers, body: { error: { message: 'Slow down.' } } }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure).toMatchObject({ kind: 'rate_limited', status: 429, retryAfterMs });
  });

  test('an error that is a web page is kept as text, and not quoted', async () => {
    fake.script([{ status: 502, body: '<html><h1>Bad Gateway</h1></html>' }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure.message).toBe(`${title} answered 502: a web page`);
    expect(failure.providerResponse).toBe('<html><h1>Bad Gateway</h1></html>');
  });

  test('an error without a body, or with a very long message, is told briefly', async () => {
    fake.script([
      { status: 500, body: '' },
      { status: 400, body: { error: { message: 'x'.repeat(10_000) } } },
    ]);
    const empty = await failureOf(attempt(provider, request));
    expect(empty.message).toBe(`${title} answered 500`);
    const long = await failureOf(attempt(provider, request));
    expect(long.message).toHaveLength(500);
  });

  test('a redirect is not followed', async () => {
    const before = fake.requests.length;
    fake.script([{ status: 307, headers: { location: `${fake.url}/elsewhere` }, body: '' }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure).toMatchObject({ kind: 'nonsense', status: 307 });
    expect(fake.requests).toHaveLength(before + 1);
  });

  test('a web page with status 200 is nonsense', async () => {
    fake.script([{ body: '<html>Log in</html>' }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure.kind).toBe('nonsense');
    expect(failure.message).toContain(title);
    expect(failure.providerResponse).toBe('<html>Log in</html>');
  });

  test.each([
    [{}],
    [[]],
    [null],
    ['"text"'],
    [''],
    [{ choices: [] }],
    [{ choices: [{ index: 0, message: {} }] }],
    [{ content: [] }],
    [{ choices: [{ message: { content: 7 } }], content: [{ type: 'text', text: 7 }] }],
    [{ type: 'message', role: 'assistant', content: 7, usage: null }],
  ])('a body of another shape is nonsense: %j', async (body) => {
    fake.script([{ headers: { 'content-type': 'application/json' }, body }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure.kind).toBe('nonsense');
  });

  test('an error with status 200 is told by its type', async () => {
    const error = { type: 'overloaded_error', message: 'Too busy.' };
    fake.script([{ body: { type: 'error', error } }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: `${title} answered with an error: Too busy.`,
      providerResponse: { type: 'error', error },
    });
  });

  test('a connection that is refused, or a name that is none, is unavailable', async () => {
    const closed = await startFakeProvider();
    await closed.close();
    const refused = await failureOf(attempt(at(closed.url), request));
    expect(refused.kind).toBe('unavailable');
    expect(refused.message).toMatch(`${title} cannot be reached: `);
    expect(refused.message).toMatch('ECONNREFUSED');
    const unknown = await failureOf(attempt(at('http://name.invalid'), request));
    expect(unknown.kind).toBe('unavailable');
    expect(JSON.stringify(unknown.providerRequest)).toContain('Hello');
  });

  test('a connection that breaks in the middle of the answer is unavailable', async () => {
    fake.script([{ text: 'Hello there', cutAfter: 40 }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: `The connection to ${title} broke in the middle of the answer.`,
    });
  });

  test('a call without a key fails before anything is sent', async () => {
    const before = fake.requests.length;
    for (const apiKey of [undefined, '', 'line\nbreak', 'ключ']) {
      const failure = await failureOf(attempt(provider, request, { apiKey }));
      expect(failure.kind).toBe('unauthorized');
      expect(failure.message).not.toContain(apiKey || 'nothing');
    }
    expect(fake.requests).toHaveLength(before);
  });

  test('an abort throws its reason, and the vendor sees the connection close', async () => {
    fake.script([{ text: 'Hello', stallAfter: 30 }]);
    const caller = new AbortController();
    const call = attempt(provider, request, {
      signal: caller.signal,
      onActivity: () => caller.abort(new Error('Enough.')),
    });
    await expect(call).rejects.toThrow('Enough.');
    await expect.poll(() => fake.lastRequest.isAborted).toBe(true);
    await expect(attempt(provider, request, { signal: caller.signal })).rejects.toThrow('Enough.');
  });

  test('the body is told before an answer comes', async () => {
    fake.script([{ text: 'Hello' }]);
    const told: unknown[] = [];
    await attempt(provider, request, {
      onRequest: (body) => told.push(['request', body]),
      onActivity: () => told.push('activity'),
    });
    expect(told[0]).toEqual(['request', fake.lastRequest.body]);
    expect(told.length).toBeGreaterThan(2);
  });

  test('an answer in pieces of one byte is the same as in one piece', async () => {
    const answer: FakeAnswer = { text: 'naïve 😀 — 漢字', toolCalls: [{ name: 'f' }] };
    fake.script([answer, { ...answer, pieceBytes: 1 }]);
    const whole = await attempt(provider, request);
    const pieces = await attempt(provider, request);
    expect(pieces).toEqual(whole);
  });

  test('the connection is kept for the next call', async () => {
    const server = await startFakeProvider();
    server.respond(() => ({ text: 'Hi' }));
    for (let n = 0; n < 10; n++) await attempt(at(server.url), request);
    // The server may still be closing one answer when the next call begins.
    expect(server.connections).toBeLessThan(3);
    await server.close();
  });

  test('wherever an answer is cut off it is a failure, unless all of it has come', async () => {
    const answer: FakeAnswer = {
      text: ['Hé', ' du', ' da', ' vorn', '!'],
      toolCalls: [{ name: 'f', arguments: { a: 1 } }],
    };
    fake.script([answer]);
    const whole = await attempt(provider, request);
    const offsets = placesToCut(fake.lastRequest.wholeBody ?? Buffer.of());
    const cuts: readonly FakeAnswer[] = [
      ...offsets.map((endAfter) => ({ ...answer, endAfter })),
      ...offsets
        .filter((_, index) => index % 10 === 0)
        .map((cutAfter) => ({ ...answer, cutAfter })),
    ];
    fake.respond(({ body }) => {
      const [, cut] = /"cut":(\d+)/.exec(JSON.stringify(body)) ?? [];
      return cuts[Number(cut)] ?? answer;
    });
    const results = await manyAtOnce(cuts.length, (cut) =>
      attempt(provider, { ...request, other: { cut } }).catch((error: unknown) => error),
    );
    const answered = results.filter((result) => !(result instanceof Error)) as CallOutcome[];
    for (const { events, answer: got } of answered) {
      expect(events).toEqual(whole.events);
      const isCounted = Object.values(got.usage).some((count) => count !== null);
      const only = isCounted ? withoutRequest : withoutCounts;
      expect(only(got)).toEqual(only(whole.answer));
    }
    const failed = results.filter((result) => result instanceof Error);
    for (const failure of failed) {
      expect(failure).toBeInstanceOf(ProviderFailure);
      expect(['nonsense', 'unavailable']).toContain((failure as ProviderFailure).kind);
    }
    // After the finish reason come at most the token counts and an end marker.
    expect(answered.length).toBeLessThan(100);
    expect(failed.length).toBeGreaterThan(100);
  }, 60_000);
});

function withoutRequest({ providerRequest: _request, ...answer }: ModelAnswer) {
  return answer;
}

/** An answer without its token counts, which may come after all else. */
function withoutCounts(answer: ModelAnswer) {
  const { usage: _usage, ...rest } = withoutRequest(answer);
  const { usage: _counts, ...body } = rest.providerResponse as Readonly<Record<string, unknown>>;
  return { ...rest, providerResponse: body };
}

/**
 * Where to cut an answer: at every place whose context has not occurred before, at every end of a
 * line, and all through its end. At any other place the reader is in a state that was tested
 * already.
 */
function placesToCut(body: Buffer): readonly number[] {
  const shapes = body.toString('latin1').replace(/[a-z]/gi, 'a').replace(/\d/g, '0');
  const seen = new Set<string>();
  return [...body.keys()].filter((at) => {
    const before = shapes.slice(Math.max(0, at - 4), at);
    const isNew = !seen.has(before);
    seen.add(before);
    return isNew || shapes.slice(at - 2, at + 2).includes('\n') || at > body.length - 50;
  });
}

async function manyAtOnce<Result>(
  count: number,
  act: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) results.push(await act(next++));
  };
  await Promise.all(Array.from({ length: 25 }, work));
  return results;
}

describe.each(vendors)('$wire streaming', ({ title, endpoint, unreadable, at }) => {
  const provider = at(fake.url);
  const request = modelRequest({ model: 'claude-or-gpt', endpoint, stream: true });

  test('a stream that ends before it is finished is nonsense', async () => {
    fake.script([{ text: 'Hello there', isFinished: false }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure).toMatchObject({
      kind: 'nonsense',
      message: `${title} ended its answer before it was finished.`,
    });
    expect(JSON.stringify(failure.providerResponse)).toContain('Hello there');
  });

  test('what has come of a stream can be read when it is given up', async () => {
    fake.script([{ text: 'Hello there', isFinished: false }]);
    const read: (() => unknown)[] = [];
    const onStream = (soFar: () => unknown) => {
      expect(soFar()).toBeUndefined();
      read.push(soFar);
    };
    await failureOf(attempt(provider, request, { onStream }));
    expect(read).toHaveLength(1);
    expect(JSON.stringify(read[0]?.())).toContain('Hello there');
  });

  test('a stream with nothing in it is nonsense', async () => {
    fake.script([{ headers: { 'content-type': 'text/event-stream' }, body: '' }]);
    const failure = await failureOf(attempt(provider, request));
    expect(failure.kind).toBe('nonsense');
  });

  test.each([['not JSON'], [unreadable]])(
    'an event that cannot be read is nonsense: %j',
    async (bad) => {
      const line = `data: ${typeof bad === 'string' ? bad : JSON.stringify(bad)}\n\n`;
      fake.script([{ headers: { 'content-type': 'text/event-stream' }, body: line }]);
      const first = await failureOf(attempt(provider, request));
      expect(first.kind).toBe('nonsense');
      fake.script([{ text: 'Hello there', inject: { after: 2, event: bad } }]);
      const later = await failureOf(attempt(provider, request));
      expect(later.kind).toBe('nonsense');
    },
  );

  test('a caller that wants no more closes the connection', async () => {
    fake.script([{ text: 'Hello there', stallAfter: 900 }]);
    const call = provider.attempt(request, {
      apiKey: provider.apiKey,
      signal: new AbortController().signal,
    });
    await call.next();
    await call.return(undefined as never);
    await expect.poll(() => fake.lastRequest.isAborted).toBe(true);
  });
});

const withErrorEvents = vendors.filter(({ hasErrorEvents }) => hasErrorEvents);

describe.each(withErrorEvents)('$wire streaming', ({ title, endpoint, at }) => {
  const provider = at(fake.url);
  const request = modelRequest({ model: 'claude-or-gpt', endpoint, stream: true });

  test.each([
    [{ type: 'overloaded_error' }, 'unavailable'],
    [{ type: 'api_error' }, 'unavailable'],
    [{ type: 'server_error', code: null }, 'unavailable'],
    [{ type: 'rate_limit_error' }, 'rate_limited'],
    [{ type: 'insufficient_quota', code: 'insufficient_quota' }, 'rate_limited'],
    [{ type: 'invalid_request_error' }, 'rejected'],
    [{ type: 'invalid_request_error', code: 'invalid_api_key' }, 'unauthorized'],
    [{ type: 'authentication_error' }, 'unauthorized'],
    [{ type: 'error', code: 503 }, 'unavailable'],
  ])('the error event %j, first or later, is a failure of kind %s', async (error, kind) => {
    const event = { type: 'error', error: { ...error, message: 'It was so.' } };
    for (const after of [0, 1, 4]) {
      fake.script([{ text: 'Hello there you', inject: { after, event } }]);
      const failure = await failureOf(attempt(provider, request));
      expect(failure).toMatchObject({
        kind,
        message: `${title} answered with an error: It was so.`,
        providerResponse: { error: event.error },
      });
    }
  });
});

const withLastEvent = vendors.filter(({ hasLastEvent }) => hasLastEvent);

describe.each(withLastEvent)('$wire streaming', ({ endpoint, at }) => {
  const provider = at(fake.url);
  const request = modelRequest({ model: 'claude-or-gpt', endpoint, stream: true });

  test('an answer is done with its last event, though the connection stays open', async () => {
    fake.script([{ text: 'Hello' }]);
    const whole = await attempt(provider, request);
    fake.script([{ text: 'Hello', stallAfter: fake.lastRequest.wholeBytes }]);
    expect(await attempt(provider, request)).toEqual(whole);
  });
});
