import { describe, expect, test } from 'vitest';
import { callOf, hello, lookup, scripted, stop } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { agentVersions, environmentIds } from '../../support/files.ts';
import { expectRefusal, send } from '../../support/refusals.ts';

const api = await testApp();

const idOf = async (spec: object, path = 'identity'): Promise<string> => {
  const { statusCode, body } = await api.post('/agents', { path, model: 'm', ...spec });
  expect(statusCode, JSON.stringify(body)).toBe(200);
  return body.version_id;
};

const identity = await idOf({});

test.each([
  { model: 'other' },
  { endpoint: 'complete' },
  { template: 'Hi {{name}}' },
  { template: [{ role: 'system', content: 'Hi {{name}}' }] },
  { template_language: 'jinja' },
  { provider: 'anthropic' },
  { max_tokens: 100 },
  { temperature: 0.5 },
  { top_p: 0.5 },
  { stop: 'END' },
  { stop: ['END'] },
  { presence_penalty: 0.5 },
  { frequency_penalty: 0.5 },
  { other: { a: 1 } },
  { seed: 7 },
  { response_format: { type: 'json_object' } },
  { reasoning_effort: 'low' },
  { reasoning_effort: 1_024 },
  { tools: [lookup] },
  { attributes: { a: 1 } },
  { max_iterations: 3 },
])('A4: part of what a version is: %j', async (spec) => {
  const version = await idOf(spec);
  expect(version).not.toBe(identity);
  expect(await idOf(spec)).toBe(version);
});

test.each([
  { version_name: 'a name' },
  { version_description: 'A description.' },
  { description: 'Of the file.' },
  { tags: ['a tag'] },
  { readme: '# Read me' },
])('A4: no part of what a version is: %j', async (more) => {
  expect(await idOf(more)).toBe(identity);
});

test.each([
  { endpoint: 'chat' },
  { provider: 'openai' },
  { template_language: 'default' },
  { max_tokens: -1 },
  { temperature: 1 },
  { top_p: 1 },
  { presence_penalty: 0 },
  { frequency_penalty: 0 },
  { other: {} },
  { tools: [] },
])('A4: a default is the same as nothing: %j', async (spec) => {
  expect(await idOf(spec)).toBe(identity);
});

test.each([
  'endpoint',
  'provider',
  'template',
  'template_language',
  'max_tokens',
  'temperature',
  'top_p',
  'stop',
  'presence_penalty',
  'frequency_penalty',
  'other',
  'seed',
  'response_format',
  'reasoning_effort',
  'tools',
  'attributes',
  'max_iterations',
])('A4: `%s: null` is the same as nothing', async (field) => {
  expect(await idOf({ [field]: null })).toBe(identity);
});

test('A4: a tool without `on_agent_call` is one with `continue`', async () => {
  const version = await idOf({ tools: [lookup] });
  expect(await idOf({ tools: [{ ...lookup, on_agent_call: null }] })).toBe(version);
  expect(await idOf({ tools: [{ ...lookup, on_agent_call: 'continue' }] })).toBe(version);
});

test('A4: a tool with `stop` is another', async () => {
  const version = await idOf({ tools: [lookup] });
  expect(await idOf({ tools: [{ ...lookup, on_agent_call: 'stop' }] })).not.toBe(version);
});

test('A4: the order of keys does not matter', async () => {
  const version = await idOf({ attributes: { a: { b: 1, c: 2 }, d: 3 }, seed: 1 });
  expect(await idOf({ seed: 1, attributes: { d: 3, a: { c: 2, b: 1 } } })).toBe(version);
});

test('A4: the order of an array matters', async () => {
  const version = await idOf({ tools: [lookup, stop] });
  expect(await idOf({ tools: [stop, lookup] })).not.toBe(version);
});

test('A4: numbers are compared by their value', async () => {
  const version = await idOf({ attributes: { n: 1 }, temperature: 0.5 });
  const text =
    '{"path":"identity","model":"m","attributes":{"n":1.0},"temperature":5e-1,"top_p":1.0}';
  const { body } = await send(api, 'POST', '/v5/agents', text);
  expect(body.version_id).toBe(version);
});

test('A4: the layout of an `.agent` text does not matter', async () => {
  const version = await idOf({ temperature: 0.5, template: [{ role: 'user', content: 'Hi.' }] });
  for (const text of [
    '---\nmodel: m\ntemperature: 0.5\n---\n<user>\n  Hi.\n</user>\n',
    '---\n# Half as warm.\n"temperature": 5.0e-1\n\nmodel: "m"\n---\n\n<user>Hi.</user>',
  ]) {
    const { body } = await api.post('/agents/log', { path: 'identity', agent: text });
    expect(body.version_id).toBe(version);
  }
});

