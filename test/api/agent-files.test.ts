import { expect, test } from 'vitest';
import { answerTo, callOf, hello, lookup, scripted, stop } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

const api = await testApp();

const teller = {
  model: 'claude-3-7-sonnet-latest',
  provider: 'anthropic',
  reasoning_effort: 1024,
  max_iterations: 3,
  template: [{ role: 'system', content: 'You help {{customer}} with {{bank}}.' }],
  tools: [lookup, stop],
};

test('an upsert stores an agent, and answers everything about it', async () => {
  const { statusCode, body } = await api.post('/agents', {
    path: 'Banking/Teller Agent',
    ...teller,
    version_name: 'teller-agent-v1',
    version_description: 'Initial version',
    description: 'Helps at the counter.',
    tags: ['bank'],
    readme: '# Teller',
  });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    ...teller,
    tools: [{ ...lookup, on_agent_call: 'continue' }, stop],
    id: expect.stringMatching(/^ag_[0-9a-z]{26}$/),
    version_id: expect.stringMatching(/^agv_[0-9a-z]{26}$/),
    directory_id: expect.stringMatching(/^dir_/),
    type: 'agent',
    path: 'Banking/Teller Agent',
    name: 'Teller Agent',
    status: 'committed',
    endpoint: 'chat',
    template_language: 'default',
    max_tokens: -1,
    temperature: 1,
    top_p: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    other: {},
    stop: null,
    seed: null,
    response_format: null,
    attributes: null,
    inputs: [{ name: 'customer' }, { name: 'bank' }],
    version_name: 'teller-agent-v1',
    version_description: 'Initial version',
    description: 'Helps at the counter.',
    tags: ['bank'],
    readme: '# Teller',
    environments: [{ name: 'production', tag: 'default' }],
    created_by: { email_address: 'owner@localhost' },
    version_logs_count: 0,
    total_logs_count: 0,
    evaluator_aggregates: null,
    raw_file_content: null,
  });
  for (const field of ['created_at', 'updated_at', 'last_used_at', 'committed_at']) {
    expect(body[field]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  }
});

test('the smallest upsert has a path and a model', async () => {
  const { statusCode, body } = await api.post('/agents', { path: 'small', model: 'gpt-4o' });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    provider: 'openai',
    template: null,
    tools: [],
    max_iterations: null,
  });
});

test('a default that is given makes the same version as one that is left out', async () => {
  const first = await api.post('/agents', { path: 'same', model: 'm', attributes: { a: 1, b: 2 } });
  const again = await api.post('/agents', {
    id: first.body.id,
    attributes: { b: 2.0, a: 1 },
    temperature: 1,
    tools: [],
    stop: null,
    model: 'm',
  });
  expect(again.body.version_id).toBe(first.body.version_id);
  const { body } = await api.get(`/agents/${first.body.id}/versions`);
  expect(body.records).toHaveLength(1);
});

test('the order of a schema’s properties is kept, because models answer in it', async () => {
  const properties = { zebra: { type: 'string' }, ape: { type: 'string' }, b: { type: 'string' } };
  const { body } = await api.post('/agents', {
    path: 'ordered',
    model: 'm',
    response_format: { type: 'json_schema', json_schema: { type: 'object', properties } },
  });
  const { body: stored } = await api.get(`/agents/${body.id}`);
  expect(Object.keys(stored.response_format.json_schema.properties)).toEqual(['zebra', 'ape', 'b']);
});

test('a tool says what its results look like: for forms, and not for the model', async () => {
  const result_schema = { type: 'object', properties: { status: { enum: ['executed', 'no'] } } };
  const agent = scripted([{ content: 'Hi.' }], { tools: [{ ...lookup, result_schema }, stop] });
  const { body: log } = await api.post('/agents/call', {
    path: 'with results',
    agent,
    messages: hello,
  });
  expect(log.agent.tools[0]).toEqual({ ...lookup, result_schema, on_agent_call: 'continue' });
  expect(JSON.stringify(log.provider_request)).toContain('Looks something up.');
  expect(JSON.stringify(log.provider_request)).not.toContain('executed');
  const without = await api.post('/agents', { id: log.agent.id, ...agent, tools: [lookup, stop] });
  expect(without.body.version_id).not.toBe(log.agent.version_id);
  const text = await api.get(
    `/agents/${log.agent.id}/serialize?version_id=${log.agent.version_id}`,
  );
  const read = await api.post('/agents/deserialize', { agent: text.body });
  expect(read.body.tools[0]).toMatchObject({ result_schema });
});

test('a linked tool says what its results look like, too', async () => {
  const result_schema = { type: 'object', properties: { status: { enum: ['executed', 'no'] } } };
  const described = { name: 'pay', description: 'Pays.' };
  const { body: tool } = await api.post('/tools', {
    path: 'pay with results',
    function: described,
    result_schema,
  });
  expect(tool).toMatchObject({ tool_type: 'json_schema', result_schema });
  const agent = scripted([{ tool_calls: [{ name: 'pay', arguments: {} }] }], {
    tools: [{ type: 'file', link: { file_id: tool.id } }],
  });
  const { body: log } = await api.post('/agents/call', {
    path: 'with linked results',
    agent,
    messages: hello,
  });
  expect(log.log_status).toBe('incomplete');
  expect(log.agent.tools[0].file).toMatchObject({ function: described, result_schema });
  expect(JSON.stringify(log.provider_request)).not.toContain('executed');
  const without = await api.post('/tools', { id: tool.id, function: described });
  expect(without.body.version_id).not.toBe(tool.version_id);
});

test('racing calls with one inline agent share one version', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, () =>
      api.post('/agents/call', {
        path: 'racing/inline',
        agent: scripted([{ content: 'Hi.' }]),
        messages: hello,
      }),
    ),
  );
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ body }) => body.agent.version_id)).size).toBe(1);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(6);
});

test('without a deployment an agent cannot be called', async () => {
  const { body: agent } = await api.post('/agents', { path: 'not deployed', model: 'm' });
  const [production] = agent.environments;
  await api.delete(`/agents/${agent.id}/environments/${production.id}`);
  const call = await api.post('/agents/call', { id: agent.id, messages: hello });
  expect(call).toMatchObject({ statusCode: 404, body: { code: 'nothing_deployed' } });
});

test('a call that waits for its client cannot be continued once its agent is deleted', async () => {
  const { body: suspended } = await api.post('/agents/call', {
    path: 'deleted while suspended',
    agent: scripted([{ tool_calls: [callOf('lookup')] }]),
    messages: hello,
  });
  expect((await api.delete(`/agents/${suspended.agent.id}`)).statusCode).toBe(204);
  expect((await api.get(`/logs/${suspended.id}`)).statusCode).toBe(404);
  const continued = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'x')],
  });
  expect(continued.statusCode).toBe(404);
});
