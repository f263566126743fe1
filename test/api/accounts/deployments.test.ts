import { expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { addOrganization } from '../../support/organizations.ts';
import { send } from '../../support/refusals.ts';

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
