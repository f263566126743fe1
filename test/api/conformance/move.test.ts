import { describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { agentVersions, environmentIds, fileOfKind } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

let agents = 0;

/** A new agent, and how it is moved. */
async function agentAt(path = `from/agent ${++agents}`) {
  const [agent] = await agentVersions(api, path, 'm');
  return { agent, move: (to?: object) => api.patch(`/agents/${agent.id}`, to) };
}

const { agent: elsewhere } = await agentAt('elsewhere/deep/taken');

test('B11: `path` is the new full path, with the name', async () => {
  const { move } = await agentAt();
  expect(await move({ path: 'to/new name' })).toMatchObject({
    statusCode: 200,
    body: { path: 'to/new name', name: 'new name' },
  });
});

test('B11: the agent is at its new path, and no longer at the old one', async () => {
  const { agent, move } = await agentAt('old/path');
  await move({ path: 'new/path' });
  const at = (path: string) => api.post('/agents/log', { path });
  expect((await at('new/path')).body.agent_id).toBe(agent.id);
  expectRefusal(await at('old/path'), 404);
});

test('B11: `name` alone renames in place', async () => {
  const { agent, move } = await agentAt();
  expect((await move({ name: 'Renamed' })).body).toMatchObject({
    path: 'from/Renamed',
    name: 'Renamed',
    directory_id: agent.directory_id,
  });
});

test('B11: `directory_id` alone keeps the name', async () => {
  const { agent, move } = await agentAt();
  expect((await move({ directory_id: elsewhere.directory_id })).body).toMatchObject({
    path: `elsewhere/deep/${agent.name}`,
    name: agent.name,
    directory_id: elsewhere.directory_id,
  });
});

test('B11: `name` and `directory_id` together do both', async () => {
  const { move } = await agentAt();
  const { body } = await move({ name: 'Both', directory_id: elsewhere.directory_id });
  expect(body).toMatchObject({ path: 'elsewhere/deep/Both' });
});

test.each([
  ['name', { name: 'x' }],
  ['directory_id', { directory_id: elsewhere.directory_id }],
])('B11: `path` excludes `%s`', async (_, beside) => {
  const { move } = await agentAt();
  expectRefusal(await move({ path: 'a/b', ...beside }), 422);
});

describe('a move to an occupied path', () => {
  test.each([
    ['path', { path: 'elsewhere/deep/taken' }],
    ['directory and name', { name: 'taken', directory_id: elsewhere.directory_id }],
  ])('B11: by %s, is a conflict', async (_, to) => {
    const { move } = await agentAt();
    expect(await move(to)).toMatchObject({ statusCode: 409, body: { code: 'path_taken' } });
  });

  test('B11: by a new name, is a conflict', async () => {
    await agentAt('from/there');
    const { move } = await agentAt();
    expect(await move({ name: 'there' })).toMatchObject({ statusCode: 409 });
  });

  test('B11: is a conflict whatever kind of file is there', async () => {
    await fileOfKind(api, 'prompt', 'from/prompt');
    const { move } = await agentAt();
    expect(await move({ path: 'from/prompt' })).toMatchObject({ statusCode: 409 });
  });

  test('B11: leaves the agent where it was', async () => {
    const { agent, move } = await agentAt();
    await move({ path: 'elsewhere/deep/taken' });
    expect((await api.get(`/agents/${agent.id}`)).body.path).toBe(agent.path);
  });
});

test('B11: to its own path an agent can be moved', async () => {
  const { agent, move } = await agentAt();
  expect(await move({ path: agent.path })).toMatchObject({
    statusCode: 200,
    body: { path: agent.path },
  });
});

test('B11: directories that are missing in `path` are made', async () => {
  const { move } = await agentAt();
  const { body } = await move({ path: 'not/there/yet/agent' });
  const { agent: beside } = await agentAt('not/there/yet/another');
  expect(beside.directory_id).toBe(body.directory_id);
});

test.each([
  ['an empty body', {}],
  ['no body', undefined],
  ['nulls', { path: null, name: null, directory_id: null }],
])('B11: %s changes nothing, with 200', async (_, to) => {
  const { agent, move } = await agentAt();
  const { statusCode, body } = await move(to);
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({
    path: agent.path,
    name: agent.name,
    directory_id: agent.directory_id,
  });
});

test('B11: id, versions and deployments stay as they are', async () => {
  const [one] = await agentVersions(api, 'kept/agent', 'm1', 'm2');
  const before = (await api.get(`/agents/${one.id}/versions`)).body.records;
  await api.patch(`/agents/${one.id}`, { path: 'kept/elsewhere' });
  const after = (await api.get(`/agents/${one.id}/versions`)).body.records;
  const idsOf = ({ id, version_id, environments }: (typeof before)[0]) => ({
    id,
    version_id,
    environments,
  });
  expect(after.map(idsOf)).toEqual(before.map(idsOf));
});

test('B11: the answer is the version that is deployed by default', async () => {
  const [one, two] = await agentVersions(api, 'answered/agent', 'm1', 'm2');
  const { body } = await api.patch(`/agents/${one.id}`, { name: 'renamed' });
  expect(body.version_id).toBe(one.version_id);
  const { production } = await environmentIds(api, one.id);
  await api.post(`/agents/${one.id}/environments/${production}?version_id=${two.version_id}`);
  const { body: later } = await api.patch(`/agents/${one.id}`, { name: 'again' });
  expect(later.version_id).toBe(two.version_id);
});

test('B11: an unknown agent is not found', async () => {
  expectRefusal(await api.patch('/agents/ag_none', { name: 'x' }), 404);
});

test('B11: an unknown directory is not found', async () => {
  const { move } = await agentAt();
  expectRefusal(await move({ directory_id: 'dir_none' }), 404);
});

test.each([
  { path: '' },
  { path: '/a' },
  { path: 'a/' },
  { path: 'a//b' },
  { path: 'a/../b' },
  { name: '' },
  { name: 'a/b' },
  { name: '..' },
])('B11: a destination that breaks the rules of paths is refused: %j', async (to) => {
  const { move } = await agentAt();
  expectRefusal(await move(to), 422, ['body', Object.keys(to)[0] as string]);
});
