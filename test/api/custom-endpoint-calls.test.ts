import { afterAll, describe, expect, test } from 'vitest';
import { secretBox } from '../../src/kernel/secret-box.ts';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { answerTo, hello, lookup } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { type FakeProvider, startFakeProvider } from '../support/fake-provider.ts';
import { expectRefusal } from '../support/refusals.ts';

/** OpenAI, and two servers of the organization's own. */
const [vendor, llama, qwen] = (await Promise.all(
  [1, 2, 3].map(() => startFakeProvider()),
)) as unknown as [FakeProvider, FakeProvider, FakeProvider];
afterAll(() => Promise.all([vendor, llama, qwen].map((each) => each.close())));

const api = await testApp({
  allowedHosts: '127.0.0.1',
  providers: {
    openai: openaiProvider({ apiKey: 'sk-of-openai-0123', baseUrl: `${vendor.url}/v1` }),
  },
  modelLimits: { maxAttempts: 1 },
});
const endpoints = '/custom-endpoints';
await api.post(endpoints, { name: 'my-llama', base_url: `${llama.url}/v1` });
await api.post(endpoints, {
  name: 'my-qwen',
  base_url: `${qwen.url}/api/v1`,
  api_key: 'a-key-of-qwen',
  headers: { 'X-Team': 'support of mine' },
});

const prompt = (provider: string, more = {}) => ({ provider, model: 'tiny', ...more });
const call = (provider: string, more: Record<string, unknown> = {}) =>
  api.post('/prompts/call', { path: provider, prompt: prompt(provider), messages: hello, ...more });

test('servers are called beside each other and beside OpenAI, each with its own key or none', async () => {
  for (const [fake, text] of [
    [vendor, 'OpenAI.'],
    [llama, 'Llama.'],
    [qwen, 'Qwen.'],
  ] as const) {
    fake.script([{ text, usage: { input: 3, output: 2 } }]);
  }
  const answers = await Promise.all(['openai', 'my-llama', 'my-qwen'].map((name) => call(name)));
  expect(answers.map(({ body }) => body.logs[0])).toMatchObject([
    { output: 'OpenAI.', provider: 'openai' },
    { output: 'Llama.', provider: 'my-llama', model: 'tiny', prompt_tokens: 3, prompt_cost: null },
    { output: 'Qwen.', provider: 'my-qwen', error: null },
  ]);
  expect(vendor.lastRequest.headers.authorization).toBe('Bearer sk-of-openai-0123');
  expect(llama.lastRequest.headers.authorization).toBeUndefined();
  expect(qwen.lastRequest).toMatchObject({
    path: '/api/v1/chat/completions',
    headers: { authorization: 'Bearer a-key-of-qwen', 'x-team': 'support of mine' },
  });
});

test('an agent streams, is suspended and goes on', async () => {
  llama.script([
    { toolCalls: [{ id: 'c1', name: 'lookup', arguments: { key: 'a' } }] },
    { text: ['It ', 'is 42.'] },
  ]);
  const agent = prompt('my-llama', { tools: [lookup] });
  const events = await api.stream('/agents/call', { path: 'llama/agent', agent, messages: hello });
  const { id, log_status } = events.at(-1)?.payload ?? {};
  expect(log_status).toBe('incomplete');
  const body = { log_id: id, messages: [answerTo('c1', '42')] };
  const done = await api.post('/agents/continue', body);
  expect(done.body).toMatchObject({
    output: 'It is 42.',
    log_status: 'complete',
    turns: [{ provider: 'my-llama' }, { provider: 'my-llama' }],
  });
});

describe('an error names the server', () => {
  const error = { error: { message: 'No such model.' } };

  test.each([404, 401])('that answered %s', async (status) => {
    llama.script([{ status, body: error }]);
    const { statusCode, body } = await call('my-llama');
    expect(statusCode).toBe(422);
    expect(body.detail).toMatchObject({
      message: `\`my-llama\` answered ${status}: No such model.`,
      origin: 'my-llama',
    });
  });

  test('that cannot be reached', async () => {
    const gone = await startFakeProvider();
    await api.post(endpoints, { name: 'gone', base_url: gone.url });
    await gone.close();
    const { statusCode, body } = await call('gone');
    expect(statusCode).toBe(502);
    expect(body.detail.message).toMatch(/^`gone` cannot be reached: connect ECONNREFUSED/);
  });

  test('and hides what was sent to it, when it is told back', async () => {
    const said = `Not for Bearer a-key-of-qwen of support of mine.`;
    qwen.script([{ status: 400, body: { error: { message: said } } }]);
    const { body } = await call('my-qwen');
    expect(body.detail.message).toBe(
      '`my-qwen` answered 400: Not for Bearer [redacted] of [redacted].',
    );
  });
});

