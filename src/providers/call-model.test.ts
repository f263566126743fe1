import { afterAll, describe, expect, test } from 'vitest';
import { startFakeProvider } from '../../test/support/fake-provider.ts';
import { failureOf, joined, modelRequest, outcomeOf } from '../../test/support/model-call.ts';
import { anthropicProvider } from './anthropic/anthropic-provider.ts';
import { type CallModelOptions, callModel, type ModelLimits } from './call-model.ts';
import { openaiProvider } from './openai/openai-provider.ts';
import {
  type AttemptOptions,
  type FailureKind,
  type ModelAnswer,
  type ModelEvent,
  type ModelRequest,
  type Provider,
  ProviderFailure,
  standardBounds,
} from './provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const limits: ModelLimits = {
  firstByteTimeoutMs: 1_000,
  idleTimeoutMs: 300,
  totalTimeoutMs: 10_000,
  maxAttempts: 3,
  maxRetryAfterMs: 5_000,
  answer: standardBounds,
};

const request = modelRequest();
const streamed = modelRequest({ stream: true });

type Attempt = (
  options: AttemptOptions,
  request: ModelRequest,
) => AsyncGenerator<ModelEvent, ModelAnswer>;

/** A provider that makes these attempts one after the other; the last one is repeated. */
function providerWith(...attempts: readonly Attempt[]): Provider & { readonly attempts: number } {
  let made = 0;
  return {
    title: 'Acme',
    needsKey: true,
    apiKey: 'acme-own-key',
    get attempts() {
      return made;
    },
    attempt(request, options) {
      const attempt = attempts[Math.min(made++, attempts.length - 1)];
      if (attempt === undefined) throw new Error('The provider has no attempt.');
      return attempt(options, request);
    },
  };
}

function answerWith(fields: Partial<ModelAnswer> = {}): ModelAnswer {
  return {
    message: { role: 'assistant', content: 'Hi' },
    finishReason: 'stop',
    usage: {
      inputTokens: 1,
      cacheReadTokens: null,
      cacheWriteTokens: null,
      outputTokens: 1,
      reasoningTokens: null,
    },
    providerRequest: {},
    providerResponse: {},
    warnings: [],
    ...fields,
  };
}

/** An attempt that yields these pieces and then answers. */
function answers(fields?: Partial<ModelAnswer>, ...deltas: readonly string[]): Attempt {
  return async function* () {
    for (const delta of deltas) yield { type: 'text', delta };
    return answerWith(fields);
  };
}

/** An attempt that yields nothing; `act` answers or throws. */
function actsLike(act: (options: AttemptOptions) => ModelAnswer): Attempt {
  return async function* (options) {
    yield* [];
    return act(options);
  };
}

/** An attempt that yields these pieces and then fails. */
function fails(
  kind: FailureKind,
  { retryAfterMs, deltas = [] }: { retryAfterMs?: number; deltas?: readonly string[] } = {},
): Attempt {
  return async function* () {
    for (const delta of deltas) yield { type: 'text', delta };
    throw new ProviderFailure(kind, 'It was so.', { origin: 'Acme', retryAfterMs });
  };
}

/** An attempt that yields these pieces and then hangs, even when its signal is aborted. */
function hangs(...deltas: readonly string[]): Attempt {
  return async function* () {
    for (const delta of deltas) yield { type: 'text', delta };
    return new Promise<never>(() => undefined);
  };
}

/** A clock that moves only in `pass`; `waits` are the sleeps under way. */
function handClock() {
  let time = 1_700_000_000_000;
  const sleepers: { at: number; ms: number; wake(): void }[] = [];
  return {
    now: () => time,
    random: () => 0.5,
    sleep: (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const sleeper = { at: time + ms, ms, wake: resolve };
        sleepers.push(sleeper);
        signal.addEventListener('abort', () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(signal.reason);
        });
      }),
    get waits() {
      return sleepers.map(({ ms }) => ms);
    },
    /** Moves the clock, and lets everything happen that was waiting for it. */
    async pass(ms: number) {
      await settled();
      time += ms;
      for (const sleeper of sleepers.filter(({ at }) => at <= time)) {
        sleepers.splice(sleepers.indexOf(sleeper), 1);
        sleeper.wake();
      }
      await settled();
    },
  };
}

