import { expect, test } from 'vitest';
import { hello, scripted } from '../support/agents.ts';
import { type Answer, testApp } from '../support/app.ts';
import { environmentIds } from '../support/files.ts';
import { expectRefusal } from '../support/refusals.ts';

const api = await testApp();

/** An agent that says its own name. */
async function store(path: string, name: string): Promise<Answer['body']> {
  return (await api.post('/agents', { path, ...scripted([{ content: name }]) })).body;
}

const call = (request: object, query = '') =>
  api.post(`/agents/call${query}`, { messages: hello, ...request });

async function deploy(
  { id, version_id }: Answer['body'],
  environment: 'production' | 'staging' = 'production',
) {
  const ids = await environmentIds(api, id);
  const { statusCode } = await api.post(
    `/agents/${id}/environments/${ids[environment]}?version_id=${version_id}`,
  );
  expect(statusCode).toBe(200);
}

test('a call that was made before runs what is deployed since', async () => {
  const old = await store('deployed', 'old');
  expect((await call({ path: 'deployed' })).body.output).toBe('old');
  const latest = await store('deployed', 'latest');
  expect((await call({ path: 'deployed' })).body.output).toBe('old');
  await deploy(latest);
  expect((await call({ path: 'deployed' })).body.output).toBe('latest');
  await deploy(old);
  const { body } = await call({ path: 'deployed' });
  expect([body.output, body.agent.version_id]).toEqual(['old', old.version_id]);
  await deploy(latest, 'staging');
  expect((await call({ path: 'deployed' }, '?environment=staging')).body.output).toBe('latest');
  expect((await call({ path: 'deployed' }, '?environment=staging')).body.output).toBe('latest');
});

test('a call that was made before shows its file as it is now', async () => {
  const { id } = await store('renamed', 'one');
  await call({ id });
  await api.patch(`/agents/${id}`, { path: 'new name' });
  expect((await call({ id })).body.agent.path).toBe('new name');
  expectRefusal(await call({ path: 'renamed' }), 404);
  await store('renamed', 'another');
  expect((await call({ path: 'renamed' })).body.output).toBe('another');
  const { body } = await call({ id });
  await deploy(body.agent, 'staging');
  const { environments } = (await call({ id })).body.agent;
  expect(environments.map(({ name }: { name: string }) => name)).toEqual(['production', 'staging']);
  // An id and a path are compared each time.
  expectRefusal(await call({ id, path: 'renamed' }), 422, ['body', 'path']);
});

test('a call that was made before finds its file deleted, or nothing deployed', async () => {
  const { id } = await store('deleted', 'gone');
  await call({ id });
  await call({ path: 'deleted' });
  const { production } = await environmentIds(api, id);
  await api.delete(`/agents/${id}/environments/${production}`);
  expect((await call({ id })).body.code).toBe('nothing_deployed');
  await api.delete(`/agents/${id}`);
  expectRefusal(await call({ id }), 404);
  expectRefusal(await call({ path: 'deleted' }), 404);
  await api.post('/prompts', { path: 'deleted', model: 'mock', provider: 'mock' });
  expect((await call({ path: 'deleted' })).body.code).toBe('path_taken');
});

test('a call that was made before is refused for what the version asks for that is deployed since', async () => {
  await store('inputs', 'none');
  await call({ path: 'inputs' });
  const other = { model: 'no-such-model', provider: 'openai' };
  const { body } = await api.post('/agents', { path: 'inputs', ...other });
  await deploy(body);
  expectRefusal(await call({ path: 'inputs' }), 422);
});

test('a call with the id of a log that is there is refused, however often the agent was called', async () => {
  await store('ids', 'one');
  const first = await call({ path: 'ids', log_id: 'call-again' });
  // When it was used last follows a little later.
  const agent = { ...first.body.agent, last_used_at: expect.any(String) };
  const again = await call({ path: 'ids', log_id: 'call-again' });
  expect(again.body).toEqual({ ...first.body, agent });
  const another = await call({ path: 'ids', log_id: 'call-again', user: 'somebody' });
  expect([another.statusCode, another.body.code]).toEqual([409, 'log_id_taken']);
});

test('while versions are deployed, each call runs one that was deployed after it was made', async () => {
  const versions = [await store('raced', 'a'), await store('raced', 'b')];
  for (let round = 0; round < 10; round++) {
    const next = versions[round % 2];
    const during = Array.from({ length: 8 }, () => call({ path: 'raced' }));
    await deploy(next);
    const after = await Promise.all(Array.from({ length: 8 }, () => call({ path: 'raced' })));
    for (const { body } of after) expect(body.agent.version_id).toBe(next.version_id);
    for (const { body } of [...(await Promise.all(during)), ...after]) {
      expect(body.output).toBe(body.agent.other.script[0].content);
    }
  }
});