test('a server is not called any more when its address is no longer allowed', async () => {
  const strict = await testApp({ database: api.database });
  const before = llama.requests.length;
  const body = { path: 'my-llama', prompt: prompt('my-llama'), messages: hello };
  const answer = await strict.post('/prompts/call', body);
  expect(answer.statusCode).toBe(422);
  expect(answer.body.detail.message).toBe(
    '`my-llama` cannot be reached: The host 127.0.0.1 is not on the public internet, and this server is not configured to allow it. Its operator can allow it with `LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS`.',
  );
  expect(llama.requests.length).toBe(before);
});

test('a server does not send us elsewhere', async () => {
  const before = vendor.requests.length;
  const location = `${vendor.url}/v1/chat/completions`;
  qwen.script([{ status: 307, headers: { location }, body: '' }]);
  const { body } = await call('my-qwen');
  expect(body.detail.message).toContain('`my-qwen` answered 307');
  expect(vendor.requests.length).toBe(before);
});

test('a change and a deletion take effect at the next call', async () => {
  llama.script([{ text: 'First.' }]);
  await api.post(endpoints, { name: 'moving', base_url: `${llama.url}/v1` });
  expect((await call('moving')).body.logs[0].output).toBe('First.');
  qwen.script([{ text: 'Second.' }]);
  await api.patch(`${endpoints}/moving`, { base_url: `${qwen.url}/v1`, api_key: 'a-later-key' });
  expect((await call('moving')).body.logs[0].output).toBe('Second.');
  expect(qwen.lastRequest.headers.authorization).toBe('Bearer a-later-key');
  const { body: version } = await api.post('/prompts', { path: 'moving', ...prompt('moving') });
  await api.delete(`${endpoints}/moving`);
  for (const body of [{ id: version.id }, { path: 'moving', prompt: prompt('moving') }]) {
    const answer = await api.post('/prompts/call', { ...body, messages: hello });
    expect(answer).toMatchObject({ statusCode: 422, body: { code: 'provider_not_supported' } });
    expect(answer.body.detail).toMatch(/^There is no provider `moving`\. The vendors are `openai`/);
    expect(answer.body.detail).toMatch(/custom endpoints of your organization are .*`my-llama`/);
  }
  expect((await api.get(`/prompts/${version.id}`)).body.provider).toBe('moving');
});

test('a run goes on at a server that is made anew', async () => {
  llama.script([
    { toolCalls: [{ id: 'c1', name: 'lookup', arguments: { key: 'a' } }] },
    { text: 'Here.' },
  ]);
  const endpoint = { name: 'made-anew', base_url: `${llama.url}/v1` };
  await api.post(endpoints, endpoint);
  const agent = prompt('made-anew', { tools: [lookup] });
  const { body: log } = await api.post('/agents/call', { path: 'anew', agent, messages: hello });
  const body = { log_id: log.id, messages: [answerTo('c1', '42')] };
  await api.delete(`${endpoints}/made-anew`);
  expect((await api.post('/agents/continue', body)).body.code).toBe('provider_not_supported');
  await api.post(endpoints, endpoint);
  expect((await api.post('/agents/continue', body)).body).toMatchObject({ output: 'Here.' });
});

test('servers are fallbacks of vendors, and vendors of servers', async () => {
  const trouble = { status: 503, body: { error: { message: 'Busy.' } } };
  vendor.script([trouble, { text: 'From OpenAI.' }]);
  llama.script([{ text: 'From home.' }, trouble]);
  const [first, second] = await Promise.all([
    call('openai', { prompt: prompt('openai', fallingBackTo('my-llama')) }),
  ]).then(async (answers) => [
    ...answers,
    await call('my-llama', { prompt: prompt('my-llama', fallingBackTo('openai')) }),
  ]);
  expect(first?.body.logs[0]).toMatchObject({ output: 'From home.', provider: 'my-llama' });
  expect(second?.body.logs[0]).toMatchObject({ output: 'From OpenAI.', provider: 'openai' });
  expect(second?.body.stdout).toContain('`my-llama` model `tiny` failed: `my-llama` answered 503');
});

