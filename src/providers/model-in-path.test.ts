import { expect, test } from 'vitest';
import { failureOf, modelRequest } from '../../test/support/model-call.ts';
import { azureProvider } from './azure/azure-provider.ts';
import { bedrockProvider } from './bedrock/bedrock-provider.ts';
import { googleProvider } from './google/google-provider.ts';
import { modelInPath } from './model-in-path.ts';
import type { Provider } from './provider.ts';
import { replicateProvider } from './replicate/replicate-provider.ts';

const baseUrl = 'http://127.0.0.1:1';
const apiKey = 'a-long-key';
const providers: readonly Provider[] = [
  azureProvider({ apiKey, endpoint: baseUrl, apiVersion: '2024-10-21' }),
  bedrockProvider({ apiKey, region: 'us-east-1', baseUrl }),
  googleProvider({ apiKey, baseUrl }),
  replicateProvider({ apiKey, baseUrl }),
];

test.each([
  'gemini-2.5-flash',
  'tunedModels/my-model',
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc',
  'meta/meta-llama-3-70b-instruct',
])('%s is the name of a model', (name) => {
  expect(modelInPath(name)).toBe(name);
});

test.each(['', '..', '../files', 'a/../b', 'a/./b', './a', 'a?b=c', 'a#b', 'a b', 'a%2e', 'a\\b'])(
  'the model %j leads nowhere else',
  async (model) => {
    for (const provider of providers) {
      const call = provider.attempt(modelRequest({ model }), {
        apiKey,
        signal: new AbortController().signal,
      });
      const failure = await failureOf(call.next());
      expect(failure).toMatchObject({ kind: 'rejected', origin: provider.title });
      expect(failure.message).toContain('the name of the model');
    }
  },
);
