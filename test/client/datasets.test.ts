import { HumanloopClient } from 'humanloop';
import { expect, test } from 'vitest';
import { apiKey, testApp } from '../app.ts';

// The client that npm carries, as it is.

const api = await testApp();
const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
const humanloop = new HumanloopClient({ apiKey, baseUrl: `${url}/v5` });

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