const fallingBackTo = (provider: string) => ({
  other: { fallbacks: [{ provider, model: 'other' }] },
});

describe('a version that names no provider that there is', () => {
  const evaluator = {
    evaluator_type: 'llm',
    arguments_type: 'target_free',
    return_type: 'boolean',
    prompt: prompt('my-lama', { template: 'Is it good? {{log.output}}' }),
  };
  const text = '---\nmodel: tiny\nprovider: my-lama\n---\n<user>\nHi\n</user>\n';
  const wrong = prompt('my-lama');
  const messages = hello;
  const path = 'no-provider';

  test.each([
    ['/prompts', { path, ...wrong }, ['body', 'provider']],
    ['/agents', { path, ...wrong }, ['body', 'provider']],
    ['/prompts/call', { path, prompt: wrong, messages }, ['body', 'prompt', 'provider']],
    ['/agents/call', { path, agent: wrong, messages }, ['body', 'agent', 'provider']],
    ['/prompts/log', { path, prompt: wrong, output: 'a' }, ['body', 'prompt', 'provider']],
    ['/evaluators', { path, spec: evaluator }, ['body', 'spec', 'prompt', 'provider']],
    [
      '/prompts',
      { path, ...prompt('my-llama', fallingBackTo('my-lama')) },
      ['body', 'other', 'fallbacks', 0, 'provider'],
    ],
    ['/prompts/deserialize', { prompt: text }, ['body', 'prompt']],
    ['/prompts/call', { path, prompt: text, messages }, ['body', 'prompt']],
  ])('is refused by POST %s', async (url, body, loc) => {
    const answer = await api.post(url, body);
    expectRefusal(answer, 422, loc);
    const said = JSON.stringify(answer.body);
    expect(said).toContain('There is no provider `my-lama`. The vendors are `openai`,');
    expect(said).toContain('`my-llama`');
  });
});

test('a file keeps the name through its text', async () => {
  const spec = prompt('my-llama', {
    template: [{ role: 'user', content: 'Hi' }],
    ...fallingBackTo('my-qwen'),
  });
  const { body: stored } = await api.post('/agents', { path: 'texts', ...spec });
  const { body: text } = await api.get(`/agents/${stored.id}/serialize`);
  expect(text).toContain('provider: my-llama');
  const { body: read } = await api.post('/agents/deserialize', { agent: text });
  expect(read).toMatchObject({ provider: 'my-llama', ...fallingBackTo('my-qwen') });
  llama.script([{ text: 'From text.' }]);
  const body = { path: 'texts', agent: text, messages: hello };
  const called = await api.post('/agents/call', body);
  expect(called.body).toMatchObject({ output: 'From text.', agent: { id: stored.id } });
});

test('an evaluator asks a model at a server', async () => {
  llama.script([{ text: 'true' }]);
  const spec = {
    evaluator_type: 'llm',
    arguments_type: 'target_free',
    return_type: 'boolean',
    prompt: prompt('my-llama', { template: 'Is it good? {{log.output}}' }),
  };
  const { body } = await api.post('/evaluators/call', { spec, log: { output: 'Yes.' } });
  expect(body).toMatchObject({ judgment: true });
});

test('secrets that cannot be read are told of, and mended by setting them again', async () => {
  await api.post(endpoints, { name: 'lost', base_url: qwen.url, api_key: 'a-key-that-is-lost' });
  const secrets = secretBox(Buffer.alloc(32, 8));
  const other = await testApp({ database: api.database, allowedHosts: '127.0.0.1', secrets });
  expect((await other.get(`${endpoints}/lost`)).body).toMatchObject({
    has_key: true,
    usable: false,
  });
  const body = { path: 'lost', prompt: prompt('lost'), messages: hello };
  const refused = await other.post('/prompts/call', body);
  expect(refused).toMatchObject({ statusCode: 422, body: { code: 'custom_endpoint_unreadable' } });
  const mended = await other.patch(`${endpoints}/lost`, { api_key: 'another', headers: null });
  expect(mended.body).toMatchObject({ usable: true });
  qwen.script([{ text: 'Again.' }]);
  expect((await other.post('/prompts/call', body)).body.logs[0].output).toBe('Again.');
});
