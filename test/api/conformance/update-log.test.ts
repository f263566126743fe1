import { describe, expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { agentVersions, fileOfKind } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const { body: agent } = await api.post('/agents', {
  path: 'agent',
  ...scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Done.' }]),
});

/** A log of the agent, and how it is changed. */
async function logged(body: object = {}) {
  const { body: made } = await api.post('/agents/log', { id: agent.id, ...body });
  const url = `/agents/${agent.id}/log/${made.id}`;
  return { id: made.id, change: (update: object) => api.patch(url, update) };
}

const output_message = { role: 'assistant', content: 'Hi there.' };

test.each([
  ['messages', hello],
  ['output_message', output_message],
  ['inputs', { name: 'Ada' }],
  ['output', 'Hi there.'],
  ['error', 'It broke.'],
  ['log_status', 'incomplete'],
  ['log_status', 'complete'],
])('B2: `%s` is set: %j', async (field, value) => {
  const { id, change } = await logged();
  expect((await change({ [field]: value })).body[field]).toEqual(value);
  expect((await api.get(`/logs/${id}`)).body[field]).toEqual(value);
});

test('B2: fields that are left out stay as they are', async () => {
  const given = { messages: hello, inputs: { a: 1 }, output: 'Hi.', log_status: 'incomplete' };
  const { change } = await logged(given);
  expect((await change({})).body).toMatchObject(given);
});

test('B2: the answer is the log of an agent', async () => {
  const { id, change } = await logged();
  expect(await change({ output: 'Hi.' })).toMatchObject({
    statusCode: 200,
    body: { id, agent: { id: agent.id, type: 'agent' }, evaluator_logs: [], output: 'Hi.' },
  });
});

test('B2: the answer has `log_status` and `previous_agent_message` too', async () => {
  const { change } = await logged({ log_status: 'incomplete' });
  expect((await change({})).body).toMatchObject({
    log_status: 'incomplete',
    previous_agent_message: null,
  });
});

test.each(['output', 'error'])('B2: `%s: null` clears what was there', async (field) => {
  const { id, change } = await logged({ [field]: 'was there' });
  expect((await change({ [field]: null })).body[field]).toBeNull();
  expect((await api.get(`/logs/${id}`)).body[field]).toBeNull();
});

test('B2: `output` and `error` as texts together are refused', async () => {
  const { change } = await logged();
  expectRefusal(await change({ output: 'Hi.', error: 'It broke.' }), 422);
});

test.each([
  { output: 'Hi.', error: null },
  { output: null, error: 'It broke.' },
  { output: null, error: null },
  { output: 'Hi.', output_message },
  { output_message, error: 'It broke.' },
])('B2: no other pair is refused: %j', async (update) => {
  const { change } = await logged();
  const { statusCode, body } = await change(update);
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ error: null, ...update, output: body.output });
});

test('B2: a complete log cannot be opened again', async () => {
  const { id, change } = await logged({ log_status: 'complete' });
  expect(await change({ log_status: 'incomplete' })).toMatchObject({
    statusCode: 409,
    body: { code: 'log_complete' },
  });
  expect((await api.get(`/logs/${id}`)).body.log_status).toBe('complete');
});

test('B2: a complete log may be completed again', async () => {
  const { change } = await logged({ log_status: 'complete' });
  expect((await change({ log_status: 'complete' })).statusCode).toBe(200);
});

describe('B2: completing a log closes its trace to', () => {
  test.each([
    ['log', {}],
    ['call', { messages: hello }],
  ])('a %s', async (name, body) => {
    const { id, change } = await logged({ log_status: 'incomplete' });
    await change({ log_status: 'complete' });
    const late = await api.post(`/agents/${name}`, {
      id: agent.id,
      trace_parent_id: id,
      ...body,
    });
    expect(late).toMatchObject({ statusCode: 409, body: { code: 'trace_complete' } });
  });
});

test('B2: completing a log sets `end_time` when it has none', async () => {
  const { change } = await logged({ log_status: 'incomplete' });
  const from = Date.now();
  const end = Date.parse((await change({ log_status: 'complete' })).body.end_time);
  expect(end).toBeGreaterThanOrEqual(from);
  expect(end).toBeLessThanOrEqual(Date.now());
});

test('B2: completing a log leaves an `end_time` that it has', async () => {
  const end_time = '2026-05-01T12:00:00.000000Z';
  const { change } = await logged({ log_status: 'incomplete', end_time });
  expect((await change({ log_status: 'complete' })).body.end_time).toBe(end_time);
});

test('B2: a change that does not complete a log sets no `end_time`', async () => {
  const { change } = await logged({ log_status: 'incomplete' });
  expect((await change({ output: 'Hi.' })).body.end_time).toBeNull();
});

test('B2: a log may be completed without inputs, output and error', async () => {
  const { change } = await logged({ log_status: 'incomplete' });
  expect((await change({ log_status: 'complete' })).body).toMatchObject({
    log_status: 'complete',
    inputs: {},
    output: null,
    error: null,
  });
});

test('B2: a log that does not exist is not found', async () => {
  expectRefusal(await api.patch(`/agents/${agent.id}/log/log_none`, { output: 'x' }), 404);
});

test('B2: a log of another agent is not found', async () => {
  const [other] = await agentVersions(api, 'other', 'm');
  const { id } = await logged();
  expectRefusal(await api.patch(`/agents/${other.id}/log/${id}`, { output: 'x' }), 404);
});

test('B2: an agent that does not exist is not found', async () => {
  const { id } = await logged();
  expectRefusal(await api.patch(`/agents/ag_none/log/${id}`, { output: 'x' }), 404);
});

test('B2: a file of another kind is not found', async () => {
  const { id } = await logged();
  const prompt = await fileOfKind(api, 'prompt', 'prompt');
  expectRefusal(await api.patch(`/agents/${prompt.id}/log/${id}`, { output: 'x' }), 404);
});

describe('a suspended call', () => {
  async function suspended() {
    const { body } = await api.post('/agents/call', { id: agent.id, messages: hello });
    expect(body.log_status).toBe('incomplete');
    return {
      id: body.id,
      change: (update: object) => api.patch(`/agents/${agent.id}/log/${body.id}`, update),
    };
  }

  test('B2: may be completed by its client', async () => {
    const { change } = await suspended();
    expect(await change({ log_status: 'complete' })).toMatchObject({
      statusCode: 200,
      body: { log_status: 'complete', previous_agent_message: null },
    });
  });

  test('B2: once it was completed, cannot be continued', async () => {
    const { id, change } = await suspended();
    await change({ log_status: 'complete' });
    const messages = [answerTo('call_1_1', 'x')];
    expectRefusal(await api.post('/agents/continue', { log_id: id, messages }), 409);
  });

  test('B2: takes its outcome from the client that completes it', async () => {
    const { change } = await suspended();
    const { body } = await change({ log_status: 'complete', output: 'By hand.' });
    expect(body).toMatchObject({ log_status: 'complete', output: 'By hand.' });
  });
});
