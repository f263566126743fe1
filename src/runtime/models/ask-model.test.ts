import { expect, test } from 'vitest';
import { databaseUnavailable } from '../../database/violations.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { ModelRequest } from '../../providers/provider.ts';
import { type Asker, askModel } from './ask-model.ts';

const request: ModelRequest = { model: 'm', messages: [], tools: [] } as unknown as ModelRequest;

/** Asks for a model of a vendor whose key cannot be looked up. */
async function askWithout(failure: Error) {
  const parts = {
    providers: { openai: { title: 'OpenAI', needsKey: true } },
    keyring: { keysFor: () => Promise.reject(failure) },
  };
  const asker = { parts, workspace: {}, providerApiKeys: {}, notes: { add: () => undefined } };
  const asking = askModel(asker as unknown as Asker, { provider: 'openai', model: 'm' }, request);
  return asking.next();
}

test('a database that cannot be reached is no answer of a vendor: the run goes on elsewhere', async () => {
  await expect(askWithout(databaseUnavailable())).rejects.toMatchObject({
    name: 'PlatformError',
    code: 'database_unavailable',
  });
});

test('a key that cannot be read is answered as one that the vendor has refused', async () => {
  const unreadable = new PlatformError('invalid', 'provider_key_unreadable', 'It cannot be read.');
  await expect(askWithout(unreadable)).rejects.toMatchObject({
    name: 'ProviderFailure',
    kind: 'unauthorized',
    message: 'It cannot be read.',
  });
});