test('A4: equal content in another file is another version', async () => {
  expect(await idOf({}, 'another file')).not.toBe(identity);
});

test.each([
  ['call', (body: Answer['body']) => body.agent.version_id],
  ['log', (body: Answer['body']) => body.version_id],
])(
  'A4: details that equal an existing version are that version, in %s',
  async (name, versionOf) => {
    const spec = scripted([{ content: 'Hi.' }]);
    const version = await idOf(spec, `equal in ${name}`);
    const { body } = await api.post(`/agents/${name}`, {
      path: `equal in ${name}`,
      agent: spec,
      messages: hello,
    });
    expect(versionOf(body)).toBe(version);
    const { body: list } = await api.get(`/agents/${body.agent_id ?? body.agent.id}/versions`);
    expect(list.records).toHaveLength(1);
  },
);

test.each([
  ['endpoint', 'chat'],
  ['provider', 'openai'],
  ['template_language', 'default'],
  ['max_tokens', -1],
  ['temperature', 1],
  ['top_p', 1],
  ['presence_penalty', 0],
  ['frequency_penalty', 0],
  ['other', {}],
  ['tools', []],
  ['max_iterations', null],
])('A4: a version made without `%s` has the default: %j', async (field, value) => {
  const { body } = await api.post('/agents', { path: 'identity', model: 'm' });
  expect(body[field]).toEqual(value);
});

test('A4: without `max_iterations` a model is called ten times', async () => {
  const again = { tool_calls: [callOf('nonesuch')] };
  const { body } = await api.post('/agents/call', {
    path: 'limits/ten',
    agent: scripted(Array(12).fill(again)),
    messages: hello,
  });
  expect(body).toMatchObject({
    log_status: 'complete',
    error: expect.stringContaining('after 10 iterations'),
  });
  expect(body.turns).toHaveLength(10);
});

test.each([
  ['upsert', '/agents', { model: 'm' }],
  ['log', '/agents/log', { agent: { model: 'm' } }],
  ['call', '/agents/call', { agent: scripted([{ content: 'Hi.' }]), messages: hello }],
])('A4: the first version of a file is deployed to the default, in %s', async (name, url, body) => {
  await api.post(url, { path: `first/by ${name}`, ...body });
  const { records } = (await api.get(`/agents?name=by ${name}`)).body;
  expect(records).toMatchObject([{ environments: [{ name: 'production', tag: 'default' }] }]);
});

test('A4: later versions are not deployed by themselves', async () => {
  const [first, second] = await agentVersions(api, 'later', 'm1', 'm2');
  expect(second.environments).toEqual([]);
  expect((await api.get(`/agents/${first.id}`)).body.version_id).toBe(first.version_id);
});

describe('A5: a version that was made by', () => {
  test.each([
    ['an upsert', '/agents', { model: 'm' }],
    ['a log', '/agents/log', { agent: { model: 'm' } }],
    ['a call', '/agents/call', { agent: scripted([{ content: 'Hi.' }]), messages: hello }],
  ])('%s is committed at once, by the key’s user', async (name, url, body) => {
    const from = Date.now();
    await api.post(url, { path: `committed/by ${name}`, ...body });
    const [version] = (await api.get(`/agents?name=by ${name}`)).body.records;
    expect(version).toMatchObject({
      status: 'committed',
      committed_by: version.created_by,
      created_by: { id: expect.stringMatching(/^usr_/) },
    });
    expect(Date.parse(version.committed_at)).toBeGreaterThanOrEqual(from - 1);
    expect(Date.parse(version.committed_at)).toBeLessThanOrEqual(Date.now());
  });
});

test('A5: a version is committed at the time it was made, not at that of its file', async () => {
  const [first, second] = await agentVersions(api, 'committed/twice', 'm1', 'm2');
  expect(second.committed_at > first.committed_at).toBe(true);
});

/** An agent of which a version was deleted: that version, and the log that it made. */
async function deletedVersion(path: string) {
  const spec = scripted([{ content: 'Deleted.' }]);
  await api.post('/agents', { path, model: 'm' });
  const { body } = await api.post('/agents', { path, ...spec });
  const { body: log } = await api.post(`/agents/log?version_id=${body.version_id}`, { path });
  const gone = await api.delete(`/agents/${body.id}/versions/${body.version_id}`);
  expect(gone.statusCode).toBe(204);
  return { id: body.id, versionId: body.version_id, logId: log.id, spec };
}

