import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { apiKey, testApp } from '../support/app.ts';

const api = await testApp();

/** Sends a request that wants to be answered at once. */
async function later(url: string, payload: object, prefer = 'respond-async') {
  const response = await api.app.inject({
    method: 'POST',
    url: `/v5${url}`,
    headers: { 'x-api-key': apiKey, prefer },
    payload,
  });
  return { status: response.statusCode, headers: response.headers, body: response.body };
}

const rest = async (logId: string) => {
  await expect
    .poll(async () => (await api.get(`/logs/${logId}`)).body.run?.state ?? 'ended')
    .not.toBe('running');
  return (await api.get(`/logs/${logId}`)).body;
};

test('a call is answered as soon as it has begun, and its log is asked for later', async () => {
  const { status, headers, body } = await later('/agents/call', {
    path: 'later/call',
    agent: scripted([{ content: 'Slowly.', delay_ms: 300 }]),
    messages: hello,
  });
  const log = JSON.parse(body);
  expect(status).toBe(202);
  expect(headers['preference-applied']).toBe('respond-async');
  expect(headers['location']).toBe(`/v5/logs/${log.id}`);
  expect(log).toMatchObject({ log_status: 'incomplete', output: null, run: { state: 'running' } });
  expect(await rest(log.id)).toMatchObject({ log_status: 'complete', output: 'Slowly.' });
  expect((await api.events(log.id)).at(-1)?.type).toBe('agent_turn_end');
});

test('so is a continue', async () => {
  const { body: suspended } = await api.post('/agents/call', {
    path: 'later/continue',
    agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Then.', delay_ms: 200 }]),
    messages: hello,
  });
  const { status, body } = await later('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'x')],
  });
  expect(status).toBe(202);
  expect(JSON.parse(body)).toMatchObject({ id: suspended.id, log_status: 'incomplete' });
  expect(await rest(suspended.id)).toMatchObject({ output: 'Then.' });
});

test('so are calls of prompts and of tools', async () => {
  const prompt = await later('/prompts/call', {
    path: 'later/prompt',
    prompt: { provider: 'mock', model: 'mock', other: { script: [{ content: 'Hi.' }] } },
    messages: hello,
    log_id: 'later-prompt',
  });
  expect(prompt.status).toBe(202);
  await expect.poll(async () => (await api.get('/logs/later-prompt')).body.output).toBe('Hi.');
  const tool = await later('/tools/call', {
    path: 'later/tool',
    tool: { tool_type: 'python', source_code: 'def f():\n  return 1\n' },
    inputs: {},
    log_id: 'later-tool',
  });
  expect(tool.status).toBe(202);
  await expect
    .poll(async () => (await api.get('/logs/later-tool')).body.output, { timeout: 20_000 })
    .toBe('1');
});

test('what cannot be run is refused all the same, and a failing model is told in the log', async () => {
  const missing = await later('/agents/call', { path: 'later/nowhere', messages: hello });
  expect(missing.status).toBe(404);
  const { status, body } = await later('/agents/call', {
    path: 'later/failing',
    agent: scripted([{ error: { status: 400, message: 'No such thing.' } }]),
    messages: hello,
  });
  expect(status).toBe(202);
  const log = await rest(JSON.parse(body).id);
  expect(log).toMatchObject({ log_status: 'complete', output: null });
  expect(log.error).toContain('No such thing.');
});

test('a stream is a stream, and other preferences change nothing', async () => {
  const call = { path: 'later/stream', agent: scripted([{ content: 'Now.' }]), messages: hello };
  const streamed = await later('/agents/call', { ...call, stream: true });
  expect(streamed.status).toBe(200);
  expect(streamed.body).toContain('[DONE]');
  expect((await later('/agents/call', call, 'wait=10, return=minimal')).status).toBe(200);
  expect((await later('/agents/call', call, 'return=minimal, Respond-Async')).status).toBe(202);
});

test('a call of which nothing is stored has to be waited for', async () => {
  const { status, body } = await later('/agents/call', {
    path: 'later/unsaved',
    agent: scripted([{ content: 'Secret.' }]),
    messages: hello,
    save: false,
  });
  expect(status).toBe(422);
  expect(JSON.parse(body).detail[0].loc).toEqual(['header', 'prefer']);
});
