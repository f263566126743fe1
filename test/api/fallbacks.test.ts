import { afterAll, describe, expect, test } from 'vitest';
import { reprice } from '../../src/logs/reprice.ts';
import { createPriceTable } from '../../src/pricing/price-table.ts';
import { anthropicProvider } from '../../src/providers/anthropic/anthropic-provider.ts';
import type { ModelLimits } from '../../src/providers/call-model.ts';
import { cohereProvider } from '../../src/providers/cohere/cohere-provider.ts';
import { googleProvider } from '../../src/providers/google/google-provider.ts';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { answerTo, hello, lookup } from '../support/agents.ts';
import { apiKey, type TestApp, testApp } from '../support/app.ts';
import { type FakeStep, startFakeProvider } from '../support/fake-provider.ts';
import { expectRefusal, rowCounts } from '../support/refusals.ts';

/** What the fake answers to calls of each model, in order. */
const scripts = new Map<string, FakeStep[]>();
const fake = await startFakeProvider();
fake.respond(({ path, body }) => {
  const [, inPath] = /models\/([^:]+):/.exec(path) ?? [];
  const steps = scripts.get(inPath ?? String(body['model']));
  return steps?.shift() ?? { status: 500, body: 'No step is left.' };
});
afterAll(() => fake.close());

/** A token of input is 0.25 dollars at the first model, 0.5 at the second. */
const prices = createPriceTable([
  { provider: 'openai', model: 'first-*', input: 250_000, output: 0 },
  { provider: 'anthropic', model: 'second-*', input: 500_000, output: 0 },
]);

const appWith = (modelLimits: Partial<ModelLimits>): Promise<TestApp> =>
  testApp({
    providers: {
      openai: openaiProvider({ apiKey: 'sk-openai-0123456789', baseUrl: `${fake.url}/v1` }),
      anthropic: anthropicProvider({ apiKey: 'sk-anthropic-0123456789', baseUrl: fake.url }),
      google: googleProvider({ apiKey: 'sk-google-0123456789', baseUrl: `${fake.url}/v1beta` }),
      cohere: cohereProvider({ apiKey: undefined, baseUrl: `${fake.url}/v2` }),
    },
    prices,
    modelLimits: { maxAttempts: 1, ...modelLimits },
  });

const api = await appWith({});
const impatient = await appWith({ firstByteTimeoutMs: 500, idleTimeoutMs: 500 });

let names = 0;

/** Names of models that no other test calls, and what each answers. */
function models<Name extends string>(
  steps: Readonly<Record<Name, readonly FakeStep[]>>,
): Record<Name, string> {
  names += 1;
  const entries = Object.entries<readonly FakeStep[]>(steps).map(([name, answers]) => {
    scripts.set(`${name}-${names}`, [...answers]);
    return [name, `${name}-${names}`];
  });
  return Object.fromEntries(entries);
}

const usage = { input: 4, output: 2 };
const error = (message: string) => ({ error: { type: 'some_error', message } });
const trouble: FakeStep = { status: 503, body: error('Busy.') };

/** An agent at OpenAI that falls back to Anthropic. */
const agentOf = ({ first, second }: Readonly<Record<'first' | 'second', string>>, more = {}) => ({
  provider: 'openai',
  model: first,
  other: { fallbacks: [{ provider: 'anthropic', model: second }] },
  ...more,
});

/** The requests to a model, the oldest first. */
const requestsTo = (model: string) =>
  fake.requests.filter(({ path, body }) => body['model'] === model || path.includes(model));

async function call(app: TestApp, agent: object, more: Record<string, unknown> = {}) {
  const stream = more['stream'] === true;
  const body = { path: `fallbacks/${names}`, agent, messages: hello, ...more };
  if (!stream) {
    const answer = await app.post('/agents/call', body);
    return { statusCode: answer.statusCode, headers: answer.headers, log: answer.body, text: '' };
  }
  const events = await app.stream('/agents/call', body);
  const log = events.at(-1)?.payload;
  const text = events.map(({ type, payload }) => (type === 'agent_update' ? payload.output : ''));
  return { statusCode: 200, headers: {}, log, text: text.join('') };
}