const hidden = await deletedVersion('deleted');
const { staging } = await environmentIds(api, hidden.id);

test.each([
  ['get', () => api.get(`/agents/${hidden.id}?version_id=${hidden.versionId}`)],
  ['serialize', () => api.get(`/agents/${hidden.id}/serialize?version_id=${hidden.versionId}`)],
  [
    'call',
    () =>
      api.post(`/agents/call?version_id=${hidden.versionId}`, { id: hidden.id, messages: hello }),
  ],
  ['log', () => api.post(`/agents/log?version_id=${hidden.versionId}`, { id: hidden.id })],
  ['edit', () => api.patch(`/agents/${hidden.id}/versions/${hidden.versionId}`, { name: 'x' })],
  ['delete', () => api.delete(`/agents/${hidden.id}/versions/${hidden.versionId}`)],
  [
    'deploy',
    () => api.post(`/agents/${hidden.id}/environments/${staging}?version_id=${hidden.versionId}`),
  ],
])('A5: a deleted version is not found by %s', async (_, ask) => {
  expectRefusal(await ask(), 404);
});

test('A5: a deleted version is in no list', async () => {
  const { records } = (await api.get(`/agents/${hidden.id}/versions`)).body;
  expect(records).toMatchObject([{ model: 'm' }]);
});

test('A5: equal content makes a new version once the old one was deleted', async () => {
  const gone = await deletedVersion('deleted/again');
  expect(await idOf(gone.spec, 'deleted/again')).not.toBe(gone.versionId);
});

test('A5: a log of a deleted version shows it as deleted', async () => {
  const { body } = await api.get(`/logs/${hidden.logId}`);
  expect(body.agent).toMatchObject({ version_id: hidden.versionId, status: 'deleted' });
});

test('A6: two versions of an agent cannot have one name', async () => {
  await idOf({ version_name: 'v1' }, 'named');
  const clash = await api.post('/agents', { path: 'named', model: 'm2', version_name: 'v1' });
  expect(clash).toMatchObject({ statusCode: 409, body: { code: 'version_name_taken' } });
});

test('A6: versions of different agents can have one name', async () => {
  await idOf({ version_name: 'shared' }, 'named/one');
  await idOf({ version_name: 'shared' }, 'named/two');
});

test('A6: equal content under a new name names the existing version', async () => {
  const version = await idOf({ version_name: 'old' }, 'renamed');
  const { body } = await api.post('/agents', {
    path: 'renamed',
    model: 'm',
    version_name: 'new',
    version_description: 'Anew.',
  });
  expect(body).toMatchObject({
    version_id: version,
    version_name: 'new',
    version_description: 'Anew.',
  });
});

test('A6: equal content under the same name is accepted', async () => {
  const version = await idOf({ version_name: 'same' }, 'named/again');
  expect(await idOf({ version_name: 'same' }, 'named/again')).toBe(version);
});

test('A7: one environment is the default, `production`; the rest are others', async () => {
  const { body } = await api.get(`/agents/${hidden.id}/environments`);
  expect(body.map(({ name, tag }: Answer['body']) => [name, tag])).toEqual([
    ['production', 'default'],
    ['staging', 'other'],
    ['development', 'other'],
  ]);
});

test('A7: environments are the organization’s, the same for every file', async () => {
  const [one] = await agentVersions(api, 'same environments', 'm');
  expect(await environmentIds(api, one.id)).toEqual(await environmentIds(api, hidden.id));
});

test('A7: an environment has one version of a file: deploying replaces', async () => {
  const [one, two] = await agentVersions(api, 'replaced', 'm1', 'm2');
  for (const { version_id } of [one, two]) {
    await api.post(`/agents/${one.id}/environments/${staging}?version_id=${version_id}`);
  }
  const { records } = (await api.get(`/agents/${one.id}/versions`)).body;
  const namesOf = ({ environments }: Answer['body']) =>
    environments.map(({ name }: { name: string }) => name);
  expect(records.map(namesOf)).toEqual([['staging'], ['production']]);
});

test('A7: one version may be deployed to several environments', async () => {
  const [one] = await agentVersions(api, 'everywhere', 'm');
  const url = `/agents/${one.id}/environments/${staging}?version_id=${one.version_id}`;
  const { environments } = (await api.post(url)).body;
  expect(environments).toMatchObject([{ name: 'production' }, { name: 'staging' }]);
});
