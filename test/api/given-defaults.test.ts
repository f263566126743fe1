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
  expect(shown.given_defaults).toEqual(['temperature', 'presence_penalty']);
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

const written = { model: 'm', temperature: 1, presence_penalty: 0 };

test('answers say which defaults were written out', async () => {
  const path = 'said';
  const { body: first } = await api.post('/agents', { path, model: 'm', temperature: 0.5 });
  expect(first.given_defaults).toEqual([]);
  const { body: warm } = await api.post('/agents', { path, ...written });
  expect(warm.given_defaults).toEqual(['temperature', 'presence_penalty']);
  const { body: versions } = await api.get(`/agents/${first.id}/versions`);
  expect(versions.records.map((one: typeof warm) => one.given_defaults)).toEqual([
    warm.given_defaults,
    [],
  ]);
  const { body: judge } = await api.post('/evaluators', {
    path: 'said/judge',
    spec: {
      evaluator_type: 'llm',
      arguments_type: 'target_free',
      return_type: 'boolean',
      prompt: { ...written, template: [{ role: 'user', content: '{{log.output}}' }] },
    },
  });
  expect(judge.given_defaults).toEqual(warm.given_defaults);
  const { body: flow } = await api.post('/flows', { path: 'said/flow', attributes: { a: 1 } });
  expect(flow).not.toHaveProperty('given_defaults');
});

test('the text of a version writes out the defaults that it was given, and no others, if it is asked', async () => {
  const { body: warm } = await api.post('/agents', { path: 'text/warm', ...written });
  const { body: text } = await api.get(`/agents/${warm.id}/serialize?given_defaults=true`);
  expect(text).toContain('temperature: 1.0\nmax_tokens: -1\npresence_penalty: 0.0\nprovider');
  const fields = { agent: written };
  const { body: ofFields } = await api.post('/agents/serialize?given_defaults=true', fields);
  expect(ofFields).toBe(text);
  const { body: whole } = await api.get(`/agents/${warm.id}/serialize`);
  expect(whole).toContain(
    'max_tokens: -1\ntop_p: 1.0\npresence_penalty: 0.0\nfrequency_penalty: 0.0',
  );
  expect((await api.post('/agents/serialize', fields)).body).toBe(whole);
  const { body: listed } = await api.post('/files/retrieve-by-path?include_raw_file_content=true', {
    path: 'text/warm',
  });
  expect(listed.raw_file_content).toBe(whole);
});

test('what is read of a text says which defaults it writes out, if it is asked', async () => {
  const agent = '---\nmodel: m\ntop_p: 1.0\n---\n';
  const { body: asked } = await api.post('/agents/deserialize?given_defaults=true', { agent });
  expect(asked).toMatchObject({ temperature: 1, top_p: 1, given_defaults: ['top_p'] });
  const { body: plain } = await api.post('/agents/deserialize', { agent });
  expect(plain).not.toHaveProperty('given_defaults');
});

test('a version that was read as such a text and is called with it sends what it did', async () => {
  const { body: file } = await api.post('/agents', { path: 'text/back', model: 'm' });
  const { body: agent } = await api.get(`/agents/${file.id}/serialize?given_defaults=true`);
  const { sent } = await called({ path: 'text/back', agent });
  expect(sent).toEqual(nothing);
});
