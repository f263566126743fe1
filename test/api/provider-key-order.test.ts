import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { secretBox } from '../../src/kernel/secret-box.ts';
import { anthropicProvider } from '../../src/providers/anthropic/anthropic-provider.ts';
import { azureProvider } from '../../src/providers/azure/azure-provider.ts';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { answerTo, callOf, hello, lookup, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { addOrganization } from '../support/organizations.ts';
import { send } from '../support/refusals.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const providers = {
  openai: openaiProvider({ apiKey: 'of-the-server', baseUrl: `${fake.url}/v1` }),
  anthropic: anthropicProvider({ apiKey: undefined, baseUrl: fake.url }),
  openai_azure: azureProvider({
    apiKey: 'of-the-server',
    endpoint: fake.url,
    apiVersion: '2024-10-21',
  }),
};
const api = await testApp({ providers });

const set = async (provider: string, api_key: string, more = {}) => {
  const answer = await api.post('/provider-keys', { provider, api_key, ...more });
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
};
const remove = (provider: string) => api.delete(`/provider-keys/${provider}`);

/** The keys that a vendor is sent while something is done. */
async function sentBy(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const before = fake.requests.length;
  await work();
  return fake.requests
    .slice(before)
    .map(({ headers }) => headers['api-key'] ?? headers['x-api-key'] ?? headers.authorization);
}

const spec = { provider: 'openai', model: 'm' };
const asked = { messages: hello };
let paths = 0;
/** Of a file whose name is that of a function, too. */
const newPath = () => `order/file_${++paths}`;

const ways: Readonly<Record<string, (keys: object) => Promise<unknown>>> = {
  'a call of an agent': (provider_api_keys) =>
    api.post('/agents/call', { path: newPath(), agent: spec, ...asked, provider_api_keys }),
  'a streamed call of an agent': (provider_api_keys) =>
    api.stream('/agents/call', { path: newPath(), agent: spec, ...asked, provider_api_keys }),
  'a call of a prompt': (provider_api_keys) =>
    api.post('/prompts/call', { path: newPath(), prompt: spec, ...asked, provider_api_keys }),
  'a streamed call of a prompt': (provider_api_keys) =>
    api.post('/prompts/call', {
      ...{ path: newPath(), prompt: spec, ...asked, provider_api_keys },
      stream: true,
    }),
  'a completion': (provider_api_keys) =>
    api.post('/prompts/call', {
      path: newPath(),
      prompt: { ...spec, endpoint: 'complete', template: 'Once' },
      provider_api_keys,
    }),
  'a linked prompt': async (provider_api_keys) => {
    const template = [{ role: 'user', content: '{{question}}' }];
    const { body } = await api.post('/prompts', { path: newPath(), ...spec, template });
    return callLinked(body, { question: 'Why?' }, provider_api_keys);
  },
  'a linked agent': async (provider_api_keys) => {
    const { body } = await api.post('/agents', { path: newPath(), ...spec });
    return callLinked(body, { message: 'Why?' }, provider_api_keys);
  },
};

/** Calls an agent on `mock` that calls another file. */
async function callLinked(
  { id, name }: { readonly id: string; readonly name: string },
  inputs: Record<string, unknown>,
  provider_api_keys: object,
) {
  const tools = [{ type: 'file', link: { file_id: id } }];
  const script = [{ tool_calls: [callOf(name, inputs)] }, { content: 'Done.' }];
  const agent = scripted(script, { tools });
  return api.post('/agents/call', { path: newPath(), agent, ...asked, provider_api_keys });
}

describe.each(Object.entries(ways))('%s', (_, call) => {
  test('uses its own key, or else the organization’s, or else the server’s', async () => {
    expect(await sentBy(() => call({}))).toEqual(['Bearer of-the-server']);
    await set('openai', 'of-the-organization');
    expect(await sentBy(() => call({}))).toEqual(['Bearer of-the-organization']);
    expect(await sentBy(() => call({ openai: null, anthropic: 'x' }))).toEqual([
      'Bearer of-the-organization',
    ]);
    expect(await sentBy(() => call({ openai: 'of-the-call' }))).toEqual(['Bearer of-the-call']);
    await remove('openai');
    expect(await sentBy(() => call({}))).toEqual(['Bearer of-the-server']);
  });
});

test('all samples of a prompt use the organization’s key', async () => {
  await set('openai', 'of-the-organization');
  const sent = await sentBy(() =>
    api.post('/prompts/call', { path: newPath(), prompt: spec, ...asked, num_samples: 3 }),
  );
  expect(sent).toEqual(Array(3).fill('Bearer of-the-organization'));
  await remove('openai');
});