const failures: readonly { readonly name: string; readonly step: FakeStep }[] = [
  { name: 'is refused the key', step: { status: 401, body: error('Who are you?') } },
  { name: 'is refused the request', step: { status: 404, body: error('No such model.') } },
  { name: 'is told to slow down', step: { status: 429, body: error('Slow down.') } },
  { name: 'meets trouble at the vendor', step: trouble },
  { name: 'cannot read the answer', step: { body: '<html>Welcome</html>' } },
  { name: 'loses the connection', step: { text: 'Never seen.', cutAfter: 0 } },
];

describe.each([false, true])('streamed: %s', (stream) => {
  test.each(failures)('a call that $name goes to the fallback', async ({ step }) => {
    const named = models({ first: [step], second: [{ text: ['Here ', 'I am.'], usage }] });
    const { log, text, statusCode } = await call(api, agentOf(named), { stream });
    expect(statusCode).toBe(200);
    expect(log).toMatchObject({
      output: 'Here I am.',
      error: null,
      log_status: 'complete',
      turns: [{ number: 1, provider: 'anthropic', model: named.second }],
    });
    expect(text).toBe(stream ? 'Here I am.' : '');
    const [failed, answered, ...rest] = log.stdout.trimEnd().split('\n');
    expect(failed).toMatch(/^`openai` model `first-\d+` failed: /);
    expect(answered).toBe(`\`anthropic\` model \`${named.second}\` answered instead.`);
    expect(rest).toEqual([]);
    expect(requestsTo(named.first)).toHaveLength(1);
    const { body: stored } = await api.get(`/logs/${log.id}`);
    expect(stored).toMatchObject({ stdout: log.stdout, turns: log.turns });
    expect(stored.provider_request.model).toBe(named.second);
  });

  test('a vendor that says nothing in its time is given up for the fallback', async () => {
    const named = models({ first: [{ text: 'x', isSilent: true }], second: [{ text: 'Hi.' }] });
    const { log } = await call(impatient, agentOf(named), { stream });
    expect(log).toMatchObject({ output: 'Hi.', turns: [{ provider: 'anthropic' }] });
    expect(log.stdout).toContain(
      'did not begin to answer within 0.5 s (PROVIDER_FIRST_BYTE_TIMEOUT_SECONDS).',
    );
  });

  test('fallbacks are asked in their order, each after its own attempts, until one answers', async () => {
    const named = models({
      first: [trouble, trouble],
      second: [trouble, trouble],
      third: [{ text: 'Third.' }],
      fourth: [],
    });
    const agent = agentOf(named, {
      other: {
        fallbacks: [
          { provider: 'anthropic', model: named.second },
          { model: named.third },
          { model: named.fourth },
        ],
      },
    });
    const patient = await appWith({ maxAttempts: 2 });
    const { log } = await call(patient, agent, { stream });
    expect(log).toMatchObject({ output: 'Third.', turns: [{ provider: 'openai' }] });
    const asked = [named.first, named.second, named.third, named.fourth].map(
      (model) => requestsTo(model).length,
    );
    expect(asked).toEqual([2, 2, 1, 0]);
  });

  test('a model that answers leaves no note, and its fallbacks alone', async () => {
    const named = models({ first: [{ text: 'Mine.' }], second: [] });
    const { log } = await call(api, agentOf(named), { stream });
    const turns = [{ provider: 'openai', model: named.first }];
    expect(log).toMatchObject({ output: 'Mine.', stdout: null, turns });
    expect(requestsTo(named.second)).toEqual([]);
  });
});

