import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../agents.ts';
import { type Answer, testApp } from '../app.ts';

const api = await testApp();

/** A file with as many versions as names are given, the oldest first. */
async function versionsOf(path: string, ...models: string[]): Promise<Answer['body'][]> {
  const answers = [];
  for (const model of models) answers.push((await api.post('/agents', { path, model })).body);
  return answers;
}

async function environmentId(fileId: string, name: string): Promise<string> {
  const { body } = await api.get(`/agents/${fileId}/environments`);
  return body.find((environment: { name: string }) => environment.name === name).id;
}

test('deploying a version makes it what its environment means', async () => {
  const [one, two] = await versionsOf('deploy/two', 'm1', 'm2');
  const production = await environmentId(one.id, 'production');
  const deployed = await api.post(
    `/agents/${one.id}/environments/${production}?version_id=${two.version_id}`,
  );
  expect(deployed).toMatchObject({
    statusCode: 200,
    body: { version_id: two.version_id, environments: [{ id: production, name: 'production' }] },
  });
  expect((await api.get(`/agents/${one.id}`)).body.version_id).toBe(two.version_id);
  const { body: old } = await api.get(`/agents/${one.id}?version_id=${one.version_id}`);
  expect(old.environments).toEqual([]);
});

test('every environment is listed, with the file where something is deployed', async () => {
  const [one] = await versionsOf('deploy/listed', 'm1');
  const { body } = await api.get(`/agents/${one.id}/environments`);
  expect(body).toMatchObject([
    { name: 'production', tag: 'default', file: { version_id: one.version_id, type: 'agent' } },
    { name: 'staging', tag: 'other' },
    { name: 'development', tag: 'other' },
  ]);
  expect(body[1]).not.toHaveProperty('file');
});

test('without a deployment a file shows its newest version, and cannot be called', async () => {
  const [one, two] = await versionsOf('deploy/removed', 'm1', 'm2');
  const url = `/agents/${one.id}/environments/${await environmentId(one.id, 'production')}`;
  expect((await api.delete(url)).statusCode).toBe(204);
  expect((await api.get(`/agents/${one.id}`)).body.version_id).toBe(two.version_id);
  const call = await api.post('/agents/call', { id: one.id, messages: hello });
  expect(call).toMatchObject({ statusCode: 404, body: { code: 'nothing_deployed' } });
  expect(await api.delete(url)).toMatchObject({ statusCode: 404, body: { code: 'not_deployed' } });
});

test('deploying what is not there is refused', async () => {
  const [one] = await versionsOf('deploy/nowhere', 'm1');
  const [other] = await versionsOf('deploy/other', 'm1');
  const staging = await environmentId(one.id, 'staging');
  const deploy = (file: string, environment: string, version: string) =>
    api.post(`/agents/${file}/environments/${environment}?version_id=${version}`);
  const cases = [
    [deploy('ag_none', staging, one.version_id), 'file_not_found'],
    [deploy(one.id, 'env_none', one.version_id), 'environment_not_found'],
    [deploy(one.id, staging, other.version_id), 'version_not_found'],
  ] as const;
  for (const [answer, code] of cases) {
    expect(await answer).toMatchObject({ statusCode: 404, body: { code } });
  }
  const unnamed = await api.post(`/agents/${one.id}/environments/${staging}`);
  expect(unnamed).toMatchObject({
    statusCode: 422,
    body: { detail: [{ loc: ['query', 'version_id'] }] },
  });
});

test('racing deployments to one environment end with exactly one of the versions there', async () => {
  const versions = await versionsOf('deploy/raced', 'm1', 'm2', 'm3', 'm4');
  const [{ id }] = versions;
  const staging = await environmentId(id, 'staging');
  const answers = await Promise.all(
    versions.map(({ version_id }) =>
      api.post(`/agents/${id}/environments/${staging}?version_id=${version_id}`),
    ),
  );
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  const { body } = await api.get(`/agents/${id}/versions`);
  const there = body.records.filter(({ environments }: Answer['body']) =>
    environments.some(({ name }: { name: string }) => name === 'staging'),
  );
  expect(there).toHaveLength(1);
});

test('a version is named and described, by a name of its own', async () => {
  const [one, two] = await versionsOf('versions/named', 'm1', 'm2');
  const url = (version: string) => `/agents/${one.id}/versions/${version}`;
  const named = await api.patch(url(one.version_id), { name: 'v1', description: 'The first.' });
  expect(named.body).toMatchObject({ version_name: 'v1', version_description: 'The first.' });
  const clash = await api.patch(url(two.version_id), { name: 'v1' });
  expect(clash).toMatchObject({ statusCode: 409, body: { code: 'version_name_taken' } });
  const untouched = await api.patch(url(one.version_id));
  expect(untouched.body).toMatchObject({ version_name: 'v1', version_description: 'The first.' });
  const gone = await api.patch(url('agv_none'), { name: 'x' });
  expect(gone.statusCode).toBe(404);
});

