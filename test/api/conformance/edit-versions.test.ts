import { describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { agentVersions, environmentIds } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

const [deployed, other] = await agentVersions(api, 'agent', 'm1', 'm2');
const [foreign] = await agentVersions(api, 'foreign', 'm');
const { production, staging } = await environmentIds(api, deployed.id);

const urlOf = (version: string, agent = deployed.id) => `/agents/${agent}/versions/${version}`;

describe('deleting a version', () => {
  test('B7: answers 204 without a body', async () => {
    const [, second] = await agentVersions(api, 'deleted', 'm1', 'm2');
    expect(await api.delete(urlOf(second.version_id, second.id))).toMatchObject({
      statusCode: 204,
      body: '',
    });
  });

  test.each(['production', 'staging'] as const)(
    'B7: is a conflict while it is deployed to %s',
    async (environment) => {
      const [one, two] = await agentVersions(api, `deployed to ${environment}`, 'm1', 'm2');
      const { [environment]: id } = await environmentIds(api, one.id);
      await api.post(`/agents/${one.id}/environments/${id}?version_id=${two.version_id}`);
      const answer = await api.delete(urlOf(two.version_id, one.id));
      expect(answer).toMatchObject({ statusCode: 409, body: { code: 'version_deployed' } });
    },
  );

  test('B7: is a conflict when it is the only one', async () => {
    const [only] = await agentVersions(api, 'only', 'm');
    await api.delete(`/agents/${only.id}/environments/${production}`);
    const answer = await api.delete(urlOf(only.version_id, only.id));
    expect(answer).toMatchObject({ statusCode: 409, body: { code: 'last_version' } });
  });

  test.each([
    ['an unknown version', () => urlOf('agv_none')],
    ['a version of another agent', () => urlOf(foreign.version_id)],
    ['an unknown agent', () => urlOf(other.version_id, 'ag_none')],
  ])('B7: does not find %s', async (_, url) => {
    expectRefusal(await api.delete(url()), 404);
  });

  test('B7: does not find it a second time', async () => {
    const [, second] = await agentVersions(api, 'deleted twice', 'm1', 'm2');
    await api.delete(urlOf(second.version_id, second.id));
    expectRefusal(await api.delete(urlOf(second.version_id, second.id)), 404);
  });

  test('B7: leaves its logs', async () => {
    const [, second] = await agentVersions(api, 'logged', 'm1', 'm2');
    const url = `/agents/log?version_id=${second.version_id}`;
    const { body: log } = await api.post(url, { id: second.id, output: 'Hi.' });
    await api.delete(urlOf(second.version_id, second.id));
    expect((await api.get(`/logs/${log.id}`)).body.output).toBe('Hi.');
    expect((await api.get(`/logs?file_id=${second.id}`)).body.total).toBe(1);
  });

  test('B7: with two deleted at once leaves one', async () => {
    const [one, two] = await agentVersions(api, 'racing', 'm1', 'm2');
    await api.delete(`/agents/${one.id}/environments/${production}`);
    const answers = await Promise.all(
      [one, two].map(({ version_id }) => api.delete(urlOf(version_id, one.id))),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([204, 409]);
  });
});

describe('editing a version', () => {
  test.each([
    ['name', 'version_name', 'v2'],
    ['description', 'version_description', 'The second.'],
  ])('B8: `%s` sets `%s`', async (field, shown, value) => {
    const { statusCode, body } = await api.patch(urlOf(other.version_id), { [field]: value });
    expect(statusCode).toBe(200);
    expect(body[shown]).toBe(value);
    const { body: stored } = await api.get(`/agents/${other.id}?version_id=${other.version_id}`);
    expect(stored[shown]).toBe(value);
  });

  test('B8: what is not given stays', async () => {
    const [one] = await agentVersions(api, 'stays', 'm');
    const url = urlOf(one.version_id, one.id);
    await api.patch(url, { name: 'v1', description: 'First.' });
    await api.patch(url, { description: 'Still first.' });
    const { body } = await api.patch(url, { name: null });
    expect(body).toMatchObject({ version_name: 'v1', version_description: 'Still first.' });
  });

  test('B8: answers the agent in that version, deployed or not', async () => {
    const { body } = await api.patch(urlOf(other.version_id), {});
    expect(body).toMatchObject({
      type: 'agent',
      id: other.id,
      version_id: other.version_id,
      model: 'm2',
      environments: [],
    });
  });

  test('B8: defines no other version', async () => {
    await api.patch(urlOf(other.version_id), { name: 'named' });
    expect((await api.get(`/agents/${other.id}/versions`)).body.records).toHaveLength(2);
  });

  test('B8: a name that another version has is a conflict', async () => {
    await api.patch(urlOf(deployed.version_id), { name: 'taken' });
    const answer = await api.patch(urlOf(other.version_id), { name: 'taken' });
    expect(answer).toMatchObject({ statusCode: 409, body: { code: 'version_name_taken' } });
  });

  test('B8: its own name is no conflict', async () => {
    await api.patch(urlOf(other.version_id), { name: 'own' });
    expect((await api.patch(urlOf(other.version_id), { name: 'own' })).statusCode).toBe(200);
  });

  test.each([
    ['an unknown version', () => urlOf('agv_none')],
    ['a version of another agent', () => urlOf(foreign.version_id)],
    ['an unknown agent', () => urlOf(other.version_id, 'ag_none')],
  ])('B8: does not find %s', async (_, url) => {
    expectRefusal(await api.patch(url(), { name: 'x' }), 404);
  });
});

test('B12: an unknown agent has no list of versions', async () => {
  expectRefusal(await api.get('/agents/ag_none/versions'), 404);
});

test('B12: all versions are in one list, newest first', async () => {
  const models = Array.from({ length: 15 }, (_, n) => `m${n}`);
  const [first] = await agentVersions(api, 'fifteen', ...models);
  const { statusCode, body } = await api.get(`/agents/${first.id}/versions`);
  expect(statusCode).toBe(200);
  expect(Object.keys(body)).toEqual(['records']);
  expect(body.records.map(({ model }: { model: string }) => model)).toEqual(models.toReversed());
});

test('B12: each record says where that version is deployed, with a list that may be empty', async () => {
  const [one, two] = await agentVersions(api, 'places', 'm1', 'm2');
  await api.post(`/agents/${one.id}/environments/${staging}?version_id=${one.version_id}`);
  const { records } = (await api.get(`/agents/${one.id}/versions`)).body;
  expect(records).toMatchObject([
    { version_id: two.version_id, environments: [] },
    { version_id: one.version_id, environments: [{ name: 'production' }, { name: 'staging' }] },
  ]);
});

test.each(['', '?evaluator_aggregates=false'])(
  'B12: `evaluator_aggregates` is null when it is not asked for: %s',
  async (query) => {
    const { records } = (await api.get(`/agents/${other.id}/versions${query}`)).body;
    expect(records).toMatchObject([{ evaluator_aggregates: null }, { evaluator_aggregates: null }]);
  },
);

test('B12: `evaluator_aggregates` may be asked for', async () => {
  const url = `/agents/${other.id}/versions?evaluator_aggregates=true`;
  const { statusCode, body } = await api.get(url);
  expect(statusCode).toBe(200);
  expect(body.records).toHaveLength(2);
});

test('B12: `evaluator_aggregates` is true or false', async () => {
  const url = `/agents/${other.id}/versions?evaluator_aggregates=perhaps`;
  expectRefusal(await api.get(url), 422, ['query', 'evaluator_aggregates']);
});