describe('when all fail', () => {
  test('the failure is told that a repeat may mend, and the log says what became of each', async () => {
    const named = models({
      first: [{ status: 400, body: error('Too long.') }],
      second: [{ status: 429, headers: { 'retry-after': '3' }, body: error('Later.') }],
    });
    const logId = `all-failed-${names}`;
    const answer = await call(api, agentOf(named), { log_id: logId });
    expect(answer).toMatchObject({
      statusCode: 429,
      headers: { 'retry-after': '3' },
      log: { code: 'provider_rate_limited', detail: { origin: 'Anthropic' } },
    });
    const { body: log } = await api.get(`/logs/${logId}`);
    expect(log).toMatchObject({ error: 'Anthropic answered 429: Later.', turns: [] });
    expect(log.stdout.trimEnd().split('\n')).toEqual([
      `\`openai\` model \`${named.first}\` failed: OpenAI answered 400: Too long.`,
      `\`anthropic\` model \`${named.second}\` failed: Anthropic answered 429: Later.`,
    ]);
  });

  test('the first failure is told when a repeat mends none', async () => {
    const refusal = (message: string) => ({ status: 400, body: error(message) });
    const named = models({ first: [refusal('No.')], second: [refusal('Nor I.')] });
    const { statusCode, log } = await call(api, agentOf(named));
    expect(statusCode).toBe(422);
    expect(log.detail).toMatchObject({ message: 'OpenAI answered 400: No.', origin: 'OpenAI' });
  });
});

test('once a token has come, a failure is the call’s, and no fallback is asked', async () => {
  const text = Array.from({ length: 20 }, (_, n) => `word${n} `);
  const named = models({ first: [{ text }], second: [{ text: 'Too late.' }] });
  await call(api, agentOf(named), { stream: true });
  const { wholeBytes } = fake.lastRequest;
  scripts.set(named.first, [{ text, cutAfter: Math.floor(wholeBytes / 2) }]);
  const { log, text: said } = await call(api, agentOf(named), { stream: true });
  expect(said).toContain('word1 ');
  const turns = [{ model: named.first, error: log.error }];
  expect(log).toMatchObject({ output: null, error: expect.stringContaining('broke'), turns });
  expect(requestsTo(named.second)).toEqual([]);
});

test('a fallback without a key is passed over, and the log says so', async () => {
  const named = models({ first: [trouble], keyless: [], second: [{ text: 'Hi.' }] });
  const fallbacks = [
    { provider: 'cohere', model: named.keyless },
    { provider: 'groq', model: named.keyless },
    { provider: 'anthropic', model: named.second },
  ];
  const { log } = await call(api, agentOf(named, { other: { fallbacks } }));
  expect(log.output).toBe('Hi.');
  const failed = (provider: string) => `\`${provider}\` model \`${named.keyless}\` failed: `;
  expect(log.stdout).toContain(`${failed('cohere')}There is no API key for Cohere.`);
  expect(log.stdout).toContain(`${failed('groq')}This server cannot call models of \`groq\` yet.`);
  expect(requestsTo(named.keyless)).toEqual([]);
  const agent = { provider: 'cohere', model: named.keyless, other: { fallbacks } };
  const before = await rowCounts(api);
  const refused = await api.post('/agents/call', { path: 'keyless', agent, messages: hello });
  expect(refused).toMatchObject({ statusCode: 422, body: { code: 'missing_provider_key' } });
  expect(await rowCounts(api)).toEqual(before);
});

test('a call’s own key for a fallback is used', async () => {
  const named = models({ first: [trouble], keyed: [{ text: 'Hi.' }] });
  const other = { fallbacks: [{ provider: 'cohere', model: named.keyed }] };
  const { log } = await call(api, agentOf({ ...named, second: '' }, { other }), {
    provider_api_keys: { cohere: 'co-caller-0123456789' },
  });
  expect(log).toMatchObject({ output: 'Hi.', turns: [{ provider: 'cohere' }] });
  const [request] = requestsTo(named.keyed);
  expect(request?.headers.authorization).toBe('Bearer co-caller-0123456789');
});