/** Resolves when everything that is already under way in this process has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function call(
  provider: Provider,
  asked: ModelRequest = request,
  options: Partial<CallModelOptions> = {},
) {
  return callModel(provider, asked, {
    apiKey: undefined,
    signal: new AbortController().signal,
    limits,
    ...options,
  });
}

test('a call yields the pieces and returns the answer with its times', async () => {
  const clock = handClock();
  const start = clock.now();
  let sayMore = (): void => undefined;
  const provider = providerWith(async function* () {
    await new Promise<void>((resolve) => {
      sayMore = resolve;
    });
    yield { type: 'reasoning', delta: 'Hm.' };
    yield { type: 'text', delta: 'Hi' };
    await new Promise<void>((resolve) => {
      sayMore = resolve;
    });
    return answerWith();
  });
  const outcome = outcomeOf(call(provider, streamed, clock));
  await clock.pass(20);
  sayMore();
  await clock.pass(100);
  sayMore();
  const { events, answer } = await outcome;
  expect(events).toEqual([
    { type: 'reasoning', delta: 'Hm.' },
    { type: 'text', delta: 'Hi' },
  ]);
  expect(answer).toEqual({
    ...answerWith(),
    startedAt: new Date(start),
    firstTokenAt: new Date(start + 20),
    endedAt: new Date(start + 120),
  });
});

test('an answer that came whole has no first token', async () => {
  const { answer } = await outcomeOf(call(providerWith(answers())));
  expect(answer.firstTokenAt).toBeNull();
  expect(answer.parts).toBeUndefined();
});

test('the key of the call is used, or else the server’s own', async () => {
  const keys: unknown[] = [];
  const provider = providerWith(
    actsLike(({ apiKey }) => {
      keys.push(apiKey);
      return answerWith();
    }),
  );
  await outcomeOf(call(provider));
  await outcomeOf(call(provider, request, { apiKey: 'the-callers-key' }));
  expect(keys).toEqual(['acme-own-key', 'the-callers-key']);
});

describe('repeating', () => {
  test.each(['rate_limited', 'unavailable', 'nonsense'] as const)(
    'a failure of kind %s is repeated after a wait that grows, with jitter',
    async (kind) => {
      const clock = handClock();
      const provider = providerWith(fails(kind), fails(kind), answers());
      const log: unknown[] = [];
      const outcome = outcomeOf(
        call(provider, request, { ...clock, log: { warn: (fields) => log.push(fields) } }),
      );
      await settled();
      expect(clock.waits).toEqual([750]);
      await clock.pass(749);
      expect(provider.attempts).toBe(1);
      await clock.pass(1);
      expect(provider.attempts).toBe(2);
      expect(clock.waits).toEqual([6_000]);
      await clock.pass(6_000);
      await expect(outcome).resolves.toMatchObject({ answer: { finishReason: 'stop' } });
      expect(log).toMatchObject([
        { origin: 'Acme', kind, attempt: 1, delayMs: 750 },
        { origin: 'Acme', kind, attempt: 2, delayMs: 6_000 },
      ]);
    },
  );

  test('there are no more attempts than the limit', async () => {
    const provider = providerWith(fails('unavailable'));
    const failure = await failureOf(outcomeOf(call(provider, request, { random: () => 0 })));
    expect(failure).toMatchObject({ kind: 'unavailable', message: 'It was so.', origin: 'Acme' });
    expect(provider.attempts).toBe(3);
  });

  test.each(['rejected', 'unauthorized'] as const)(
    'a failure of kind %s is final',
    async (kind) => {
      const provider = providerWith(fails(kind), answers());
      expect((await failureOf(outcomeOf(call(provider)))).kind).toBe(kind);
      expect(provider.attempts).toBe(1);
    },
  );

  test('a call of a tool that its vendor could not read is asked for again, at once', async () => {
    const slip = answers({ finishReason: 'MALFORMED_FUNCTION_CALL' });
    const provider = providerWith(slip, slip, answers());
    const { answer } = await outcomeOf(call(provider));
    expect(answer.finishReason).toBe('stop');
    expect(provider.attempts).toBe(3);
  });

  test('a call of a tool that is never readable is the answer in the end', async () => {
    const provider = providerWith(answers({ finishReason: 'MALFORMED_FUNCTION_CALL' }));
    const { answer } = await outcomeOf(call(provider));
    expect(answer.finishReason).toBe('MALFORMED_FUNCTION_CALL');
    expect(provider.attempts).toBe(limits.maxAttempts);
  });

  test('an answer with a whole call beside one that could not be read is kept', async () => {
    const whole = { id: 'a', type: 'function' as const, function: { name: 'f', arguments: '{}' } };
    const message = { role: 'assistant' as const, content: null, tool_calls: [whole] };
    const provider = providerWith(answers({ finishReason: 'UNEXPECTED_TOOL_CALL', message }));
    await outcomeOf(call(provider));
    expect(provider.attempts).toBe(1);
  });

  test('nothing is repeated once a piece was yielded', async () => {
    const provider = providerWith(fails('unavailable', { deltas: ['He'] }), answers());
    const events: ModelEvent[] = [];
    const reading = (async () => {
      for await (const event of call(provider, streamed)) events.push(event);
    })();
    expect((await failureOf(reading)).kind).toBe('unavailable');
    expect(events).toEqual([{ type: 'text', delta: 'He' }]);
    expect(provider.attempts).toBe(1);
  });

  test('the wait is at least what the vendor asks for', async () => {
    const clock = handClock();
    const provider = providerWith(fails('rate_limited', { retryAfterMs: 4_000 }), answers());
    const outcome = outcomeOf(call(provider, request, clock));
    await settled();
    expect(clock.waits).toEqual([4_000]);
    await clock.pass(4_000);
    await outcome;
  });

  test('a vendor that asks for too long a wait is given up at once', async () => {
    const provider = providerWith(fails('rate_limited', { retryAfterMs: 60_000 }), answers());
    const failure = await failureOf(outcomeOf(call(provider)));
    expect(failure).toMatchObject({ kind: 'rate_limited', retryAfterMs: 60_000 });
    expect(provider.attempts).toBe(1);
  });

  test('the longest wait that is granted is waited for, and one a millisecond longer is not', async () => {
    const clock = handClock();
    const patient = providerWith(fails('rate_limited', { retryAfterMs: 5_000 }), answers());
    const outcome = outcomeOf(call(patient, request, clock));
    await settled();
    expect(clock.waits).toEqual([5_000]);
    await clock.pass(5_000);
    await outcome;
    // The call as a whole would have the time.
    const longer = providerWith(fails('rate_limited', { retryAfterMs: 5_001 }), answers());
    const failure = await failureOf(outcomeOf(call(longer, request, handClock())));
    expect(failure).toMatchObject({ kind: 'rate_limited', retryAfterMs: 5_001 });
    expect(longer.attempts).toBe(1);
  });

  test('a wait that would outlast the call is not begun', async () => {
    const provider = providerWith(fails('rate_limited', { retryAfterMs: 4_000 }), answers());
    const short = { ...limits, totalTimeoutMs: 3_000 };
    const failure = await failureOf(outcomeOf(call(provider, request, { limits: short })));
    expect(failure.kind).toBe('rate_limited');
  });

  test('what is no failure of a provider is thrown as it is', async () => {
    const bug = new TypeError('x is not a function');
    const provider = providerWith(
      actsLike(() => {
        throw bug;
      }),
    );
    await expect(outcomeOf(call(provider))).rejects.toBe(bug);
    expect(provider.attempts).toBe(1);
  });
});

describe('time', () => {
  test('a vendor that does not begin to answer is timed out, and asked again', async () => {
    const clock = handClock();
    const provider = providerWith(hangs(), answers());
    const outcome = outcomeOf(call(provider, streamed, clock));
    await clock.pass(999);
    expect(provider.attempts).toBe(1);
    await clock.pass(1);
    await clock.pass(750);
    await outcome;
    expect(provider.attempts).toBe(2);
  });

  test('a failure by time says what was sent and how long was waited', async () => {
    const clock = handClock();
    const provider = providerWith(async function* ({ onRequest }) {
      onRequest?.({ model: 'm', key: 'acme-own-key' });
      return new Promise<never>(() => undefined);
    });
    const failing = failureOf(
      outcomeOf(call(provider, request, { ...clock, limits: { ...limits, maxAttempts: 1 } })),
    );
    await clock.pass(1_000);
    expect(await failing).toMatchObject({
      kind: 'timed_out',
      message: 'Acme did not begin to answer within 1 s (PROVIDER_FIRST_BYTE_TIMEOUT_SECONDS).',
      providerRequest: { model: 'm', key: '[redacted]' },
    });
  });

  test('a stream that falls silent is timed out', async () => {
    const clock = handClock();
    const failing = failureOf(outcomeOf(call(providerWith(hangs('He')), streamed, clock)));
    await clock.pass(299);
    await clock.pass(1);
    await clock.pass(1_000);
    expect(await failing).toMatchObject({
      kind: 'timed_out',
      message:
        'Acme sent nothing for 0.3 s in the middle of its answer (PROVIDER_IDLE_TIMEOUT_SECONDS).',
    });
  });

  test('a stream that shows signs of life without pieces goes on', async () => {
    const clock = handClock();
    let options: AttemptOptions | undefined;
    let finish = (): void => undefined;
    const provider = providerWith(async function* (given) {
      options = given;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return answerWith();
    });
    const outcome = outcomeOf(call(provider, streamed, clock));
    for (let n = 0; n < 20; n++) {
      await clock.pass(200);
      options?.onActivity?.();
    }
    finish();
    await outcome;
    expect(provider.attempts).toBe(1);
  });

  test('an answer without a stream may be silent once it has begun, up to the total', async () => {
    const clock = handClock();
    let signal: AbortSignal | undefined;
    const provider = providerWith(async function* (options) {
      signal = options.signal;
      options.onActivity?.();
      return new Promise<never>(() => undefined);
    });
    const failing = failureOf(outcomeOf(call(provider, request, clock)));
    await clock.pass(9_999);
    expect(signal?.aborted).toBe(false);
    await clock.pass(1);
    expect(await failing).toMatchObject({
      kind: 'timed_out',
      message: 'Acme did not finish within 10 s (PROVIDER_TOTAL_TIMEOUT_SECONDS).',
    });
    expect(signal?.aborted).toBe(true);
    expect(provider.attempts).toBe(1);
  });

  test('no timer is left when a call has ended', async () => {
    const clock = handClock();
    await outcomeOf(call(providerWith(answers({}, 'Hi')), streamed, clock));
    expect(clock.waits).toEqual([]);
  });
});

describe('aborting', () => {
  const reason = new Error('Enough.');

  test('before the call makes no attempt', async () => {
    const provider = providerWith(answers());
    const signal = AbortSignal.abort(reason);
    await expect(outcomeOf(call(provider, request, { signal }))).rejects.toBe(reason);
    expect(provider.attempts).toBe(0);
  });

  test.each([
    ['before a piece', hangs()],
    ['between pieces', hangs('He')],
  ])('%s ends an attempt that does not listen, and tells it', async (_when, attempt) => {
    const caller = new AbortController();
    let told: AbortSignal | undefined;
    const provider = providerWith((options, asked) => {
      told = options.signal;
      return attempt(options, asked);
    });
    const outcome = outcomeOf(call(provider, streamed, { signal: caller.signal }));
    await settled();
    caller.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    expect(told?.reason).toBe(reason);
  });

  test('between attempts ends the wait', async () => {
    const clock = handClock();
    const caller = new AbortController();
    const provider = providerWith(fails('unavailable'), answers());
    const outcome = outcomeOf(call(provider, request, { ...clock, signal: caller.signal }));
    await settled();
    caller.abort(reason);
    await expect(outcome).rejects.toBe(reason);
    expect(provider.attempts).toBe(1);
    expect(clock.waits).toEqual([]);
  });

  test('by wanting no more ends the attempt', async () => {
    let told: AbortSignal | undefined;
    const provider = providerWith(async function* ({ signal }) {
      told = signal;
      yield { type: 'text', delta: 'He' };
      return answerWith();
    });
    for await (const _event of call(provider, streamed)) break;
    expect(told?.aborted).toBe(true);
  });
});

describe('what a model says', () => {
  const key = 'sk-very-secret-0123456789';

  test('has no key in it, when the server repeats the one that it was sent', async () => {
    const message: ModelAnswer['message'] = {
      role: 'assistant',
      content: `It is ${key}.`,
      thinking: [{ type: 'thinking', thinking: key, signature: '' }],
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'f', arguments: `{"k":"${key}"}` } },
      ],
    };
    const provider = providerWith(answers({ message }));
    const { answer } = await outcomeOf(call(provider, request, { apiKey: key }));
    expect(answer.message.content).toBe('It is [redacted].');
    expect(JSON.stringify(answer)).not.toContain(key);
  });

  test.each([1, 2, 7, 100])('has none in its pieces of %i characters either', async (length) => {
    const text = `This is ${key}, s and sk-very-much, and again ${key}`;
    const pieces = text.match(new RegExp(`.{1,${length}}`, 'gs')) ?? [];
    const provider = providerWith(answers({}, ...pieces));
    const { events } = await outcomeOf(call(provider, request, { apiKey: key }));
    expect(events.map(({ delta }) => delta).join('')).toBe(
      'This is [redacted], s and sk-very-much, and again [redacted]',
    );
  });
});

describe('what is kept of a call', () => {
  test('has no key in it', async () => {
    const key = 'sk-very-secret';
    const echo = { deep: [`Bearer ${key}`], [key]: 1 };
    const clean = { deep: ['Bearer [redacted]'], '[redacted]': 1 };
    const provider = providerWith(
      answers({ providerRequest: echo, providerResponse: echo, warnings: [`no ${key}`] }),
    );
    const { answer } = await outcomeOf(call(provider, request, { apiKey: key }));
    expect(answer).toMatchObject({
      providerRequest: clean,
      providerResponse: clean,
      warnings: ['no [redacted]'],
    });

    const failing = providerWith(
      actsLike(() => {
        throw new ProviderFailure('rejected', `Bad key ${key}!`, {
          origin: 'Acme',
          status: 400,
          providerRequest: echo,
          providerResponse: echo,
          cause: new Error(`It was ${key}`),
        });
      }),
    );
    const failure = await failureOf(outcomeOf(call(failing, request, { apiKey: key })));
    expect(failure).toMatchObject({
      kind: 'rejected',
      message: 'Bad key [redacted]!',
      status: 400,
      providerRequest: clean,
      providerResponse: clean,
      cause: new Error('It was [redacted]'),
    });
    expect(failure.stack).not.toContain(key);
  });

  test('keeps words that happen to be a very short key', async () => {
    const provider = providerWith(answers({ providerResponse: { text: 'a banana' } }));
    const { answer } = await outcomeOf(call(provider, request, { apiKey: 'a' }));
    expect(answer.providerResponse).toEqual({ text: 'a banana' });
  });

  test('can be stored, and its pieces add up to it', async () => {
    const content = 'a\0b😀c\ud83d';
    const provider = providerWith(
      answers(
        {
          message: {
            role: 'assistant',
            content,
            tool_calls: [
              { id: 'c', type: 'function', function: { name: 'f', arguments: '"\0\ude00"' } },
            ],
          },
          parts: [{ type: 'text', text: '\0' }],
          providerResponse: { text: '\ud83d' },
        },
        'a\0b\ud83d',
        '\ude00',
        'c',
        '\ud83d',
      ),
    );
    const { events, answer } = await outcomeOf(call(provider, streamed));
    expect(answer).toMatchObject({
      message: {
        content: 'a\uFFFDb😀c\uFFFD',
        tool_calls: [{ function: { arguments: '"\uFFFD\uFFFD"' } }],
      },
      parts: [{ text: '\uFFFD' }],
      providerResponse: { text: '\uFFFD' },
    });
    expect(joined(events, 'text')).toBe(answer.message.content);
    for (const { delta } of events) expect(delta.isWellFormed()).toBe(true);
  });

  test('is not longer than any answer is', async () => {
    const long = 'x'.repeat(6_000_000);
    const streaming = call(providerWith(answers({}, long, long)), streamed);
    expect(await failureOf(outcomeOf(streaming))).toMatchObject({ kind: 'nonsense' });
    const calls = [1, 2].map((n) => ({
      id: `${n}`,
      type: 'function' as const,
      function: { name: 'f', arguments: long },
    }));
    const message = { role: 'assistant' as const, content: null, tool_calls: calls };
    const once = { ...limits, maxAttempts: 1 };
    const whole = call(providerWith(answers({ message })), request, { limits: once });
    expect(await failureOf(outcomeOf(whole))).toMatchObject({
      kind: 'nonsense',
      message: 'Acme wrote more than 10 million characters.',
    });
  });
});

describe.each([
  ['OpenAI', () => openaiProvider({ apiKey: 'sk-server-key', baseUrl: `${fake.url}/v1` })],
  ['Anthropic', () => anthropicProvider({ apiKey: 'sk-server-key', baseUrl: fake.url })],
])('over %s’s wire', (title, providerAt) => {
  const provider = providerAt();
  const at = (stream: boolean) => modelRequest({ model: 'claude-or-gpt', stream });

  test.each([false, true])('a call that is limited once succeeds (stream %s)', async (stream) => {
    fake.script([
      { status: 429, headers: { 'retry-after-ms': '1' }, body: { error: { message: 'Slow.' } } },
      { text: 'Hi' },
    ]);
    const { answer } = await outcomeOf(call(provider, at(stream), { random: () => 0 }));
    expect(answer.message.content).toBe('Hi');
    expect(answer.providerRequest).toEqual(fake.lastRequest.body);
  });

  test.each([false, true])(
    'a vendor that echoes the key does not get it out (stream %s)',
    async (stream) => {
      fake.respond(({ headers }) => ({
        status: 401,
        body: {
          error: { message: `Bad key: ${headers['authorization'] ?? headers['x-api-key']}` },
        },
      }));
      const failure = await failureOf(outcomeOf(call(provider, at(stream))));
      expect(failure.kind).toBe('unauthorized');
      expect(failure.message).toMatch(/Bad key: (Bearer )?\[redacted\]$/);
      expect(JSON.stringify(failure.providerResponse)).not.toContain('sk-server-key');
    },
  );

  test.each([
    ['nothing', { text: 'Hello there', isSilent: true }, 1_000],
    ['half an answer', { text: 'Hello there', stallAfter: 150 }, 300],
  ])('a vendor that sends %s is timed out, and its connection closed', async (_what, step, ms) => {
    const clock = handClock();
    fake.script([step]);
    const before = fake.requests.length;
    let signs = 0;
    const watched: Provider = {
      ...provider,
      attempt: (asked, options) =>
        provider.attempt(asked, {
          ...options,
          onActivity() {
            signs++;
            options.onActivity?.();
          },
        }),
    };
    const failing = failureOf(
      outcomeOf(call(watched, at(true), { ...clock, limits: { ...limits, maxAttempts: 1 } })),
    );
    const isWaiting = 'isSilent' in step ? () => fake.requests.length > before : () => signs > 1; // the head and a piece of the body
    await expect.poll(isWaiting).toBe(true);
    await clock.pass(1_000);
    await clock.pass(ms);
    const failure = await failing;
    expect(failure).toMatchObject({ kind: 'timed_out', origin: title });
    expect(failure.providerRequest).toEqual(fake.lastRequest.body);
    await expect.poll(() => fake.lastRequest.isAborted).toBe(true);
  });
});
