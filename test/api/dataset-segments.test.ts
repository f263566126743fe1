import { describe, expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import {
  alwaysTrue,
  echoPrompt,
  evaluationOf,
  onDataset,
  runOf,
} from '../support/evaluation-runs.ts';
import { rowCounts } from '../support/refusals.ts';

const api = await testApp();

const item = (n: number) => ({ inputs: { n } });
const items = (count: number) => Array.from({ length: count }, (_, n) => item(n));

const upsert = async (body: object) => {
  const answer = await api.post('/datasets', body);
  expect(answer.statusCode).toBe(200);
  return answer.body;
};

/** The numbers of a version's datapoints, read page by page. */
async function numbersOf(id: string, versionId: string, size = 700): Promise<number[]> {
  const numbers: number[] = [];
  for (let page = 1; ; page += 1) {
    const url = `/datasets/${id}/datapoints?version_id=${versionId}&page=${page}&size=${size}`;
    const { records } = (await api.get(url)).body;
    numbers.push(...records.map(({ inputs }: { inputs: { n: number } }) => inputs.n));
    if (records.length < size) return numbers;
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** How many rows something adds to the tables of links. */
async function linksAddedBy(work: () => Promise<unknown>) {
  const before = await rowCounts(api);
  await work();
  const after = await rowCounts(api);
  const added = (table: string) => (after[table] ?? 0) - (before[table] ?? 0);
  return {
    datapoints: added('datapoint'),
    links: added('segment_datapoint') + added('version_link'),
    segments: added('version_segment'),
  };
}

describe('a change of a large dataset', () => {
  test('writes what it adds, and the other versions stay as they are', async () => {
    const first = await upsert({ path: 'large/added', datapoints: items(3_000) });
    let second = first;
    const added = await linksAddedBy(async () => {
      second = await upsert({ id: first.id, action: 'add', datapoints: [item(5), item(3_000)] });
    });
    expect(added).toEqual({ datapoints: 1, links: 441, segments: 6 });
    expect(second.datapoints_count).toBe(3_001);
    expect(await numbersOf(first.id, second.version_id)).toEqual(upTo(3_001));
    expect(await numbersOf(first.id, first.version_id)).toEqual(upTo(3_000));

    let third = first;
    const removed = await linksAddedBy(async () => {
      third = await upsert({
        id: first.id,
        action: 'remove',
        datapoints: [item(600), item(3_000)],
      });
    });
    expect(removed).toEqual({ datapoints: 0, links: 511 + 440, segments: 6 });
    const left = upTo(3_000).filter((n) => n !== 600);
    expect(await numbersOf(first.id, third.version_id)).toEqual(left);
    expect(await numbersOf(first.id, third.version_id, 1_000)).toEqual(left);

    // The same datapoints are the same version, on whatever way.
    const again = await linksAddedBy(async () => {
      const back = await upsert({ id: first.id, action: 'add', datapoints: [item(600)] });
      expect(back.version_id).toBe(first.version_id);
    });
    expect(again).toEqual({ datapoints: 0, links: 0, segments: 0 });

    // A version that shares segments with others can be deleted.
    const gone = await api.delete(`/datasets/${first.id}/versions/${second.version_id}`);
    expect(gone.statusCode).toBe(204);
    expect(await numbersOf(first.id, third.version_id)).toEqual(left);
  });

  test('may remove everything, and begin again', async () => {
    const first = await upsert({ path: 'large/emptied', datapoints: items(600) });
    const none = await upsert({ id: first.id, action: 'remove', datapoints: items(600) });
    expect(none.datapoints_count).toBe(0);
    expect(await numbersOf(first.id, none.version_id)).toEqual([]);
    const next = await upsert({ id: first.id, action: 'add', datapoints: [item(7)] });
    expect(await numbersOf(first.id, next.version_id)).toEqual([7]);
  });
});

describe('a version that a server of the previous release has stored', () => {
  /** As that release stored it: a row for each datapoint. */
  async function storeAsBefore(path: string, count: number) {
    const made = await upsert({ path, datapoints: items(count) });
    const { pool } = api.database;
    const moved = [made.version_id];
    await pool.query(
      `CREATE TEMPORARY TABLE moved AS SELECT * FROM version_datapoint WHERE version_id = '${moved}';
      DELETE FROM version_segment WHERE version_id = '${moved}';
      INSERT INTO version_datapoint (organization_id, version_id, position, datapoint_id)
        SELECT organization_id, version_id, position, datapoint_id FROM moved;
      DROP TABLE moved`,
    );
    return made;
  }

  test('is read, changed and found again as any other', async () => {
    const first = await storeAsBefore('large/before', 1_500);
    expect(await numbersOf(first.id, first.version_id)).toEqual(upTo(1_500));
    const same = await upsert({
      id: first.id,
      action: 'set',
      datapoints: items(1_500).toReversed(),
    });
    expect(same.version_id).toBe(first.version_id);

    const added = await upsert({ id: first.id, action: 'add', datapoints: [item(3), item(1_500)] });
    expect(await numbersOf(first.id, added.version_id)).toEqual(upTo(1_501));
    const { body: removed } = await api.post(`/datasets?version_id=${first.version_id}`, {
      id: first.id,
      action: 'remove',
      datapoints: [item(0), item(1_499)],
    });
    expect(await numbersOf(first.id, removed.version_id)).toEqual(upTo(1_499).slice(1));
    const { body } = await api.get(
      `/datasets/${first.id}?version_id=${first.version_id}&include_datapoints=true`,
    );
    expect(body.datapoints.map(({ inputs }: { inputs: { n: number } }) => inputs.n)).toEqual(
      upTo(1_500),
    );
  });

  test('is evaluated on', async () => {
    const dataset = await storeAsBefore('large/evaluated-before', 3);
    const prompt = await echoPrompt(api, 'large/echo');
    const evaluation = await evaluationOf(api, prompt, [await alwaysTrue(api, 'large/true')]);
    const run = await runOf(api, evaluation, onDataset(dataset, prompt));
    expect(run.progress.logs).toMatchObject({ wanted: 3 });
  });
});