test('what goes over the wire has no `fallbacks`, and fields only of the vendor that knows them', async () => {
  const named = models({ first: [trouble], second: [trouble], third: [trouble], fourth: [] });
  const other = {
    service_tier: 'flex',
    fallbacks: [
      { provider: 'anthropic', model: named.second },
      { model: named.third },
      { model: named.fourth, other: { service_tier: 'priority' } },
    ],
  };
  await call(api, agentOf(named, { other, temperature: 0.5 }));
  const sent = Object.values(named).map((model) => requestsTo(model)[0]?.body);
  expect(sent.map((body) => body?.['service_tier'])).toEqual([
    'flex',
    undefined,
    'flex',
    'priority',
  ]);
  expect(sent.map((body) => body?.['temperature'])).toEqual([0.5, 0.5, 0.5, 0.5]);
  expect(JSON.stringify(sent)).not.toContain('fallbacks');
});

describe('a run of several turns', () => {
  const looking: FakeStep = { toolCalls: [{ id: 'call_a', name: 'lookup', arguments: {} }], usage };
  const thought: FakeStep = {
    ...looking,
    thinking: [{ thinking: 'I must look.', signature: 'signed-by-second' }],
    text: 'Let me see.',
  };

  test('asks the version’s own model first in each turn', async () => {
    const named = models({
      first: [trouble, { text: 'Mine again.', usage }],
      second: [looking],
    });
    const { log } = await call(api, agentOf(named, { tools: [lookup] }));
    expect(log).toMatchObject({ log_status: 'incomplete', prompt_cost: 2 });
    const { body } = await api.post('/agents/continue', {
      log_id: log.id,
      messages: [answerTo('call_a', '42')],
    });
    expect(body).toMatchObject({
      output: 'Mine again.',
      // 4 × 0.5, and 4 × 0.25
      prompt_cost: 3,
      turns: [
        { provider: 'anthropic', model: named.second, prompt_cost: 2 },
        { provider: 'openai', model: named.first, prompt_cost: 1 },
      ],
    });
  });

  test.each([false, true])(
    'shows one model nothing that another signed (streamed: %s)',
    async (stream) => {
      const named = models({
        first: [trouble, looking, trouble],
        second: [thought, { text: 'Done.' }],
      });
      const agent = agentOf(named, { tools: [lookup], reasoning_effort: 2_000, max_tokens: 9_000 });
      const { log } = await call(api, agent, { stream });
      const goOn = () =>
        api.post('/agents/continue', {
          log_id: log.id,
          messages: [answerTo('call_a', '42')],
          stream,
        });
      await goOn();
      const last = requestsTo(named.first).at(-1);
      expect(JSON.stringify(last?.body)).toContain('Let me see.');
      expect(JSON.stringify(last?.body)).toContain('call_a');
      expect(JSON.stringify(last?.body)).not.toMatch(/signed-by-second|I must look/);
      await goOn();
      // What the second model said itself comes back to it as it was.
      const own = requestsTo(named.second).at(-1);
      expect(JSON.stringify(own?.body)).toContain('signed-by-second');
      const { body: stored } = await api.get(`/logs/${log.id}`);
      expect(stored).toMatchObject({ output: 'Done.', error: null });
      expect(stored.turns.map(({ provider }: { provider: string }) => provider)).toEqual([
        'anthropic',
        'openai',
        'anthropic',
      ]);
      expect(stored.provider_request).toEqual(own?.body);
    },
  );

  test('shows the request of its last turn whole, whichever vendors have answered', async () => {
    const named = models({
      first: [looking, trouble, { text: 'Done.' }],
      gemini: [looking],
    });
    const other = { fallbacks: [{ provider: 'google', model: named.gemini }] };
    const { log } = await call(api, agentOf({ ...named, second: '' }, { other, tools: [lookup] }));
    const goOn = async (id: string) => {
      const messages = [answerTo(id, '42')];
      return (await api.post('/agents/continue', { log_id: log.id, messages })).body;
    };
    const suspended = await goOn('call_a');
    expect(suspended.provider_request).toEqual(requestsTo(named.gemini)[0]?.body);
    const [asked] = suspended.previous_agent_message.tool_calls;
    const done = await goOn(asked.id);
    expect(done.output).toBe('Done.');
    expect(done.provider_request).toEqual(requestsTo(named.first).at(-1)?.body);
    expect((await api.get(`/logs/${log.id}`)).body.provider_request).toEqual(done.provider_request);
  });
});

