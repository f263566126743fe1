import { describe, expect, test } from 'vitest';
import { azureProvider } from '../../src/providers/azure/azure-provider.ts';
import { hello } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp({
  providers: {
    openai_azure: azureProvider({
      apiKey: undefined,
      endpoint: 'http://azure.internal/openai',
      apiVersion: '2024-10-21',
    }),
  },
});

const url = '/provider-keys';
const set = (provider: string, api_key: unknown, more = {}) =>
  api.post(url, { provider, api_key, ...more });
const listed = async () => (await api.get(url)).body;

test('a key is set, and told of without the key', async () => {
  const { statusCode, body } = await set('groq', 'gsk_0123456789_wxyz');
  expect(statusCode).toBe(200);
  expect(body).toEqual({
    provider: 'groq',
    hint: '…wxyz',
    endpoint: null,
    usable: true,
    set_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    set_by: { id: api.workspace.memberId, email_address: 'owner@localhost', full_name: 'Owner' },
  });
  expect(await listed()).toEqual([body]);
});

test('a key that is set again takes the place of the one before', async () => {
  const { body: before } = await set('cohere', 'the-first-key-1111');
  const { body: after } = await set('cohere', 'the-second-key-2222');
  expect(after).toMatchObject({ provider: 'cohere', hint: '…2222' });
  expect(after.set_at > before.set_at).toBe(true);
  const all: { readonly provider: string }[] = await listed();
  expect(all.filter(({ provider }) => provider === 'cohere')).toEqual([after]);
});

test('keys are listed by the names of their vendors', async () => {
  for (const provider of ['replicate', 'anthropic', 'mock', 'bedrock']) {
    await set(provider, 'a-key-of-0123456789');
  }
  const providers = (await listed()).map(({ provider }: { provider: string }) => provider);
  expect(providers).toEqual(expect.arrayContaining(['anthropic', 'bedrock', 'mock', 'replicate']));
  expect(providers).toEqual(providers.toSorted());
});

test('a deleted key is gone, and there is none to delete any more', async () => {
  await set('deepseek', 'a-key-to-be-deleted');
  expect(await api.delete(`${url}/deepseek`)).toMatchObject({ statusCode: 204, body: '' });
  expect(JSON.stringify(await listed())).not.toContain('deepseek');
  for (const name of ['deepseek', 'DeepSeek', 'none', '%20', '__proto__']) {
    const gone = await api.delete(`${url}/${name}`);
    expectRefusal(gone, 404);
    expect(gone.body.code).toBe('provider_key_not_found');
  }
});

describe('a key for Azure', () => {
  test('may have an endpoint of Azure’s, or the server’s own', async () => {
    for (const endpoint of ['https://a.openai.azure.com', 'http://azure.internal', null]) {
      const { body } = await set('openai_azure', 'a-key-of-a-resource', { endpoint });
      expect(body).toMatchObject({ provider: 'openai_azure', endpoint });
    }
  });

  test.each([
    'http://a.openai.azure.com',
    'https://openai.azure.com.example.com',
    'http://127.0.0.1:5432',
    'http://169.254.169.254/latest',
    'azure',
  ])('is not kept with an endpoint like %s', async (endpoint) => {
    const before = await listed();
    const answer = await set('openai_azure', 'another-key', { endpoint });
    expectRefusal(answer, 422, ['body', 'endpoint']);
    expect(await listed()).toEqual(before);
  });

  test('is the only one with an endpoint', async () => {
    const answer = await set('openai', 'a-key', { endpoint: 'https://a.openai.azure.com' });
    expectRefusal(answer, 422, ['body', 'endpoint']);
    expect((await set('openai', 'a-key', { endpoint: null })).statusCode).toBe(200);
  });
});

