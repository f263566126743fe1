import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { anthropicProvider } from '../../src/providers/anthropic/anthropic-provider.ts';
import type { ModelLimits } from '../../src/providers/call-model.ts';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { hello, lookup, stop } from '../support/agents.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';
import { type FakeStep, startFakeProvider } from '../support/fake-provider.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

const serverKey = 'sk-server-0123456789-secret';
const callKey = 'sk-caller-9876543210-secret';

/** What the fake answers to calls of each model, in order. */
const scripts = new Map<string, FakeStep[]>();
const fake = await startFakeProvider();
fake.respond(({ body }) => {
  return scripts.get(String(body['model']))?.shift() ?? { status: 500, body: 'No step is left.' };
});
afterAll(() => fake.close());

const appAt = (url: string, modelLimits: Partial<ModelLimits>) =>
  testApp({
    providers: {
      openai: openaiProvider({ apiKey: serverKey, baseUrl: `${url}/v1` }),
      anthropic: anthropicProvider({ apiKey: serverKey, baseUrl: url }),
    },
    modelLimits: { maxAttempts: 1, ...modelLimits },
  });

const api = await appAt(fake.url, {});
const impatient = await appAt(fake.url, {
  firstByteTimeoutMs: 700,
  idleTimeoutMs: 700,
  totalTimeoutMs: 700,
});

const answered: string[] = [];
let models = 0;

