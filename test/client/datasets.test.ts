import { expect, test } from 'vitest';
import { publishedClient } from './published-client.ts';

const { humanloop } = await publishedClient();

const datapoint = {
  inputs: { question: 'What is the capital of France?' },
  messages: [{ role: 'user' as const, content: 'Answer in one word.' }],
  target: { answer: 'Paris', length: 5, sure: true, others: ['Lyon'], more: { since: 508 } },
};

const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ inputs: { question: `${n}` } }));

test('it stores a dataset, and has it back with its datapoints', async () => {
  const stored = await humanloop.datasets.upsert({
    path: 'client/stored',
    datapoints: [datapoint],
    versionName: 'v1',
    includeDatapoints: true,
  });
  expect(stored).toMatchObject({ type: 'dataset', datapointsCount: 1, versionName: 'v1' });
  expect(stored.datapoints).toMatchObject([datapoint]);
  const got = await humanloop.datasets.get(stored.id, { includeDatapoints: true });
  expect(got.datapoints).toEqual(stored.datapoints);
  expect((await humanloop.datasets.get(stored.id)).datapoints).toBeUndefined();
});

test('it finds a dataset by its path as its evaluations do: by adding nothing', async () => {
  const stored = await humanloop.datasets.upsert({ path: 'client/found', datapoints: [datapoint] });
  const found = await humanloop.datasets.upsert({
    path: 'client/found',
    datapoints: [],
    action: 'add',
  });
  expect(found).toMatchObject({ id: stored.id, versionId: stored.versionId });
  const { versionId } = found;
  const whole = await humanloop.datasets.get(found.id, { versionId, includeDatapoints: true });
  expect(whole.datapoints).toMatchObject([datapoint]);
});

test('it lists datapoints page by page to the end', async () => {
  const { id } = await humanloop.datasets.upsert({
    path: 'client/listed',
    datapoints: numbered(120),
  });
  const listed = await Array.fromAsync(await humanloop.datasets.listDatapoints(id));
  expect(listed.map(({ inputs }) => inputs)).toEqual(numbered(120).map(({ inputs }) => inputs));
});

test('it uploads a file, and lists versions with the datapoints of the newest', async () => {
  const { id } = await humanloop.datasets.upsert({
    path: 'client/uploaded',
    datapoints: [datapoint],
  });
  const file = new Blob(['question,target.answer\nAnd of Italy?,Rome\n'], { type: 'text/csv' });
  const added = await humanloop.datasets.uploadCsv(file as File, id, {
    versionName: 'From a file',
  });
  expect(added).toMatchObject({ datapointsCount: 2, versionName: 'From a file' });
  const { records } = await humanloop.datasets.listVersions(id, {
    includeDatapoints: 'latest_saved',
  });
  expect(records.map(({ datapoints }) => datapoints)).toMatchObject([
    [datapoint, { inputs: { question: 'And of Italy?' }, target: { answer: 'Rome' } }],
    undefined as never,
  ]);
});

test('it adds datapoints to a version, and removes them', async () => {
  const path = 'client/changed';
  const { id, versionId } = await humanloop.datasets.upsert({ path, datapoints: numbered(3) });
  const added = await humanloop.datasets.upsert({
    id,
    action: 'add',
    versionId,
    datapoints: [datapoint],
    attributes: { edition: 2 },
  });
  expect(added).toMatchObject({ datapointsCount: 4, attributes: { edition: 2 } });
  const removed = await humanloop.datasets.upsert({
    id,
    action: 'remove',
    environment: 'production',
    datapoints: numbered(1),
    includeDatapoints: true,
  });
  expect(removed.datapoints?.map(({ inputs }) => inputs)).toEqual([
    { question: '1' },
    { question: '2' },
  ]);
  expect(removed.datapoints?.map((one) => one.id)).toEqual(
    Array.from({ length: 2 }, () => expect.stringMatching(/^dp_/)),
  );
});

test('it lists datasets page by page to the end, and beyond it there is nothing', async () => {
  for (const n of [1, 2, 3]) {
    await humanloop.datasets.upsert({ path: `paged-${n}`, datapoints: numbered(n) });
  }
  const page = await humanloop.datasets.list({ name: 'paged', size: 2, sortBy: 'name' });
  const listed = await Array.fromAsync(page);
  expect(listed.map(({ datapointsCount }) => datapointsCount)).toEqual([3, 2, 1]);
  expect((await humanloop.datasets.list({ name: 'paged', page: 3, size: 2 })).data).toEqual([]);
});

test('it names and deletes versions', async () => {
  const path = 'client/versions';
  const first = await humanloop.datasets.upsert({ path, datapoints: numbered(1) });
  const second = await humanloop.datasets.upsert({ path, datapoints: numbered(2) });
  const target = [first.id, second.versionId] as const;
  const named = await humanloop.datasets.updateDatasetVersion(...target, {
    name: 'v2',
    description: 'The second.',
  });
  expect(named).toMatchObject({ versionName: 'v2', versionDescription: 'The second.' });
  await humanloop.datasets.deleteDatasetVersion(...target);
  const { records } = await humanloop.datasets.listVersions(first.id);
  expect(records).toMatchObject([
    { versionId: first.versionId, environments: [{ name: 'production' }] },
  ]);
});

test('it deploys versions to environments, and takes them away', async () => {
  const path = 'client/deployed';
  const { id } = await humanloop.datasets.upsert({ path, datapoints: numbered(1) });
  const { versionId } = await humanloop.datasets.upsert({ path, datapoints: numbered(2) });
  const [production, staging] = await humanloop.datasets.listEnvironments(id);
  expect(production?.file).toMatchObject({
    type: 'dataset',
    datapointsCount: 1,
    createdAt: expect.any(Date),
  });
  const stagingId = staging?.id ?? '';
  const deployed = await humanloop.datasets.setDeployment(id, stagingId, { versionId });
  expect(deployed).toMatchObject({ versionId, environments: [{ name: 'staging' }] });
  const environment = 'staging';
  const listed = await Array.fromAsync(
    await humanloop.datasets.listDatapoints(id, { environment }),
  );
  expect(listed).toHaveLength(2);
  await humanloop.datasets.removeDeployment(id, stagingId);
  const environments = await humanloop.datasets.listEnvironments(id);
  expect(environments.map(({ file }) => file !== undefined)).toEqual([true, false, false]);
});

test('it moves and deletes a dataset', async () => {
  const { id } = await humanloop.datasets.upsert({ path: 'client/moved', datapoints: [] });
  const moved = await humanloop.datasets.move(id, { path: 'elsewhere/moved' });
  expect(moved).toMatchObject({ id, path: 'elsewhere/moved' });
  await humanloop.datasets.delete(id);
  await expect(humanloop.datasets.get(id)).rejects.toMatchObject({ statusCode: 404 });
});
