import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { addOrganization } from '../../support/organizations.ts';
import { newMember, newOwner } from '../../support/people.ts';
import { expectRefusal, send } from '../../support/refusals.ts';

const api = await testApp();

const prompt = async (path: string, template: string) =>
  (
    await api.post('/prompts', {
      path,
      model: 'm',
      template: [{ role: 'system', content: template }],
    })
  ).body;
const deploy = (id: string, versionId: string, environment: string) =>
  api.post(`/prompts/${id}/environments/${environment}?version_id=${versionId}`, {});
const listed = async (query = '') => (await api.get(`/deployments${query}`)).body;

test('the versions of all files are listed by where they are deployed', async () => {
  const first = await prompt('b/greeting', 'Be kind.');
  await prompt('a/farewell', 'Bye.');
  const second = await prompt('b/greeting', 'Be brief.');
  await deploy(first.id, second.version_id, 'staging');
  const { records, ...page } = await listed();
  expect(page).toEqual({ page: 1, size: 10, total: 2 });
  expect(records.map(({ path }: { path: string }) => path)).toEqual(['a/farewell', 'b/greeting']);
  const { body: environments } = await api.get('/environments');
  const [production, staging] = environments;
  expect(records[1]).toEqual({
    id: first.id,
    type: 'prompt',
    path: 'b/greeting',
    deployments: [
      {
        environment_id: production.id,
        version_id: first.version_id,
        version_name: null,
        deployed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
      expect.objectContaining({ environment_id: staging.id, version_id: second.version_id }),
    ],
  });
  expect((await listed('?size=1&page=2')).records).toEqual([records[1]]);
});

test('those that differ from the default environment are told apart', async () => {
  const same = await prompt('same', 'Same.');
  await deploy(same.id, same.version_id, 'staging');
  const { records, total } = await listed('?differs=true');
  expect(records.map(({ path }: { path: string }) => path)).toEqual(['b/greeting']);
  expect(total).toBe(1);
});

test('deleted files and other organizations are not in it', async () => {
  const gone = await prompt('gone', 'Gone.');
  await api.delete(`/prompts/${gone.id}`);
  expect(JSON.stringify(await listed('?size=100'))).not.toContain('gone');
  const { apiKey } = await addOrganization(api, 'the-key-of-the-others');
  const { body } = await send(api, 'GET', '/v5/deployments', undefined, { 'x-api-key': apiKey });
  expect(body).toEqual({ records: [], page: 1, size: 10, total: 0 });
});

test('where a file is deployed says who put it there, and so does the refusal of who came second', async () => {
  await newOwner(api);
  const tom = await newMember(api, 'editor', 'tom@example.com');
  const first = await prompt('who/greeting', 'Hello.');
  const second = await prompt('who/greeting', 'Good day.');
  const url = `/prompts/${first.id}/environments/production`;
  await tom.send('POST', `${url}?version_id=${second.version_id}`, {});
  const by = { id: tom.memberId, email_address: 'tom@example.com', full_name: 'editor' };
  const { body } = await api.get(`/prompts/${first.id}/environments`);
  expect(body[0]).toMatchObject({
    file: { version_id: second.version_id },
    deployed_by: by,
    deployed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  expect(body[1]).not.toHaveProperty('deployed_at');
  const expected = `expected_version_id=${first.version_id}`;
  const late = await api.post(`${url}?version_id=${first.version_id}&expected_version_id=none`);
  expectRefusal(late, 409);
  expect(late.body.detail).toContain('now (by editor), which');
  // The server's own key is of no person.
  await api.post(`${url}?version_id=${first.version_id}`);
  const again = await tom.send('POST', `${url}?version_id=${second.version_id}&${expected}`, {});
  expect(again.statusCode).toBe(200);
  await api.post(`${url}?version_id=${first.version_id}`);
  const { body: now } = await api.get(`/prompts/${first.id}/environments`);
  expect(now[0].deployed_by).toBeNull();
});
