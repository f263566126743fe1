import { expect, test } from 'vitest';
import { hello } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { agentVersions, environmentIds, fileOfKind } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const [one, two] = await agentVersions(api, 'agent', 'm1', 'm2');
const [foreign] = await agentVersions(api, 'foreign', 'm');
const prompt = await fileOfKind(api, 'prompt', 'prompt');
const { production, staging, development } = await environmentIds(api, one.id);

const urlOf = (environment: string, agent = one.id) =>
  `/agents/${agent}/environments/${environment}`;
const deploy = (environment: string, version: string, agent = one.id) =>
  api.post(`${urlOf(environment, agent)}?version_id=${version}`);

test('B13: the answer is the version that was deployed, with where it is', async () => {
  expect(await deploy(staging, two.version_id)).toMatchObject({
    statusCode: 200,
    body: {
      type: 'agent',
      version_id: two.version_id,
      environments: [{ id: staging, name: 'staging', tag: 'other' }],
    },
  });
});

test('B13: `version_id` is required', async () => {
  expectRefusal(await api.post(urlOf(staging)), 422, ['query', 'version_id']);
});

test('B13: `version_id` in the body does not count', async () => {
  const answer = await api.post(urlOf(staging), { version_id: two.version_id });
  expectRefusal(answer, 422, ['query', 'version_id']);
});

test('B13: a deployment replaces the one before', async () => {
  const [first, second] = await agentVersions(api, 'replaced', 'm1', 'm2');
  await deploy(production, second.version_id, first.id);
  expect((await api.get(`/agents/${first.id}`)).body.version_id).toBe(second.version_id);
  const { body } = await api.get(`/agents/${first.id}?version_id=${first.version_id}`);
  expect(body.environments).toEqual([]);
});

test('B13: what is deployed may be deployed again', async () => {
  await deploy(staging, two.version_id);
  expect((await deploy(staging, two.version_id)).statusCode).toBe(200);
});

test.each([
  ['agent', () => deploy(staging, two.version_id, 'ag_none')],
  ['agent, where it is a prompt,', () => deploy(staging, prompt.versionId, prompt.id)],
  ['environment', () => deploy('env_none', two.version_id)],
  ['environment, given by a name,', () => deploy('nowhere', two.version_id)],
  ['version', () => deploy(staging, 'agv_none')],
  ['version, where it is of another agent,', () => deploy(staging, foreign.version_id)],
])('B13: an unknown %s is not found', async (_, ask) => {
  expectRefusal(await ask(), 404);
});

test('B14: removing a deployment answers 204 without a body', async () => {
  await deploy(staging, one.version_id);
  expect(await api.delete(urlOf(staging))).toMatchObject({ statusCode: 204, body: '' });
});

test('B14: after that nothing is deployed there', async () => {
  await deploy(staging, one.version_id);
  await api.delete(urlOf(staging));
  const answer = await api.get(`/agents/${one.id}?environment=staging`);
  expect(answer).toMatchObject({ statusCode: 404, body: { code: 'nothing_deployed' } });
});

test.each([
  ['an environment where nothing is deployed', () => urlOf(development)],
  ['an unknown environment', () => urlOf('env_none')],
  ['an unknown agent', () => urlOf(staging, 'ag_none')],
  ['a file of another kind', () => urlOf(production, prompt.id)],
])('B14: %s is not found', async (_, url) => {
  expectRefusal(await api.delete(url()), 404);
});

test('B14: the default deployment may be removed: the agent is shown, and cannot be called', async () => {
  const [first, second] = await agentVersions(api, 'removed', 'm1', 'm2');
  expect((await api.delete(urlOf(production, first.id))).statusCode).toBe(204);
  expect((await api.get(`/agents/${first.id}`)).body.version_id).toBe(second.version_id);
  const call = await api.post('/agents/call', { id: first.id, messages: hello });
  expect(call).toMatchObject({ statusCode: 404, body: { code: 'nothing_deployed' } });
});

test('B15: the answer is a bare array of all environments', async () => {
  const { statusCode, body } = await api.get(`/agents/${one.id}/environments`);
  expect(statusCode).toBe(200);
  expect(body.map(({ name }: Answer['body']) => name)).toEqual([
    'production',
    'staging',
    'development',
  ]);
});

test('B15: each has its id, time, name and tag', async () => {
  const { body } = await api.get(`/agents/${one.id}/environments`);
  for (const environment of body) {
    expect(environment).toMatchObject({
      id: expect.stringMatching(/^env_/),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      name: expect.any(String),
      tag: environment.name === 'production' ? 'default' : 'other',
    });
  }
});

test('B15: `file` is the agent in the version that is deployed there', async () => {
  const [first, second] = await agentVersions(api, 'listed', 'm1', 'm2');
  await deploy(staging, second.version_id, first.id);
  const { body } = await api.get(`/agents/${first.id}/environments`);
  expect(body.slice(0, 2)).toMatchObject([
    { file: { type: 'agent', id: first.id, version_id: first.version_id, model: 'm1' } },
    { file: { type: 'agent', id: first.id, version_id: second.version_id, model: 'm2' } },
  ]);
});

test('B15: where nothing is deployed there is no `file`', async () => {
  const [agent] = await agentVersions(api, 'only in production', 'm');
  const { body } = await api.get(`/agents/${agent.id}/environments`);
  expect(body.map((environment: object) => 'file' in environment)).toEqual([true, false, false]);
});

test('B15: the environments of an unknown agent are not found', async () => {
  expectRefusal(await api.get('/agents/ag_none/environments'), 404);
});
