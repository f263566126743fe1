import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop, server, misfits } = await publishedClient();

const made = [
  await humanloop.prompts.upsert({ path: 'kinds/prompt', model: 'm', template: 'Say {{what}}' }),
  await humanloop.tools.upsert({
    path: 'kinds/tool',
    function: { name: 'tool', description: 'A tool.' },
  }),
  await humanloop.datasets.upsert({ path: 'kinds/dataset', datapoints: [{ inputs: { a: '1' } }] }),
  await humanloop.evaluators.upsert({
    path: 'kinds/evaluator',
    spec: { evaluatorType: 'external', argumentsType: 'target_free', returnType: 'text' },
  }),
  await humanloop.flows.upsert({ path: 'kinds/flow', attributes: { edition: 1 } }),
];
const ids = made.map(({ id }) => id);

/** What of a file of any kind the client must have put into its own words. */
const understood = {
  versionId: expect.any(String),
  directoryId: expect.any(String),
  createdAt: expect.any(Date),
  updatedAt: expect.any(Date),
  lastUsedAt: expect.any(Date),
  environments: [expect.objectContaining({ name: 'production', createdAt: expect.any(Date) })],
};
const types = ['prompt', 'tool', 'dataset', 'evaluator', 'flow'] as const;

test('it lists files of all kinds that it knows, each as what it is', async () => {
  const list = await humanloop.files.listFiles({
    type: [...types],
    sortBy: 'created_at',
    order: 'asc',
  });
  expect(list).toMatchObject({ page: 1, size: 10, total: 5 });
  expect(list.records).toMatchObject(types.map((type) => ({ type, name: type, ...understood })));
  expect(list.records.map(({ id }) => id)).toEqual(ids);
  expect(list.records).toMatchObject([
    { inputs: [{ name: 'what' }], versionLogsCount: 0 },
    { function: { name: 'tool' }, versionLogsCount: 0 },
    { datapointsCount: 1 },
    { spec: { evaluatorType: 'external', returnType: 'text' } },
    { attributes: { edition: 1 } },
  ]);
});

test('its pages end in an empty one', async () => {
  const found: string[] = [];
  for (let page = 1; ; page++) {
    const { records } = await humanloop.files.listFiles({ type: [...types], page, size: 2 });
    if (records.length === 0) break;
    found.push(...records.map(({ id }) => id));
  }
  expect(found.toSorted()).toEqual(ids.toSorted());
});

test('its filters narrow the list', async () => {
  const namesOf = async (request: Parameters<typeof humanloop.files.listFiles>[0]) => {
    const { records } = await humanloop.files.listFiles({
      sortBy: 'name',
      order: 'asc',
      ...request,
    });
    return records.map(({ name }) => name);
  };
  expect(await namesOf({ type: 'flow' })).toEqual(['flow']);
  expect(await namesOf({ type: ['tool', 'flow'] })).toEqual(['flow', 'tool']);
  expect(await namesOf({ name: 'PROM' })).toEqual(['prompt']);
  expect(await namesOf({ environment: 'production', type: 'tool' })).toEqual(['tool']);
  expect(await namesOf({ environment: 'staging' })).toEqual([]);
  expect(await namesOf({ template: true })).toEqual([]);
});

test('an unknown environment is an error, not an empty list', async () => {
  await expect(humanloop.files.listFiles({ environment: 'nowhere' })).rejects.toMatchObject({
    statusCode: 404,
    body: { detail: 'Environment `nowhere` does not exist' },
  });
});

test.each(types)('it finds a file by its path: %s', async (type) => {
  const file = await humanloop.files.retrieveByPath({ path: `kinds/${type}` });
  expect(file).toMatchObject({ type, path: `kinds/${type}`, ...understood });
  const deployed = await humanloop.files.retrieveByPath({
    path: `kinds/${type}`,
    environment: 'production',
  });
  expect(deployed).toEqual(file);
});

test('there is nothing at a path where there is nothing', async () => {
  await expect(humanloop.files.retrieveByPath({ path: 'kinds/none' })).rejects.toMatchObject({
    statusCode: 404,
    body: { code: 'file_not_found' },
  });
});

test('agents, for which it is too old, it lists as they came, and takes no other answer for', async () => {
  const { body } = await server.post('/v5/agents', { path: 'kinds/robot', model: 'm' });
  const { records } = await humanloop.files.listFiles({ name: 'robot' });
  expect(records).toMatchObject([{ type: 'agent', version_id: body.version_id }]);
  const misfit = 'Expected "prompt". Received "agent"';
  expect(misfits()).toEqual([expect.stringContaining(misfit)]);
  await expect(humanloop.files.retrieveByPath({ path: 'kinds/robot' })).rejects.toThrow(misfit);
});