interface Run {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
  readonly body: any;
  /** Types of the events, when it was streamed. */
  readonly events: readonly string[];
  /** The log as it is stored. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
  readonly log: any;
}

/** Calls a new agent whose provider answers with these steps. */
async function run(
  app: TestApp,
  { provider, stream }: { readonly provider: string; readonly stream: boolean },
  steps: readonly FakeStep[],
  more: Record<string, unknown> = {},
): Promise<Run> {
  const model = `model-${++models}`;
  scripts.set(model, [...steps]);
  const call = {
    path: `faults/${model}`,
    agent: { provider, model, tools: [lookup, stop] },
    messages: hello,
    log_id: `log-of-${model}`,
    ...more,
  };
  let answer: Omit<Run, 'log'>;
  if (stream) {
    const events = await app.stream('/agents/call', call);
    const last = events.at(-1);
    answered.push(JSON.stringify(events));
    const types = events.map(({ type }) => type);
    answer = { statusCode: 200, headers: {}, body: last?.payload, events: types };
  } else {
    const { statusCode, headers, body } = await app.post('/agents/call', call);
    answer = { statusCode, headers, body, events: [] };
  }
  const { body: log } = await app.get(`/logs/${call.log_id}`);
  answered.push(JSON.stringify(answer), JSON.stringify(log));
  return { ...answer, log };
}

const error = (message: string, type = 'some_error') => ({ error: { type, message } });

const text = ['All ', 'is ', 'well, ', 'and ', 'here ', 'is ', 'the ', 'proof ', 'of ', 'it.'];

interface Fault {
  readonly name: string;
  readonly step: FakeStep;
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly says?: string;
}

const rejected = { status: 422, code: 'provider_rejected', type: 'unprocessable_entity_error' };
const unauthorized = {
  status: 422,
  code: 'provider_unauthorized',
  type: 'provider_authentication_error',
};
const limited = { status: 429, code: 'provider_rate_limited', type: 'rate_limit_error' };
const unavailable = {
  status: 502,
  code: 'provider_unavailable',
  type: 'provider_unavailable_error',
};
const nonsense = { status: 502, code: 'provider_nonsense', type: 'provider_response_error' };
const timedOut = { status: 502, code: 'provider_timed_out', type: 'provider_timeout_error' };

const faults: readonly Fault[] = [
  {
    name: '400',
    step: { status: 400, body: error('No such field.') },
    ...rejected,
    says: 'No such',
  },
  {
    name: '401',
    step: { status: 401, body: error(`Incorrect API key provided: ${serverKey}.`) },
    ...unauthorized,
    says: '[redacted]',
  },
  { name: '403', step: { status: 403, body: error('Not allowed.') }, ...unauthorized },
  { name: '404', step: { status: 404, body: error('No such model.') }, ...rejected },
  {
    name: '429',
    step: { status: 429, headers: { 'retry-after': '7' }, body: error('Slow down.') },
    ...limited,
    says: 'Slow down.',
  },
  { name: '500', step: { status: 500, body: error(`Broken by ${serverKey}`) }, ...unavailable },
  {
    name: '529',
    step: { status: 529, body: error('Overloaded', 'overloaded_error') },
    ...unavailable,
  },
  { name: 'a web page with 200', step: { body: '<html>Welcome</html>' }, ...nonsense },
  { name: 'a web page with 503', step: { status: 503, body: '<html>' }, ...unavailable },
  { name: 'JSON of another shape', step: { body: { hello: ['world'] } }, ...nonsense },
  { name: 'a number', step: { body: 42 }, ...nonsense },
  { name: 'nothing', step: { body: '' }, ...nonsense },
];

const ways = ['openai', 'anthropic'].flatMap((provider) =>
  [false, true].map((stream) => ({ provider, stream, how: stream ? 'streamed' : 'whole' })),
);

/** The first turn calls a tool that is not there, which the server answers itself. */
const finishedTurn: FakeStep = {
  text: 'Let me see.',
  toolCalls: [{ id: 'call_a', name: 'no_such_tool', arguments: { a: 1 } }],
};

describe.each(ways)('$provider, $how', (way) => {
  const origin = way.provider === 'openai' ? 'OpenAI' : 'Anthropic';

  /** What a failure of the first model call is told as. */
  function expectFirstCallFailure(result: Run, fault: Omit<Fault, 'name' | 'step'>): void {
    const { statusCode, headers, body, events, log } = result;
    if (way.stream) {
      expect(events.at(-1)).toBe('agent_turn_error');
      expect(body).toMatchObject({ id: log.id, output: null, error: log.error });
    } else {
      expect({ statusCode, ...body }).toEqual({
        statusCode: fault.status,
        code: fault.code,
        detail: { type: fault.type, message: log.error, code: fault.status, origin },
        request_id: headers['x-request-id'],
        log_id: log.id,
      });
    }
    expect(log).toMatchObject({
      log_status: 'complete',
      output: null,
      error: expect.stringContaining(fault.says ?? origin),
      run: null,
      // What has come of an answer stays.
      turns: events.includes('agent_update') ? [{ number: 1, error: log.error }] : [],
      end_time: expect.any(String),
      provider_request: { model: expect.stringContaining('model-') },
    });
  }

  /**
   * What a failure is told as when the model has been called before.
   *
   * @param hasBegun whether some of the second answer had come.
   */
  function expectLaterFailure({ statusCode, body, events, log }: Run, hasBegun = false): void {
    expect(statusCode).toBe(200);
    if (way.stream) expect(events.at(-1)).toBe('agent_turn_error');
    for (const told of [body, log]) {
      expect(told).toMatchObject({
        log_status: 'complete',
        output: null,
        output_message: null,
        error: expect.stringContaining(origin),
        run: null,
        previous_agent_message: null,
      });
      expect(told.turns).toHaveLength(hasBegun ? 2 : 1);
      expect(told.messages.map(({ role }: { role: string }) => role)).toEqual([
        'user',
        'assistant',
        'tool',
        ...(hasBegun ? ['assistant'] : []),
      ]);
    }
  }

  test.each(faults)('$name on the first call is the answer', async (fault) => {
    const result = await run(api, way, [fault.step]);
    expectFirstCallFailure(result, fault);
    if (fault.status === 429 && !way.stream) expect(result.headers['retry-after']).toBe('7');
  });

  test.each(faults)(
    '$name after a finished turn ends the run, and is in its log',
    async ({ step }) => {
      expectLaterFailure(await run(api, way, [finishedTurn, step]));
    },
  );

  test('a connection that breaks, wherever it does, is a failure or a whole answer', async () => {
    const whole = await run(api, way, [{ text }]);
    expect(whole.body).toMatchObject({ output: text.join(''), error: null });
    const { wholeBytes } = fake.lastRequest;
    const cuts = Array.from({ length: 12 }, (_, n) => Math.floor((wholeBytes * n) / 12));
    const results = await Promise.all(
      [...cuts, wholeBytes - 1].map((cutAfter) => run(api, way, [{ text, cutAfter }])),
    );
    for (const result of results.slice(0, 11)) {
      expectFirstCallFailure(result, unavailable);
    }
    for (const { log } of results.slice(11)) {
      if (log.error === null) expect(log.output).toBe(text.join(''));
    }
  });

  test('an answer that ends in its middle is nonsense', async () => {
    await run(api, way, [{ text }]);
    const endAfter = Math.floor(fake.lastRequest.wholeBytes / 2);
    expectFirstCallFailure(await run(api, way, [{ text, endAfter }]), nonsense);
    expectLaterFailure(await run(api, way, [finishedTurn, { text, endAfter }]), way.stream);
    if (way.stream) {
      expectFirstCallFailure(await run(api, way, [{ text, isFinished: false }]), nonsense);
    }
  });

  test('a provider that says nothing, or stops saying anything, is given up', async () => {
    const results = await Promise.all([
      run(impatient, way, [{ text, isSilent: true }]),
      run(impatient, way, [{ text, stallAfter: 40 }]),
      run(impatient, way, [{ text, stallAfter: 0 }]),
    ]);
    for (const result of results) expectFirstCallFailure(result, timedOut);
  });

  test('a tool that is not there is answered by the server, and the run goes on', async () => {
    const { body, log } = await run(api, way, [finishedTurn, { text: 'I see.' }]);
    expect(body).toMatchObject({ output: 'I see.', error: null, log_status: 'complete' });
    expect(log.messages[2]).toMatchObject({
      role: 'tool',
      tool_call_id: 'call_a',
      content: 'Error: there is no tool named no_such_tool.',
    });
    expect(JSON.stringify(fake.lastRequest.body['messages'])).toContain('there is no tool named');
  });

  test('a number of tokens that cannot be is unknown, and the run goes on', async () => {
    const usage = { input: 2 ** 40, output: 5 };
    const { log } = await run(api, way, [
      { ...finishedTurn, usage },
      { text: 'I see.', usage },
    ]);
    expect(log).toMatchObject({ output: 'I see.', prompt_tokens: null, output_tokens: 10 });
    const most = { input: 2 ** 31 - 1, output: 5 };
    const steps = [
      { ...finishedTurn, usage: most },
      { text: 'I see.', usage: most },
    ];
    expect((await run(api, way, steps)).log).toMatchObject({ prompt_tokens: null, error: null });
  });

  test('a key of the call is used for it, and told to nobody', async () => {
    const refusal = { status: 401, body: error(`Bad key ${callKey}, you know ${callKey}`) };
    const { log } = await run(api, way, [refusal], {
      provider_api_keys: { [way.provider]: callKey },
    });
    expect(JSON.stringify(fake.lastRequest.headers)).toContain(callKey);
    expect(log.error).toContain('[redacted]');
  });
});

describe.each([
  { provider: 'openai', stream: false },
  { provider: 'openai', stream: true },
  { provider: 'anthropic', stream: true },
])('$provider, stream: $stream', (way) => {
  test('arguments that are no JSON come to the client as the model wrote them', async () => {
    const broken = '{"key": "a", oh no';
    const step = { toolCalls: [{ id: 'call_a', name: 'lookup', arguments: broken }] };
    const { body } = await run(api, way, [step]);
    expect(body.log_status).toBe('incomplete');
    expect(body.previous_agent_message.tool_calls).toEqual([
      { id: 'call_a', type: 'function', function: { name: 'lookup', arguments: broken } },
    ]);
  });
});

test('a provider that cannot be reached is told so', async () => {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const address = listener.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await new Promise((resolve) => listener.close(resolve));
  const nowhere = await appAt(`http://127.0.0.1:${port}`, {});
  for (const provider of ['openai', 'anthropic']) {
    const { statusCode, body, log } = await run(nowhere, { provider, stream: false }, []);
    expect({ statusCode, code: body.code }).toEqual({ statusCode: 502, code: unavailable.code });
    expect(log).toMatchObject({
      log_status: 'complete',
      error: expect.stringContaining('reached'),
    });
  }
});

test('without a key for the provider there is no run, no log and no agent', async () => {
  const keyless = await testApp({
    providers: {
      openai: openaiProvider({ apiKey: undefined, baseUrl: `${fake.url}/v1` }),
      anthropic: anthropicProvider({ apiKey: undefined, baseUrl: fake.url }),
    },
  });
  const before = await rowCounts(keyless);
  const requests = fake.requests.length;
  for (const provider of ['openai', 'anthropic']) {
    const call = { path: 'keyless', agent: { provider, model: 'm' }, messages: hello };
    for (const keys of [undefined, null, {}, { [provider]: null }, { [provider]: '' }]) {
      for (const stream of [false, true]) {
        const body = { ...call, stream, provider_api_keys: keys };
        const answer = await keyless.post('/agents/call', body);
        expect(answer).toMatchObject({
          statusCode: 422,
          body: {
            code: 'missing_provider_key',
            detail: { type: 'missing_provider_key', code: 422 },
          },
        });
        expect(answer.body.detail.message).toContain(`provider_api_keys.${provider}`);
      }
    }
  }
  expect(fake.requests.length).toBe(requests);
  expect(await rowCounts(keyless)).toEqual(before);
  const other = await keyless.post('/agents/call', {
    path: 'keyless',
    agent: { provider: 'cohere', model: 'm' },
    messages: hello,
  });
  expectRefusal(other, 422);
  expect(other.body.code).toBe('provider_not_supported');
});

// The last one: it looks at what all of the others have left.
test('keys are in no answer, no row and no line of the server’s log', async () => {
  expect(answered.length).toBeGreaterThan(100);
  for (const app of [api, impatient]) {
    const everything = [...answered, await databaseText(app.database), ...app.logged].join('\n');
    expect(everything).not.toContain(serverKey);
    expect(everything).not.toContain(callKey);
    expect(everything).toContain('[redacted]');
    expect(app.logged.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  }
});