test.each([
  ['of a vendor that is none', { provider: 'skynet', api_key: 'k' }, ['body', 'provider']],
  ['of no vendor', { provider: null, api_key: 'k' }, ['body', 'provider']],
  ['that is empty', { provider: 'openai', api_key: '' }, ['body', 'api_key']],
  ['that is missing', { provider: 'openai' }, ['body', 'api_key']],
  ['that is null', { provider: 'openai', api_key: null }, ['body', 'api_key']],
  ['that is no text', { provider: 'openai', api_key: 5 }, ['body', 'api_key']],
  ['with a blank', { provider: 'openai', api_key: 'sk a' }, ['body', 'api_key']],
  ['with a line break', { provider: 'openai', api_key: 'sk-a\n' }, ['body', 'api_key']],
  ['with other letters', { provider: 'openai', api_key: 'schlüssel' }, ['body', 'api_key']],
  [
    'of ten thousand letters',
    { provider: 'openai', api_key: 'x'.repeat(10_000) },
    ['body', 'api_key'],
  ],
  [
    'with no endpoint at all',
    { provider: 'openai_azure', api_key: 'k', endpoint: '' },
    ['body', 'endpoint'],
  ],
])('a key %s is refused', async (_, body, loc) => {
  const before = await rowCounts(api);
  expectRefusal(await api.post(url, body), 422, loc);
  expect(await rowCounts(api)).toEqual(before);
});

test('the longest key is kept', async () => {
  const longest = `eu-west-3:AKIA:${'s'.repeat(40)}:`.padEnd(8_000, 't');
  expect(await set('bedrock', longest)).toMatchObject({ statusCode: 200, body: { hint: '…tttt' } });
});

test('another organization’s keys can be neither seen nor changed', async () => {
  const { apiKey } = await addOrganization(api, 'a-key-of-others');
  const asThem = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) =>
    send(api, method, `/v5${path}`, body && JSON.stringify(body), { 'x-api-key': apiKey });
  await set('google', 'a-key-of-ours-1234');
  const ours = await listed();
  expect((await asThem('GET', url)).body).toEqual([]);
  expectRefusal(await asThem('DELETE', `${url}/google`), 404);
  const { body: theirs } = await asThem('POST', url, {
    provider: 'google',
    api_key: 'a-key-of-theirs-5678',
  });
  expect(theirs).toMatchObject({ hint: '…5678', set_by: { full_name: 'Other' } });
  expect(await listed()).toEqual(ours);
  expect((await asThem('DELETE', `${url}/google`)).statusCode).toBe(204);
  expect(await listed()).toEqual(ours);
});

describe('two at once', () => {
  test('that set a key for a vendor set one of them, and each is told of its own', async () => {
    const endings = ['1111', '2222', '3333', '4444', '5555', '6666'];
    const answers = await Promise.all(
      endings.map((ending) => set('anthropic', `a-key-that-ends-in-${ending}`)),
    );
    expect(answers.map(({ body }) => body.hint)).toEqual(endings.map((ending) => `…${ending}`));
    const all: { readonly provider: string; readonly hint: string }[] = await listed();
    const [last, ...more] = all.filter(({ provider }) => provider === 'anthropic');
    expect(answers.map(({ body }) => body)).toContainEqual(last);
    expect(more).toEqual([]);
  });

  test('that delete a key delete it once', async () => {
    await set('groq', 'a-key-to-be-deleted');
    const answers = await Promise.all(Array.from({ length: 4 }, () => api.delete(`${url}/groq`)));
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted();
    expect(statuses).toEqual([204, 404, 404, 404]);
  });
});

test('a key is encrypted in the database, and in no answer, text or log line of the server', async () => {
  const canary = 'sk-canary-7b21-of-a-key';
  const traces = [canary, Buffer.from(canary).toString('hex'), btoa(canary)];
  const spec = { path: 'keys/agent', provider: 'openai', model: 'm', template: 'Hello' };
  const { body: agent } = await api.post('/agents', spec);
  const answers = [
    await set('openai', canary),
    await set('openai', `${canary} `),
    await set('openai', [canary]),
    await set('skynet', canary),
    await set('openai', canary, { endpoint: canary }),
    await set('openai_azure', canary, { endpoint: `https://${canary}` }),
    await send(api, 'POST', `/v5${url}`, `{"provider": "openai", "api_key": "${canary}`),
    await api.delete(`${url}/${canary.slice(0, 3)}`),
    await api.get(url),
    await api.get('/files?include_raw_file_content=true'),
    await api.get(`/agents/${agent.id}/serialize`),
    await api.post('/agents/call', { id: agent.id, messages: hello }),
  ];
  const seen = [
    ...answers.map(({ body }) => JSON.stringify(body)),
    await databaseText(api.database),
    ...api.logged,
  ].join('\n');
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([
    ...[200, 422, 422, 422, 422, 422, 422, 404, 200, 200, 200, 422],
  ]);
  for (const trace of traces) expect(seen).not.toContain(trace);
  expect(seen).toContain('…-key');
});