const claude = { provider: 'anthropic', model: 'm' };

test('a run that goes on uses the key that the organization has then', async () => {
  await set('anthropic', 'first');
  const agent = { ...claude, tools: [lookup] };
  fake.script([{ toolCalls: [{ id: 'c1', name: 'lookup' }] }, { text: 'Done.' }]);
  const { body } = await api.post('/agents/call', { path: newPath(), agent, ...asked });
  const goOn = () =>
    api.post('/agents/continue', { log_id: body.id, messages: [answerTo('c1', '42')] });
  await remove('anthropic');
  const refused = await goOn();
  expect(refused).toMatchObject({ statusCode: 422, body: { code: 'missing_provider_key' } });
  await set('anthropic', 'second');
  expect(await sentBy(goOn)).toEqual(['second']);
  await remove('anthropic');
});

test('without any key a call is told where one can be given', async () => {
  const call = () => api.post('/agents/call', { path: newPath(), agent: claude, ...asked });
  const { statusCode, body } = await call();
  expect(statusCode).toBe(422);
  expect(body).toMatchObject({ code: 'missing_provider_key' });
  for (const place of ['provider_api_keys.anthropic', '/v5/provider-keys', 'ANTHROPIC_API_KEY']) {
    expect(body.detail.message).toContain(place);
  }
  await set('anthropic', 'of-the-organization');
  expect(await sentBy(call)).toEqual(['of-the-organization']);
  await remove('anthropic');
});

describe('in the middle of a run', () => {
  /** An agent that calls the model twice; between the calls something is done. */
  async function callTwice(between: () => Promise<unknown>) {
    const { body: inner } = await api.post('/prompts', {
      path: newPath(),
      provider: 'mock',
      model: 'mock',
    });
    fake.respond(async ({ body }) => {
      if (JSON.stringify(body).includes('tool_result')) return { text: 'Done.' };
      await between();
      return { toolCalls: [{ id: 'c1', name: inner.name, arguments: { message: 'x' } }] };
    });
    const tools = [{ type: 'file', link: { file_id: inner.id } }];
    return api.post('/agents/call', { path: newPath(), agent: { ...claude, tools }, ...asked });
  }

  test('a key that is replaced is not used any more', async () => {
    await set('anthropic', 'old');
    const sent = await sentBy(async () => {
      const { body } = await callTwice(() => set('anthropic', 'new'));
      expect(body).toMatchObject({ output: 'Done.', error: null });
    });
    expect(sent).toEqual(['old', 'new']);
  });

  test('a key that is deleted ends it, and its log says why', async () => {
    await set('anthropic', 'old');
    const sent = await sentBy(async () => {
      const { body } = await callTwice(() => remove('anthropic'));
      expect(body).toMatchObject({ log_status: 'complete', output: null });
      expect(body.error).toContain('There is no API key for Anthropic.');
    });
    expect(sent).toEqual(['old']);
  });
});

test('a key that is set with an Idempotency-Key counts as soon as it is told of', async () => {
  const call = () => api.post('/agents/call', { path: newPath(), agent: spec, ...asked });
  for (const round of [1, 2, 3]) {
    const api_key = `of-round-${round}`;
    const body = JSON.stringify({ provider: 'openai', api_key });
    const named = { 'idempotency-key': `set-${round}` };
    // Others read the keys meanwhile.
    const [answer] = await Promise.all([
      send(api, 'POST', '/v5/provider-keys', body, named),
      ...Array.from({ length: 5 }, () => api.runtime.parts.keyring.keysFor(api.workspace)),
    ]);
    expect(answer.statusCode).toBe(200);
    expect(await sentBy(call)).toEqual([`Bearer ${api_key}`]);
    expect(await databaseText(api.database)).not.toContain(api_key);
  }
  await remove('openai');
});

test('the key of another organization is never used', async () => {
  const { apiKey } = await addOrganization(api, 'a-key-of-others');
  await set('openai', 'of-our-organization');
  const body = JSON.stringify({ path: newPath(), agent: spec, ...asked });
  const sent = await sentBy(() =>
    send(api, 'POST', '/v5/agents/call', body, { 'x-api-key': apiKey }),
  );
  expect(sent).toEqual(['Bearer of-the-server']);
  await remove('openai');
});

