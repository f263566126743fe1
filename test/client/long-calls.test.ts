import type { Humanloop } from 'humanloop';
import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop, server, requests } = await publishedClient();

const messages = [{ role: 'user' as const, content: 'Hello' }];

/** A prompt whose model takes longer than a client with a time-out of one second waits. */
const slow = {
  model: 'scripted',
  provider: 'mock' as const,
  other: { script: [{ content: 'At last.', delay_ms: 2_500 }] },
};

const outputOf = async (logId: string) => (await server.get(`/v5/logs/${logId}`)).body.output;

test('a call that takes longer than the client waits goes on, and the same `logId` has its answer', async () => {
  const call = { path: 'slow/again', prompt: slow, messages, logId: 'slow-again' };
  requests();
  const impatient = humanloop.prompts.call(call, { timeoutInSeconds: 1 });
  await expect(impatient).rejects.toThrow(/timeout/i);
  expect(requests()).toEqual(['POST /v5/prompts/call']);
  const { logs } = await humanloop.prompts.call(call, { timeoutInSeconds: 60 });
  expect(logs).toMatchObject([{ output: 'At last.' }]);
  const { id: fileId } = await humanloop.files.retrieveByPath({ path: 'slow/again' });
  expect((await humanloop.logs.list({ fileId })).data).toHaveLength(1);
});

test('a client that prefers to be answered later has the log at once', async () => {
  const begun = await humanloop.prompts.call(
    { path: 'slow/later', prompt: slow, messages },
    { timeoutInSeconds: 1, headers: { Prefer: 'respond-async' } },
  );
  expect(begun).toMatchObject({ id: expect.any(String), logs: [] });
  await expect.poll(() => outputOf(begun.id), { timeout: 20_000 }).toBe('At last.');
});

test('a stream begins at once, and is waited for however long it takes', async () => {
  const call = { path: 'slow/stream', prompt: slow, messages };
  const pieces: Humanloop.PromptCallStreamResponse[] = [];
  const stream = await humanloop.prompts.callStream(call, { timeoutInSeconds: 1 });
  for await (const piece of stream) pieces.push(piece);
  expect(pieces.map(({ output }) => output).join('')).toBe('At last.');
});
