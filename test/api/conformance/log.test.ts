import { describe, expect, test } from 'vitest';
import { hello, scripted } from '../../support/agents.ts';
import { testApp } from '../../support/app.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const { body: agent } = await api.post('/agents', { path: 'agent', ...scripted([]) });

/** Makes a log of the agent; answers it as it is stored. */
async function logged(body: object) {
  const { statusCode, body: made } = await api.post('/agents/log', { id: agent.id, ...body });
  expect(statusCode, JSON.stringify(made)).toBe(200);
  return (await api.get(`/logs/${made.id}`)).body;
}

const choice = { type: 'function', function: { name: 'lookup' } };

test.each([
  ['messages', hello],
  ['output_message', { role: 'assistant', content: 'Hi there.' }],
  ['output', 'Hi there.'],
  ['error', 'It broke.'],
  ['prompt_tokens', 10],
  ['reasoning_tokens', 2],
  ['output_tokens', 5],
  ['prompt_cost', 0.001],
  ['output_cost', 0.002],
  ['finish_reason', 'stop'],
  ['tool_choice', 'none'],
  ['tool_choice', 'auto'],
  ['tool_choice', 'required'],
  ['tool_choice', choice],
  ['start_time', '2026-05-01T12:00:00.000000Z'],
  ['end_time', '2026-05-01T12:00:00.000000Z'],
  ['created_at', '2026-05-01T12:00:00.000000Z'],
  ['provider_latency', 1.5],
  ['stdout', 'printed'],
  ['provider_request', { model: 'm', messages: [{ content: 'x' }] }],
  ['provider_response', { ok: true, list: [1.5, 'x', null] }],
  ['inputs', { name: 'Ada', more: { n: 1 } }],
  ['metadata', { run: 'one' }],
  ['source', 'sdk'],
  ['log_status', 'complete'],
  ['log_status', 'incomplete'],
  ['source_datapoint_id', 'dp_1'],
  ['user', 'ada'],
  ['environment', 'canary'],
  ['save', true],
])('B1: `%s` is stored as given: %j', async (field, value) => {
  expect((await logged({ [field]: value }))[field]).toEqual(value);
});

test('B1: keys of an object stay in the order in which they came', async () => {
  const { provider_request: request } = await logged({ provider_request: { z: 1, a: 2 } });
  expect(Object.keys(request)).toEqual(['z', 'a']);
});

test('B1: a time with another offset is kept in UTC', async () => {
  const log = await logged({ start_time: '2026-05-01T14:00:01.75+02:00' });
  expect(log.start_time).toBe('2026-05-01T12:00:01.750000Z');
});

test('B1: a time without a zone means UTC', async () => {
  const log = await logged({ created_at: '2026-05-01T12:00:00' });
  expect(log.created_at).toBe('2026-05-01T12:00:00.000000Z');
});

test.each([
  ['output', null],
  ['output_message', null],
  ['error', null],
  ['messages', []],
  ['inputs', {}],
  ['prompt_tokens', null],
  ['reasoning_tokens', null],
  ['output_tokens', null],
  ['prompt_cost', null],
  ['output_cost', null],
  ['finish_reason', null],
  ['tool_choice', null],
  ['start_time', null],
  ['end_time', null],
  ['provider_latency', null],
  ['stdout', null],
  ['provider_request', null],
  ['provider_response', null],
  ['source', null],
  ['metadata', null],
  ['log_status', null],
  ['source_datapoint_id', null],
  ['trace_parent_id', null],
  ['user', null],
  ['environment', null],
  ['save', true],
])('B1: `%s` is optional; without it the log has %j', async (field, value) => {
  expect((await logged({}))[field]).toEqual(value);
});

test('B1: the answer is the ids of log, agent and version, and the status', async () => {
  const { statusCode, body } = await api.post('/agents/log', {
    id: agent.id,
    log_status: 'incomplete',
  });
  expect({ statusCode, body }).toEqual({
    statusCode: 200,
    body: {
      id: expect.stringMatching(/^log_/),
      agent_id: agent.id,
      version_id: agent.version_id,
      log_status: 'incomplete',
    },
  });
});

test.each([
  ['an object', { model: 'm', temperature: 0.5 }],
  ['the text of an `.agent` file', '---\nmodel: m\ntemperature: 0.5\n---\n'],
])('B1: `agent` as %s is the version to log to', async (_, spec) => {
  const log = await logged({ agent: spec });
  expect(log.agent).toMatchObject({ id: agent.id, model: 'm', temperature: 0.5 });
});

test('B1: nothing is run', async () => {
  const log = await logged({ messages: hello, log_status: 'incomplete' });
  expect(log).toMatchObject({ output: null, output_message: null, turns: [], run: null });
});

test('B1: a status that is none is refused', async () => {
  const answer = await api.post('/agents/log', { id: agent.id, log_status: 'running' });
  expectRefusal(answer, 422, ['body', 'log_status']);
});

describe('without `output`', () => {
  const output_message = { role: 'assistant', content: 'Hi there.' };

  test('B1: the text of `output_message` is shown as `output`', async () => {
    expect((await logged({ output_message })).output).toBe('Hi there.');
  });

  test('B1: that text is not stored: it follows the message', async () => {
    const { id } = await logged({ output_message });
    const later = { role: 'assistant', content: 'Later.' };
    await api.patch(`/agents/${agent.id}/log/${id}`, { output_message: later });
    expect((await api.get(`/logs/${id}`)).body.output).toBe('Later.');
  });
});

test('B1: an `output` that is given is shown beside another `output_message`', async () => {
  const output_message = { role: 'assistant', content: 'Hi there.' };
  expect((await logged({ output_message, output: 'Hello.' })).output).toBe('Hello.');
});

test('B1: without `created_at` a log was created now', async () => {
  const from = Date.now();
  const created = Date.parse((await logged({})).created_at);
  expect(created).toBeGreaterThanOrEqual(from);
  expect(created).toBeLessThanOrEqual(Date.now());
});

test('B1: `provider_latency` is the time from start to end, in seconds, when both are given', async () => {
  const log = await logged({
    start_time: '2026-05-01T12:00:00.25Z',
    end_time: '2026-05-01T14:00:01.75+02:00',
  });
  expect(log.provider_latency).toBe(1.5);
});

test.each(['start_time', 'end_time'])('B1: `%s` alone gives no latency', async (field) => {
  expect((await logged({ [field]: '2026-05-01T12:00:00Z' })).provider_latency).toBeNull();
});

test('B1: `provider_latency` that is given is kept beside both times', async () => {
  const log = await logged({
    start_time: '2026-05-01T12:00:00Z',
    end_time: '2026-05-01T12:00:01Z',
    provider_latency: 0.3,
  });
  expect(log.provider_latency).toBe(0.3);
});
