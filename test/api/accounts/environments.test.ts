import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { addKey } from '../../support/keys.ts';
import { addOrganization } from '../../support/organizations.ts';
import { expectRefusal, send } from '../../support/refusals.ts';

const api = await testApp();
const editor = await addKey(api, { role: 'editor' });

const asEditor = (method: 'GET' | 'POST' | 'DELETE', url: string) =>
  send(api, method, `/v5${url}`, undefined, { 'x-api-key': editor });

const listed = async () => (await api.get('/environments')).body;

test('a new organization has three environments, to which editors deploy', async () => {
  const facts = (await listed()).map(({ name, tag, deployers }: Record<string, string>) => [
    name,
    tag,
    deployers,
  ]);
  expect(facts).toEqual([
    ['production', 'default', 'editors'],
    ['staging', 'other', 'editors'],
    ['development', 'other', 'editors'],
  ]);
});

test('a new environment is one like any other', async () => {
  const { statusCode, body } = await api.post('/environments', { name: '  Review ' });
  expect(statusCode).toBe(201);
  expect(body).toEqual({
    id: expect.stringMatching(/^env_/),
    created_at: expect.any(String),
    name: 'Review',
    tag: 'other',
    deployers: 'editors',
    deployments_count: 0,
  });
  const { body: prompt } = await api.post('/prompts', { path: 'reviewed', model: 'm' });
  const deploy = `/prompts/${prompt.id}/environments/Review?version_id=${prompt.version_id}`;
  expect((await api.post(deploy)).statusCode).toBe(200);
  const there = (await listed()).find(({ id }: { id: string }) => id === body.id);
  expect(there.deployments_count).toBe(1);
  expect((await api.get(`/prompts/${prompt.id}?environment=Review`)).statusCode).toBe(200);
});

test.each(['production', 'PRODUCTION', 'ＰＲＯＤ'.normalize('NFKC').replace('PROD', 'Staging')])(
  'a name is taken whatever its case: %s',
  async (name) => {
    const refused = await api.post('/environments', { name });
    expectRefusal(refused, 409);
    expect(refused.body.code).toBe('environment_name_taken');
  },
);

test.each(['', '  ', 'x'.repeat(65), 'a\u200bb'])('%j is no name', async (name) => {
  expectRefusal(await api.post('/environments', { name }), 422, ['body', 'name']);
});

test('of several with one name at once one is made', async () => {
  const answers = await Promise.all(
    ['raced', 'Raced', 'RACED'].map((name) => api.post('/environments', { name })),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409, 409]);
});

test('where admins deploy, those who may write do not', async () => {
  const { body: environment } = await api.post('/environments', {
    name: 'guarded',
    deployers: 'admins',
  });
  const { body: prompt } = await api.post('/prompts', { path: 'guarded', model: 'm' });
  const there = `/prompts/${prompt.id}/environments/${environment.id}`;
  const refused = await asEditor('POST', `${there}?version_id=${prompt.version_id}`);
  expectRefusal(refused, 403);
  expect(refused.body.detail).toContain('`admin`');
  expect((await api.post(`${there}?version_id=${prompt.version_id}`)).statusCode).toBe(200);
  expectRefusal(await asEditor('DELETE', there), 403);
  await api.patch(`/environments/${environment.id}`, { deployers: 'editors' });
  expect((await asEditor('DELETE', there)).statusCode).toBe(204);
});

test('there is one default environment, which another one can become', async () => {
  const [production, staging] = await listed();
  const defaults = async () =>
    (await listed())
      .filter(({ tag }: { tag: string }) => tag === 'default')
      .map(({ name }: { name: string }) => name);
  const changed = await api.patch(`/environments/${staging.id}`, { tag: 'default' });
  expect(changed.body.tag).toBe('default');
  expect(await defaults()).toEqual(['staging']);
  const { body: prompt } = await api.post('/prompts', { path: 'after', model: 'm' });
  expect(prompt.environments.map(({ name }: { name: string }) => name)).toEqual(['staging']);
  const both = [production, staging].map(({ id }) =>
    api.patch(`/environments/${id}`, { tag: 'default' }),
  );
  await Promise.all(both);
  expect(await defaults()).toHaveLength(1);
  await api.patch(`/environments/${production.id}`, { tag: 'default' });
});

test('the default environment stays; one in use goes only by force', async () => {
  const [production] = await listed();
  const refused = await api.delete(`/environments/${production.id}?force=true`);
  expectRefusal(refused, 409);
  expect(refused.body.code).toBe('environment_is_default');
  const { body: environment } = await api.post('/environments', { name: 'short-lived' });
  const { body: prompt } = await api.post('/prompts', { path: 'used', model: 'm' });
  const there = `/prompts/${prompt.id}/environments/${environment.id}`;
  await api.post(`${there}?version_id=${prompt.version_id}`);
  const log = { id: prompt.id, environment: 'short-lived', output: 'said' };
  const { body: made } = await api.post('/prompts/log', log);
  const inUse = await api.delete(`/environments/${environment.id}`);
  expectRefusal(inUse, 409);
  expect(inUse.body.code).toBe('environment_in_use');
  expect((await api.delete(`/environments/${environment.id}?force=true`)).statusCode).toBe(204);
  expectRefusal(await api.get(`/prompts/${prompt.id}?environment=short-lived`), 404);
  expect((await api.get(`/logs/${made.id}`)).body.environment).toBe('short-lived');
  expectRefusal(await api.delete(`/environments/${environment.id}`), 404);
});

test('a deployment to an environment that is being deleted is made, or is not there', async () => {
  const { body: prompt } = await api.post('/prompts', { path: 'raced', model: 'm' });
  for (let race = 0; race < 5; race++) {
    const { body: environment } = await api.post('/environments', { name: `race-${race}` });
    const there = `/prompts/${prompt.id}/environments/${environment.id}`;
    const [deployed, deleted] = await Promise.all([
      api.post(`${there}?version_id=${prompt.version_id}`),
      api.delete(`/environments/${environment.id}?force=true`),
    ]);
    expect([200, 404]).toContain(deployed.statusCode);
    expect(deleted.statusCode).toBe(204);
  }
});

test('environments of another organization are not there', async () => {
  const their = await addOrganization(api, 'the-key-of-the-others');
  const [production] = await listed();
  const ask = (method: 'PATCH' | 'DELETE', body?: string) =>
    send(api, method, `/v5/environments/${production.id}`, body, { 'x-api-key': their.apiKey });
  expectRefusal(await ask('PATCH', '{"name": "mine"}'), 404);
  expectRefusal(await ask('DELETE'), 404);
});
