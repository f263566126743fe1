import { afterAll, beforeEach, expect, test } from 'vitest';
import { openaiProvider } from '../../src/providers/openai/openai-provider.ts';
import { hello } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { startFakeProvider } from '../support/fake-provider.ts';

const fake = await startFakeProvider();
afterAll(() => fake.close());
beforeEach(() => fake.respond(() => ({ text: 'Hi' })));

const api = await testApp({
  providers: { openai: openaiProvider({ apiKey: 'k', baseUrl: `${fake.url}/v1` }) },
});

/** The version that a call used, and the numbers that were sent. */
async function called(body: object) {
  const { body: log } = await api.post('/agents/call', { messages: hello, ...body });
  const { temperature, top_p, presence_penalty } = fake.lastRequest.body;
  return {
    version: log.agent.version_id,
    agent: log.agent,
    sent: { temperature, top_p, presence_penalty },
  };
}

const nothing = { temperature: undefined, top_p: undefined, presence_penalty: undefined };

test('a default that a version writes out is sent, and one that it leaves out is not', async () => {
  const agent = { model: 'm', temperature: 1, presence_penalty: 0 };
  const { sent, agent: shown } = await called({ path: 'written', agent });
  expect(sent).toEqual({ temperature: 1, top_p: undefined, presence_penalty: 0 });
  expect(shown).toMatchObject({ temperature: 1, top_p: 1 });
  expect(shown).not.toHaveProperty('given_defaults');
  expect((await called({ path: 'left', agent: { model: 'm' } })).sent).toEqual(nothing);
});

test('null leaves a number out', async () => {
  const agent = { model: 'm', temperature: null, top_p: null };
  expect((await called({ path: 'null', agent })).sent).toEqual(nothing);
});

test('a version sends what any of its equals wrote out', async () => {
  const first = await called({ path: 'grown', agent: { model: 'm' } });
  const warm = await called({ path: 'grown', agent: { model: 'm', temperature: 1 } });
  expect(warm.version).toBe(first.version);
  expect(warm.sent.temperature).toBe(1);
  await api.post('/agents', { path: 'grown', model: 'm', top_p: 1 });
  expect((await called({ path: 'grown' })).sent).toMatchObject({ temperature: 1, top_p: 1 });
});