test('each sample of a prompt falls back by itself', async () => {
  const named = models({
    first: [{ text: 'One.', usage }, trouble, trouble],
    second: [
      { text: 'Two.', usage },
      { status: 400, body: error('No.') },
    ],
  });
  const prompt = agentOf(named, { template: 'Count.' });
  const { body } = await api.post('/prompts/call', { path: 'count', prompt, num_samples: 3 });
  const answers = body.logs.map(({ output, provider, model, prompt_cost }: Answered) => ({
    output,
    provider,
    model,
    prompt_cost,
  }));
  expect(answers).toHaveLength(3);
  expect(answers).toEqual(
    expect.arrayContaining([
      { output: 'One.', provider: 'openai', model: named.first, prompt_cost: 1 },
      { output: 'Two.', provider: 'anthropic', model: named.second, prompt_cost: 2 },
      { output: null, provider: null, model: null, prompt_cost: null },
    ]),
  );
  expect(body.stdout).toContain('answered instead.');
  expect(body.stdout).toContain('failed: Anthropic answered 400: No.');
});

interface Answered {
  readonly output: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly prompt_cost: number | null;
}

test('a linked prompt and a linked agent fall back, and say so on their own logs', async () => {
  const named = models({
    outer: [
      {
        toolCalls: [
          { name: 'sort', arguments: {} },
          { name: 'think', arguments: { message: 'x' } },
        ],
      },
      { text: 'Sorted.' },
    ],
    first: [trouble, trouble, trouble, trouble],
    second: [
      { text: 'By the second.', usage },
      { text: 'By the second.', usage },
    ],
  });
  const { body: prompt } = await api.post('/prompts', {
    path: 'linked/sort',
    ...agentOf(named, { template: 'Sort.' }),
  });
  const { body: inner } = await api.post('/agents', { path: 'linked/think', ...agentOf(named) });
  const tools = [prompt, inner].map(({ id }) => ({ type: 'file', link: { file_id: id } }));
  const outer = { provider: 'openai', model: named.outer, tools };
  const more = { include_trace_children: true };
  const { log } = await call(api, outer, more);
  expect(log).toMatchObject({ output: 'Sorted.', stdout: null });
  expect(log.trace_children).toHaveLength(2);
  for (const child of log.trace_children) {
    expect(child).toMatchObject({ output: 'By the second.', error: null, prompt_cost: 2 });
    expect(child.stdout).toContain(`\`anthropic\` model \`${named.second}\` answered instead.`);
  }
  scripts.set(named.outer, [{ toolCalls: [{ name: 'sort', arguments: {} }] }, { text: 'So.' }]);
  const { log: failed } = await call(api, outer, more);
  const [child] = failed.trace_children;
  expect(child.error).toContain('OpenAI answered 503');
  expect(child.stdout).toContain(`\`anthropic\` model \`${named.second}\` failed: `);
});

