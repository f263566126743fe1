import { afterAll, beforeEach, expect, test } from 'vitest';
import { startFakeProvider } from '../../../test/support/fake-provider.ts';
import { attempt, failureOf, modelRequest } from '../../../test/support/model-call.ts';
import { azureProvider } from './azure-provider.ts';
import { isAzureEndpoint } from './endpoint.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const apiKey = 'the-servers-azure-key';
const apiVersion = '2024-10-21';
const azure = azureProvider({ apiKey, endpoint: fake.url, apiVersion });
const elsewhere = 'https://another.openai.azure.com';

test.each(['', '/', '/openai', '/openai/'])('the endpoint may end with %j', async (ending) => {
  const provider = azureProvider({ apiKey, endpoint: `${fake.url}${ending}`, apiVersion });
  await attempt(provider, modelRequest({ model: 'gpt' }));
  expect(fake.lastRequest.path).toBe(
    '/openai/deployments/gpt/chat/completions?api-version=2024-10-21',
  );
});

test('a text is completed by the deployment', async () => {
  const request = modelRequest({ model: 'davinci', endpoint: 'complete', maxTokens: 9 });
  const { answer } = await attempt(azure, request);
  expect(fake.lastRequest.path).toBe(
    '/openai/deployments/davinci/completions?api-version=2024-10-21',
  );
  expect(fake.lastRequest.body).toMatchObject({ prompt: 'Hello', max_tokens: 9 });
  expect(answer.message.content).toBe('Hi');
});

test('the endpoint of a call is called with the server’s key when it is the server’s own', async () => {
  const provider = azure.withEndpoint?.(`${fake.url}/openai/`);
  expect(provider?.apiKey).toBe(apiKey);
  if (provider) await attempt(provider, modelRequest());
  expect(fake.lastRequest.headers['api-key']).toBe(apiKey);
});

test('the server’s key goes to no other endpoint', async () => {
  const provider = azure.withEndpoint?.(elsewhere);
  expect(provider).toMatchObject({ needsKey: true, apiKey: undefined });
});

test('without an endpoint there is nothing to call', async () => {
  const nowhere = azureProvider({ apiKey, endpoint: undefined, apiVersion });
  const failure = await failureOf(attempt(nowhere, modelRequest()));
  expect(failure.kind).toBe('rejected');
  expect(failure.message).toContain('AZURE_OPENAI_ENDPOINT');
  expect(nowhere.withEndpoint?.(elsewhere).apiKey).toBeUndefined();
});

test.each([
  'http://another.openai.azure.com',
  'https://openai.azure.com',
  'https://127.0.0.1',
  'https://169.254.169.254',
  'https://another.openai.azure.com.example.com',
  'https://example.com/another.openai.azure.com',
  'https://another.openai.azure.com:8443',
  'https://user:pass@another.openai.azure.com',
  'https://another.openai.azure.com/openai/../admin',
  'https://another.openai.azure.com/?x=1',
  'https://another.openai.azure.com/#x',
  'https://anotheropenai.azure.com',
  'file:///etc/passwd',
  'another',
])('a call cannot make the server connect to %s', async (endpoint) => {
  expect(isAzureEndpoint(endpoint)).toBe(false);
  const before = fake.requests.length;
  const provider = azure.withEndpoint?.(endpoint);
  expect(provider).toBeDefined();
  if (!provider) return;
  const failure = await failureOf(attempt(provider, modelRequest(), { apiKey: 'of-the-call' }));
  expect(failure).toMatchObject({ kind: 'rejected', origin: 'Azure OpenAI' });
  expect(fake.requests).toHaveLength(before);
});

test.each([
  'https://another.openai.azure.com',
  'https://another.openai.azure.com/openai/',
  'https://ANOTHER.services.ai.azure.com/',
  'https://another.cognitiveservices.azure.com',
])('%s is an endpoint of Azure’s', (endpoint) => {
  expect(isAzureEndpoint(endpoint)).toBe(true);
});
