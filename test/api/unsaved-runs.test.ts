import { expect, test } from 'vitest';
import { mockProvider } from '../../src/providers/mock/mock-provider.ts';
import { answerTo, callOf, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';

const api = await testApp();

const secret = 'the-users-secret-words';
const ask = [{ role: 'user', content: `Keep ${secret} to yourself.` }];

test('a call with `save: false` answers in full, and stores no payload', async () => {
  const { body } = await api.post('/agents/call', {
    path: 'unsaved/plain',
    agent: scripted([{ content: 'I will.' }]),
    messages: ask,
    inputs: { note: secret },
    metadata: { kept: true },
    save: false,
  });
  expect(body).toMatchObject({ output: 'I will.', messages: ask, save: false });

  const { body: stored } = await api.get(`/logs/${body.id}`);
  expect(stored).toMatchObject({
    log_status: 'complete',
    save: false,
    output: null,
    output_message: null,
    messages: [],
    inputs: {},
    provider_request: null,
    provider_response: null,
    prompt_tokens: body.prompt_tokens,
    output_tokens: body.output_tokens,
    finish_reason: 'stop',
    metadata: { kept: true },
  });
  expect(await databaseText(api.database)).not.toContain(secret);
});

test('while it is suspended its conversation is kept sealed, and it can be continued', async () => {
  const { body: suspended } = await api.post('/agents/call', {
    path: 'unsaved/suspended',
    agent: scripted([{ tool_calls: [callOf('lookup', { key: 'x' })] }, { content: 'Found.' }]),
    messages: ask,
    save: false,
  });
  expect(suspended.log_status).toBe('incomplete');
  expect(await databaseText(api.database)).not.toContain(secret);

  const { body } = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'a secret answer')],
  });
  expect(body).toMatchObject({ log_status: 'complete', output: 'Found.' });
  expect(body.provider_request.messages).toMatchObject([
    ...ask,
    { role: 'assistant', tool_calls: [{ id: 'call_1_1' }] },
    { role: 'tool', content: 'a secret answer' },
  ]);
  const dump = await databaseText(api.database);
  expect(dump).not.toContain(secret);
  expect(dump).not.toContain('a secret answer');
});

test('a failure of such a call is answered, and its text is not stored', async () => {
  const { statusCode, body } = await api.post('/agents/call', {
    path: 'unsaved/failing',
    agent: scripted([{ error: { status: 400, message: `Bad: ${secret}` } }]),
    messages: [{ role: 'user', content: 'x' }],
    save: false,
    log_id: 'unsaved-failure',
  });
  expect(statusCode).toBe(422);
  expect(body.detail.message).toContain(secret);
  expect((await api.get('/logs/unsaved-failure')).body).toMatchObject({
    log_status: 'complete',
    error: null,
  });
});

test('such a run that needs keys which only its call had ends, and its log says why', async () => {
  const needy = { ...mockProvider(), title: 'OpenAI', needsKey: true };
  const keyed = await testApp({ database: api.database, providers: { openai: needy } });
  const { body: inner } = await keyed.post('/agents', {
    path: 'unsaved/Waiting',
    ...scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Found.' }]),
  });
  const { body: outer } = await keyed.post('/agents/call', {
    path: 'unsaved/keyed',
    agent: scripted([{ tool_calls: [callOf('waiting', { message: 'x' })] }], {
      provider: 'openai',
      tools: [{ type: 'file', link: { file_id: inner.id } }],
    }),
    messages: ask,
    provider_api_keys: { openai: 'a-key-for-once' },
    include_trace_children: true,
    save: false,
  });
  expect(outer.log_status).toBe('incomplete');

  const { body } = await keyed.post('/agents/continue', {
    log_id: outer.trace_children[0].id,
    messages: [answerTo('call_1_1', 'a secret answer')],
  });
  expect(body).toMatchObject({ log_status: 'complete', output: 'Found.' });
  const ended = async () => (await keyed.get(`/logs/${outer.id}`)).body;
  await expect.poll(ended, { timeout: 10_000 }).toMatchObject({
    log_status: 'complete',
    output: null,
    error: expect.stringMatching(/interrupted.*openai/),
    run: null,
  });
});

test('such a run ends when its client leaves', async () => {
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const gone = new AbortController();
  await fetch(`${address}/v5/agents/call`, {
    method: 'POST',
    signal: gone.signal,
    headers: { 'x-api-key': 'a-key-for-tests-only', 'content-type': 'application/json' },
    body: JSON.stringify({
      path: 'unsaved/left',
      agent: scripted([{ content: 'one two', word_delay_ms: 30_000 }]),
      messages: [{ role: 'user', content: 'x' }],
      log_id: 'unsaved-left',
      save: false,
      stream: true,
    }),
  });
  gone.abort();
  await expect
    .poll(async () => (await api.get('/logs/unsaved-left')).body, { timeout: 10_000 })
    .toMatchObject({ log_status: 'complete', output: null, run: null });
});