test('stored calls are priced again by the model that answered', async () => {
  const named = models({ first: [trouble], second: [{ text: 'Hi.', usage }] });
  const { log } = await call(api, agentOf(named));
  expect(log).toMatchObject({ prompt_cost: 2, output_cost: 0 });
  const dearer = createPriceTable([
    { provider: 'openai', model: 'first-*', input: 250_000, output: 0 },
    { provider: 'anthropic', model: 'second-*', input: 1_000_000, output: 0 },
  ]);
  await reprice(api.database, dearer, { since: null, isDryRun: false });
  expect((await api.get(`/logs/${log.id}`)).body).toMatchObject({ prompt_cost: 4 });
  await reprice(api.database, prices, { since: null, isDryRun: false });
  expect((await api.get(`/logs/${log.id}`)).body).toMatchObject({ prompt_cost: 2 });
});

test('a call whose client has gone is not taken to a fallback', async () => {
  const named = models({ first: [{ text: 'x', isSilent: true }], second: [{ text: 'Hi.' }] });
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const leaving = new AbortController();
  const body = { path: 'leaving', agent: agentOf(named), messages: hello, save: false };
  const answer = fetch(`${url}/v5/agents/call`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, stream: true }),
    signal: leaving.signal,
  }).then((response) => response.text());
  await expect.poll(() => requestsTo(named.first).length).toBe(1);
  leaving.abort();
  await expect(answer).rejects.toThrow();
  await expect.poll(() => api.runtime.size).toBe(0);
  expect(requestsTo(named.second)).toEqual([]);
});

describe('a list of fallbacks', () => {
  const upsert = (fallbacks: unknown) =>
    api.post('/agents', { path: 'listed', model: 'm', other: { fallbacks } });

  test.each<[string, unknown, (string | number)[]]>([
    ['is a list', 'gpt-4o', []],
    ['names a model in each', [{ provider: 'mock' }], [0, 'model']],
    ['names a model that has a name', [{ model: 'a' }, { model: '' }], [1, 'model']],
    ['names a vendor that there is', [{ provider: 'nobody', model: 'm' }], [0, 'provider']],
    ['has no settings but those it may have', [{ model: 'm', temperature: 0 }], [0, 'temperature']],
    ['has five at most', Array.from({ length: 6 }, () => ({ model: 'm' })), []],
  ])('%s', async (_, fallbacks, place) => {
    const at = ['body', 'other', 'fallbacks', ...place];
    expectRefusal(await upsert(fallbacks), 422, at);
    const inline = { path: 'listed', agent: { model: 'm', other: { fallbacks } }, messages: hello };
    const within = ['body', 'agent', 'other', 'fallbacks', ...place];
    expectRefusal(await api.post('/agents/call', inline), 422, within);
  });

  test('is part of what a version is, and of its text', async () => {
    const fallbacks = [{ provider: 'anthropic', model: 'm', other: { top_k: 5 } }, { model: 'n' }];
    const { body } = await upsert(fallbacks);
    expect(body.other).toEqual({ fallbacks });
    expect((await upsert([...fallbacks].reverse())).body.version_id).not.toBe(body.version_id);
    const version = `version_id=${body.version_id}`;
    const { body: text } = await api.get(`/agents/${body.id}/serialize?${version}`);
    const { body: read } = await api.post('/agents/deserialize', { agent: text });
    expect(read.other).toEqual({ fallbacks });
    const broken = text.replace('"model": "n"', '"model": ""');
    expect(broken).not.toBe(text);
    const refused = await api.post('/agents/deserialize', { agent: broken });
    expectRefusal(refused, 422, ['body', 'agent']);
  });
});

test('the mock plays a script of its own for each model', async () => {
  const agent = {
    provider: 'mock',
    model: 'a',
    other: {
      script: [{ error: { status: 503 } }],
      fallbacks: [{ model: 'b', other: { script: [{ content: 'Hi.' }] } }],
    },
    tools: [],
  };
  const { log } = await call(api, agent);
  expect(log).toMatchObject({ output: 'Hi.', turns: [{ provider: 'mock', model: 'b' }] });
});
