import { afterAll, expect, test } from 'vitest';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { testApp } from '../support/app.ts';
import { startFakeProvider } from '../support/fake-provider.ts';
import { addKey } from '../support/keys.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const vendor = await startFakeProvider();
afterAll(() => vendor.close());

const api = await testApp({
  allowedHosts: '127.0.0.1',
  providers: { openai: openaiProvider({ apiKey: undefined, baseUrl: `${vendor.url}/v1` }) },
});
const key = 'sk-a-key-that-nobody-sees-4711';
const withoutKey = { statusCode: 422, body: { code: 'missing_provider_key' } };
const tried = (body: object = {}) => api.post('/provider-keys/openai/test', body);

test('without a key there is nothing to try', async () => {
  expect(await tried()).toMatchObject(withoutKey);
  expectRefusal(await api.post('/provider-keys/nobody/test', {}), 404);
});

test('a key is tried by one small call, which leaves no log', async () => {
  await api.post('/provider-keys', { provider: 'openai', api_key: key });
  const before = await rowCounts(api);
  vendor.script([{ text: 'Hi.' }]);
  const { statusCode, body } = await tried();
  expect(statusCode).toBe(200);
  expect(body).toEqual({
    ok: true,
    model: vendor.lastRequest.body['model'],
    latency_ms: expect.any(Number),
    error: null,
  });
  expect(vendor.lastRequest.headers.authorization).toBe(`Bearer ${key}`);
  vendor.script([{ text: 'Hi.' }]);
  expect((await tried({ model: 'gpt-of-mine' })).body).toMatchObject({ model: 'gpt-of-mine' });
  expect(await rowCounts(api)).toEqual(before);
});

test('what the vendor refuses is told in its words, without the key, and not asked again', async () => {
  const error = { message: `Incorrect API key provided: ${key}.`, type: 'invalid_request_error' };
  vendor.script([{ status: 401, body: { error } }]);
  const count = vendor.requests.length;
  const { statusCode, body } = await tried();
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ ok: false, error: expect.stringContaining('Incorrect API key') });
  expect(JSON.stringify(body)).not.toContain(key);
  vendor.script([{ status: 503, body: { error: { message: 'Overloaded.' } } }]);
  expect((await tried()).body).toMatchObject({
    ok: false,
    error: expect.stringMatching(/Overloaded/),
  });
  expect(vendor.requests.length).toBe(count + 2);
});

test('a custom endpoint is tried with a model of its own', async () => {
  const name = 'my-llama';
  await api.post('/custom-endpoints', { name, base_url: `${vendor.url}/v1`, api_key: key });
  const url = `/custom-endpoints/${name}/test`;
  expectRefusal(await api.post(url, {}), 422, ['body', 'model']);
  vendor.script([{ text: 'Hi.' }]);
  expect((await api.post(url, { model: 'llama' })).body).toMatchObject({
    ok: true,
    model: 'llama',
  });
  expectRefusal(await api.post('/custom-endpoints/none/test', { model: 'llama' }), 404);
});

test('only admins try, and only what is theirs', async () => {
  const editor = await addKey(api, { role: 'editor' });
  const their = await addOrganization(api, 'the-key-of-the-others');
  const ask = (url: string, apiKey: string) =>
    send(api, 'POST', `/v5${url}`, '{"model": "llama"}', { 'x-api-key': apiKey });
  for (const url of ['/provider-keys/openai/test', '/custom-endpoints/my-llama/test']) {
    expectRefusal(await ask(url, editor), 403);
  }
  expectRefusal(await ask('/custom-endpoints/my-llama/test', their.apiKey), 404);
  expect(await ask('/provider-keys/openai/test', their.apiKey)).toMatchObject(withoutKey);
});