test('a version is deleted unless it is deployed or the last; its content can come again', async () => {
  const [one, two] = await versionsOf('versions/deleted', 'm1', 'm2');
  const url = (version: string) => `/agents/${one.id}/versions/${version}`;
  expect(await api.delete(url(one.version_id))).toMatchObject({
    statusCode: 409,
    body: { code: 'version_deployed' },
  });
  expect((await api.delete(url(two.version_id))).statusCode).toBe(204);
  expect((await api.delete(url(two.version_id))).statusCode).toBe(404);
  const { body: left } = await api.get(`/agents/${one.id}/versions`);
  expect(left.records).toHaveLength(1);
  const [again] = await versionsOf('versions/deleted', 'm2');
  expect(again.version_id).not.toBe(two.version_id);

  const [single] = await versionsOf('versions/single', 'm1');
  const production = await environmentId(single.id, 'production');
  await api.delete(`/agents/${single.id}/environments/${production}`);
  expect(await api.delete(`/agents/${single.id}/versions/${single.version_id}`)).toMatchObject({
    statusCode: 409,
    body: { code: 'last_version' },
  });
});

test('the log of a deleted version shows it as deleted', async () => {
  await versionsOf('versions/logged', 'm1');
  const { body: log } = await api.post('/agents/log', {
    path: 'versions/logged',
    agent: { model: 'm2' },
  });
  await api.delete(`/agents/${log.agent_id}/versions/${log.version_id}`);
  const { body } = await api.get(`/logs/${log.id}`);
  expect(body.agent).toMatchObject({ version_id: log.version_id, status: 'deleted' });
});

test('a file moves to a path, or takes a name or a directory, and stays what it is', async () => {
  const [one] = await versionsOf('move/from', 'm1');
  const move = (body: unknown) => api.patch(`/agents/${one.id}`, body);
  const { body: moved } = await move({ path: 'moved/deep/to' });
  expect(moved).toMatchObject({
    id: one.id,
    version_id: one.version_id,
    path: 'moved/deep/to',
    name: 'to',
  });
  const { body: renamed } = await move({ name: 'New Name' });
  expect(renamed).toMatchObject({ path: 'moved/deep/New Name', name: 'New Name' });
  const [other] = await versionsOf('elsewhere/x', 'm1');
  const { body: placed } = await move({ directory_id: other.directory_id });
  expect(placed).toMatchObject({ path: 'elsewhere/New Name', directory_id: other.directory_id });
  expect((await move({})).body.path).toBe('elsewhere/New Name');

  expect(await move({ path: 'elsewhere/x' })).toMatchObject({
    statusCode: 409,
    body: { code: 'path_taken' },
  });
  expect((await move({ path: 'a', name: 'b' })).statusCode).toBe(422);
  expect((await move({ name: 'a/b' })).statusCode).toBe(422);
  expect(await move({ directory_id: 'dir_none' })).toMatchObject({
    statusCode: 404,
    body: { detail: 'Directory `dir_none` does not exist' },
  });
});

test('of files that race to one path, one gets there', async () => {
  const files = await Promise.all(
    [1, 2, 3, 4].map(async (n) => (await versionsOf(`race/from-${n}`, 'm1'))[0]),
  );
  const answers = await Promise.all(
    files.map(({ id }) => api.patch(`/agents/${id}`, { path: 'race/target' })),
  );
  const codes = answers.map(({ statusCode }) => statusCode).toSorted();
  expect(codes).toEqual([200, 409, 409, 409]);
});

test('a deleted file is gone with its logs, and its path is free', async () => {
  const { body: suspended } = await api.post('/agents/call', {
    path: 'deleted/file',
    agent: scripted([{ tool_calls: [callOf('lookup')] }]),
    messages: hello,
  });
  const { id } = suspended.agent;
  expect((await api.delete(`/agents/${id}`)).statusCode).toBe(204);
  for (const url of [`/agents/${id}`, `/agents/${id}/versions`, `/logs/${suspended.id}`]) {
    expect((await api.get(url)).statusCode).toBe(404);
  }
  expect((await api.get(`/logs?file_id=${id}`)).statusCode).toBe(404);
  const continued = await api.post('/agents/continue', {
    log_id: suspended.id,
    messages: [answerTo('call_1_1', 'x')],
  });
  expect(continued.statusCode).toBe(404);
  const [again] = await versionsOf('deleted/file', 'm1');
  expect(again.id).not.toBe(id);
  expect((await api.delete(`/agents/${id}`)).statusCode).toBe(404);
});
