import { afterAll, expect, test } from 'vitest';
import { azureProvider } from '../../src/providers/azure/azure-provider.ts';
import { hello } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { startFakeProvider } from '../support/fake-provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());

const apiKey = 'the-servers-azure-key';
const api = await testApp({
  providers: {
    openai_azure: azureProvider({ apiKey, endpoint: fake.url, apiVersion: '2024-10-21' }),
  },
});

const call = (keys: object) =>
  api.post('/agents/call', {
    path: 'azure',
    agent: { provider: 'openai_azure', model: 'my-deployment' },
    messages: hello,
    provider_api_keys: keys,
  });

test('a call may bring its key, and the endpoint that the key is for', async () => {
  fake.script([{ text: 'Hi' }, { text: 'Hi' }]);
  expect(await call({})).toMatchObject({ statusCode: 200 });
  expect(fake.lastRequest.headers['api-key']).toBe(apiKey);
  const own = { openai_azure: 'the-key-of-the-call', openai_azure_endpoint: fake.url };
  expect(await call(own)).toMatchObject({ statusCode: 200, body: { output: 'Hi' } });
  expect(fake.lastRequest.headers['api-key']).toBe('the-key-of-the-call');
});

test('an endpoint that is not the server’s needs a key of the call', async () => {
  const answer = await call({ openai_azure_endpoint: 'https://another.openai.azure.com' });
  expect(answer).toMatchObject({ statusCode: 422, body: { code: 'missing_provider_key' } });
});

test('an endpoint that is none of Azure’s is refused', async () => {
  const keys = { openai_azure: 'a-key-of-the-call', openai_azure_endpoint: 'http://127.0.0.1:1' };
  const answer = await call(keys);
  expect(answer).toMatchObject({ statusCode: 422, body: { code: 'provider_rejected' } });
  expect(answer.body.detail.message).toContain('not the address of an Azure resource');
});
