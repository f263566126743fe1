import { expect, test } from 'vitest';
import { hello, lookup, scripted, stop } from '../agents.ts';
import { testApp } from '../app.ts';

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

test('equal content is the same version, however it is written', async () => {
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

test('only the first version of a file is deployed by itself', async () => {
  const first = await api.post('/agents', { path: 'deployed', model: 'm1' });
  const second = await api.post('/agents', { path: 'deployed', model: 'm2' });
  expect(second.body).toMatchObject({ id: first.body.id, model: 'm2', environments: [] });
  const { body: shown } = await api.get(`/agents/${first.body.id}`);
  expect(shown).toMatchObject({ version_id: first.body.version_id, model: 'm1' });
  const { body: asked } = await api.get(
    `/agents/${first.body.id}?version_id=${second.body.version_id}`,
  );
  expect(asked.model).toBe('m2');
  const { body: versions } = await api.get(`/agents/${first.body.id}/versions`);
  expect(versions.records.map(({ model }: { model: string }) => model)).toEqual(['m2', 'm1']);
  expect(versions.records[1].environments).toMatchObject([{ name: 'production' }]);
});

test('a version’s name is its own among the versions of a file', async () => {
  await api.post('/agents', { path: 'named', model: 'm1', version_name: 'v1' });
  const clash = await api.post('/agents', { path: 'named', model: 'm2', version_name: 'v1' });
  expect(clash).toMatchObject({ statusCode: 409, body: { code: 'version_name_taken' } });
  const renamed = await api.post('/agents', { path: 'named', model: 'm1', version_name: 'first' });
  expect(renamed.body).toMatchObject({ version_name: 'first' });
  const { body } = await api.get('/agents?name=named');
  expect(body.records[0]).toMatchObject({ version_name: 'first' });
});

test('a list is paged, sorted, and narrowed by name and creator', async () => {
  for (const name of ['List C', 'List A', 'List B']) {
    await api.post('/agents', { path: `lists/${name}`, model: 'm' });
  }
  const namesOf = async (query: string) => {
    const { body } = await api.get(`/agents?name=LIST&${query}`);
    return body.records.map(({ name }: { name: string }) => name);
  };
  expect(await namesOf('')).toEqual(['List B', 'List A', 'List C']);
  expect(await namesOf('order=asc')).toEqual(['List C', 'List A', 'List B']);
  expect(await namesOf('sort_by=name&order=asc')).toEqual(['List A', 'List B', 'List C']);
  expect(await namesOf('sort_by=name&order=asc&size=2&page=2')).toEqual(['List C']);
  expect(await namesOf('user_filter=OWNER')).toHaveLength(3);
  expect(await namesOf('user_filter=nobody')).toEqual([]);
  const past = await api.get('/agents?name=LIST&page=9');
  expect(past).toMatchObject({
    statusCode: 200,
    body: { records: [], page: 9, size: 10, total: 3 },
  });
});

test('racing upserts of one new agent make one file, one version, one deployment', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      api.post('/agents', { path: 'racing/deep/down', ...scripted([{ content: 'x' }]) }),
    ),
  );
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(new Set(answers.map(({ body }) => body.version_id)).size).toBe(1);
  expect(answers[0]?.body.environments).toHaveLength(1);
});

test('racing upserts of different first versions deploy exactly one of them', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      api.post('/agents', { path: 'racing/first', model: `m${n}` }),
    ),
  );
  const { body } = await api.get(`/agents/${answers[0]?.body.id}/versions`);
  expect(body.records).toHaveLength(6);
  const deployed = body.records.filter(
    (record: { environments: unknown[] }) => record.environments.length,
  );
  expect(deployed).toHaveLength(1);
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

test('an id and a path may both be given, as long as they are of one file', async () => {
  const { body: agent } = await api.post('/agents', { path: 'both/ways', model: 'm' });
  const same = await api.post('/agents', { id: agent.id, path: 'both/ways', model: 'm' });
  expect(same).toMatchObject({ statusCode: 200, body: { version_id: agent.version_id } });
});