describe('a key that was encrypted with another secret key', () => {
  test('is told of as such, and stops only what needs it', async () => {
    await set('openai', 'sealed-before-the-change');
    await set('anthropic', 'sealed-before-the-change');
    const secrets = secretBox(Buffer.alloc(32, 8));
    const later = await testApp({ database: api.database, providers, secrets });
    const call = (agent: object, more = {}) =>
      later.post('/agents/call', { path: newPath(), agent, ...asked, ...more });

    const refused = await call(spec);
    expect(refused).toMatchObject({
      statusCode: 422,
      body: {
        code: 'provider_key_unreadable',
        detail: { type: 'provider_key_unreadable', code: 422, origin: 'OpenAI' },
      },
    });
    expect(refused.body.detail.message).toContain('Set it again at `/v5/provider-keys`.');
    expect((await call(scripted([{ content: 'Hi' }]))).body.output).toBe('Hi');
    const own = { provider_api_keys: { openai: 'of-the-call' } };
    expect(await sentBy(() => call(spec, own))).toEqual(['Bearer of-the-call']);
    const { body: keys } = await later.get('/provider-keys');
    expect(keys).toMatchObject([
      { provider: 'anthropic', usable: false },
      { provider: 'openai', usable: false },
    ]);

    await later.post('/provider-keys', { provider: 'openai', api_key: 'given-again' });
    expect(await sentBy(() => call(spec))).toEqual(['Bearer given-again']);
    await remove('openai');
    await remove('anthropic');
  });

  test('opens as long as the server has that secret key as its previous one', async () => {
    await set('openai', 'sealed-before-the-change');
    const secrets = secretBox(Buffer.alloc(32, 8), Buffer.alloc(32, 7));
    const later = await testApp({ database: api.database, providers, secrets });
    const sent = await sentBy(() =>
      later.post('/agents/call', { path: newPath(), agent: spec, ...asked }),
    );
    expect(sent).toEqual(['Bearer sealed-before-the-change']);
    await remove('openai');
  });
});

describe('for Azure', () => {
  const elsewhere = 'https://a.openai.azure.com';
  const call = (provider_api_keys = {}) =>
    api.post('/agents/call', {
      path: newPath(),
      agent: { provider: 'openai_azure', model: 'deployment' },
      ...asked,
      provider_api_keys,
    });

  test('a key without an endpoint goes to the server’s, and to no other', async () => {
    await set('openai_azure', 'of-the-organization');
    expect(await sentBy(() => call())).toEqual(['of-the-organization']);
    const own = { openai_azure_endpoint: `${fake.url}/openai/` };
    expect(await sentBy(() => call(own))).toEqual(['of-the-organization']);
    const answer = await call({ openai_azure_endpoint: elsewhere });
    expect(answer).toMatchObject({ statusCode: 422, body: { code: 'missing_provider_key' } });
    await remove('openai_azure');
  });

  test('a key with an endpoint goes there alone: a call that brings the server’s uses that one’s key', async () => {
    await set('openai_azure', 'of-the-organization', { endpoint: elsewhere });
    const own = { openai_azure_endpoint: fake.url };
    expect(await sentBy(() => call(own))).toEqual(['of-the-server']);
    const third = { openai_azure_endpoint: 'https://another.openai.azure.com' };
    expect(await call(third)).toMatchObject({ body: { code: 'missing_provider_key' } });
    await remove('openai_azure');
  });
});

test('a key that the vendor repeats is in no answer, log or line of the server', async () => {
  const canary = 'sk-canary-5e0c-of-an-organization';
  await set('openai', canary);
  fake.respond(({ headers }) => ({
    status: 401,
    body: { error: { message: `Incorrect API key provided: ${headers.authorization}` } },
  }));
  const answers = [];
  for (const [collection, kind] of [
    ['agents', 'agent'],
    ['prompts', 'prompt'],
  ] as const) {
    const request = { path: newPath(), [kind]: spec, ...asked };
    answers.push(await api.post(`/${collection}/call`, request));
    const streamed = { ...request, path: newPath(), stream: true };
    answers.push(await api.post(`/${collection}/call`, streamed));
  }
  const { body: files } = await api.get('/files?size=100');
  for (const { id } of files.records) answers.push(await api.get(`/logs?file_id=${id}`));
  const seen = [JSON.stringify(answers), await databaseText(api.database), ...api.logged].join(
    '\n',
  );
  expect(fake.lastRequest.headers.authorization).toBe(`Bearer ${canary}`);
  expect(seen).toContain('Incorrect API key provided');
  for (const trace of [canary, Buffer.from(canary).toString('hex'), btoa(canary)]) {
    expect(seen).not.toContain(trace);
  }
});
