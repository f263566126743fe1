import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../support/app.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp();

type Json = Record<string, unknown>;

const paris = { inputs: { country: 'France' }, target: { capital: 'Paris' } };
const rome = { inputs: { country: 'Italy' }, target: { capital: 'Rome' } };
const madrid = { inputs: { country: 'Spain' }, target: { capital: 'Madrid' } };

const upsert = (body: Json, query = '') => api.post(`/datasets${query}`, body);

/** The countries that a version asks for, in its order. */
async function countriesOf(id: string, versionId?: string): Promise<string[]> {
  const version = versionId === undefined ? '' : `version_id=${versionId}&`;
  const { body } = await api.get(`/datasets/${id}/datapoints?${version}size=1000`);
  return body.records.map(({ inputs }: { inputs: { country: string } }) => inputs.country);
}

describe('a version is made of its datapoints', () => {
  test('an upsert stores them, and answers everything about the dataset but them', async () => {
    const { statusCode, body } = await upsert({
      path: 'Geography/Capitals',
      datapoints: [paris, rome],
      attributes: { source: 'atlas' },
      version_name: 'v1',
      version_description: 'Two of them',
      description: 'Countries and their capitals.',
      tags: ['geo'],
      readme: '# Capitals',
    });
    expect(statusCode).toBe(200);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^ds_[0-9a-z]{26}$/),
      version_id: expect.stringMatching(/^dsv_[0-9a-z]{26}$/),
      type: 'dataset',
      path: 'Geography/Capitals',
      name: 'Capitals',
      datapoints_count: 2,
      attributes: { source: 'atlas' },
      version_name: 'v1',
      version_description: 'Two of them',
      description: 'Countries and their capitals.',
      tags: ['geo'],
      readme: '# Capitals',
      status: 'committed',
      environments: [{ tag: 'default' }],
    });
    expect(body).not.toHaveProperty('datapoints');
  });

  test('on request, every answer about a dataset has its datapoints, in the order given', async () => {
    const messages = [{ role: 'user', content: 'Hello' }];
    const target = { text: 'a', count: 1, share: 0.5, ok: true, list: [null], object: {} };
    const given = [rome, { messages }, { target }, {}, paris];
    const upserted = await upsert(
      { path: 'included', datapoints: given },
      '?include_datapoints=true',
    );
    const nothing = { inputs: null, messages: null, target: null };
    const id = expect.stringMatching(/^dp_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(upserted.body.datapoints).toEqual(
      given.map((datapoint) => ({ id, ...nothing, ...datapoint })),
    );
    const { id: datasetId, version_id } = upserted.body;
    const got = await api.get(
      `/datasets/${datasetId}?version_id=${version_id}&include_datapoints=true`,
    );
    expect(got.body.datapoints).toEqual(upserted.body.datapoints);
    const bare = await api.get(`/datasets/${datasetId}`);
    expect(bare.body).not.toHaveProperty('datapoints');
    expect(bare.body.datapoints_count).toBe(5);
  });

  test('a list of versions has the datapoints of the newest one on request', async () => {
    const first = await upsert({ path: 'listed', datapoints: [paris] });
    await upsert({ path: 'listed', datapoints: [paris, rome] });
    for (const which of ['latest_saved', 'latest_committed']) {
      const { body } = await api.get(
        `/datasets/${first.body.id}/versions?include_datapoints=${which}`,
      );
      const [newest, oldest] = body.records;
      expect(newest.datapoints).toMatchObject([paris, rome]);
      expect(oldest).not.toHaveProperty('datapoints');
    }
    const { body } = await api.get(`/datasets/${first.body.id}/versions`);
    expect(body.records.map((record: Json) => 'datapoints' in record)).toEqual([false, false]);
    const other = await api.get(`/datasets/${first.body.id}/versions?include_datapoints=all`);
    expectRefusal(other, 422, ['query', 'include_datapoints']);
  });

  test('the same datapoints are the same version, in whatever order and form', async () => {
    const first = await upsert({ path: 'same', datapoints: [paris, rome] });
    const again = await upsert({
      path: 'same',
      datapoints: [
        { ...rome, id: 'dp_of_another', messages: null },
        { target: { capital: 'Paris' }, inputs: { country: 'France' } },
        rome,
      ],
      attributes: null,
    });
    expect(again.body.version_id).toBe(first.body.version_id);
    expect(await countriesOf(first.body.id)).toEqual(['France', 'Italy']);
    const other = await upsert({ path: 'same', datapoints: [paris, rome], attributes: { v: 2 } });
    expect(other.body.version_id).not.toBe(first.body.version_id);
  });

  test('a datapoint keeps its id in every version of its dataset, and has another elsewhere', async () => {
    const datapointsOf = async (path: string, datapoints: Json[]) => {
      const { body } = await upsert({ path, datapoints }, '?include_datapoints=true');
      return body.datapoints.map(({ id }: { id: string }) => id);
    };
    const [first] = await datapointsOf('ids/one', [paris]);
    const [, second] = await datapointsOf('ids/one', [rome, paris]);
    const [elsewhere] = await datapointsOf('ids/two', [paris]);
    expect(second).toBe(first);
    expect(elsewhere).not.toBe(first);
  });

  test('what says something else is another datapoint', async () => {
    const message = { role: 'user', content: 'Hi' };
    const { body } = await upsert({
      path: 'distinct',
      datapoints: [
        {},
        { inputs: { a: 1 } },
        { inputs: { a: 1.0 } },
        { inputs: { a: '1' } },
        { inputs: { a: null } },
        { inputs: {} },
        { target: { a: 1 } },
        { messages: [message] },
        { messages: [{ ...message, name: null }] },
        { messages: [message, message] },
      ],
    });
    // Not counted: 1.0, which is 1, and the message whose name is null.
    expect(body.datapoints_count).toBe(8);
  });
});

describe('set, add and remove', () => {
  test('set is the default, and leaves nothing of what there was', async () => {
    const { body } = await upsert({ path: 'set', datapoints: [paris, rome] });
    await upsert({ path: 'set', datapoints: [madrid] });
    const explicit = await upsert({ path: 'set', datapoints: [madrid, rome], action: 'set' });
    expect(await countriesOf(body.id, explicit.body.version_id)).toEqual(['Spain', 'Italy']);
  });

  test('add and remove start from the version made last, deployed or not', async () => {
    const { body } = await upsert({ path: 'steps', datapoints: [paris] });
    await upsert({ path: 'steps', datapoints: [rome], action: 'add' });
    const three = await upsert({ id: body.id, datapoints: [madrid, paris], action: 'add' });
    expect(await countriesOf(body.id, three.body.version_id)).toEqual(['France', 'Italy', 'Spain']);
    const two = await upsert({ path: 'steps', datapoints: [rome, {}], action: 'remove' });
    expect(await countriesOf(body.id, two.body.version_id)).toEqual(['France', 'Spain']);
    expect(await countriesOf(body.id)).toEqual(['France']);
  });

  test('they start from the version or the environment that the query names', async () => {
    const first = await upsert({ path: 'bases', datapoints: [paris] });
    const { id } = first.body;
    const second = await upsert({ path: 'bases', datapoints: [rome] });
    const byVersion = await upsert(
      { id, datapoints: [madrid], action: 'add' },
      `?version_id=${first.body.version_id}`,
    );
    expect(await countriesOf(id, byVersion.body.version_id)).toEqual(['France', 'Spain']);
    const { body: environments } = await api.get(`/datasets/${id}/environments`);
    const staging = environments.find(({ name }: { name: string }) => name === 'staging');
    await api.post(
      `/datasets/${id}/environments/${staging.id}?version_id=${second.body.version_id}`,
    );
    const byEnvironment = await upsert(
      { id, datapoints: [madrid], action: 'add' },
      '?environment=staging',
    );
    expect(await countriesOf(id, byEnvironment.body.version_id)).toEqual(['Italy', 'Spain']);
  });

  test('attributes are those of the base, unless others are given', async () => {
    const attributes = { source: 'atlas' };
    await upsert({ path: 'attributes', datapoints: [paris], attributes });
    const added = await upsert({ path: 'attributes', datapoints: [rome], action: 'add' });
    expect(added.body.attributes).toEqual(attributes);
    const other = await upsert({
      path: 'attributes',
      datapoints: [],
      action: 'add',
      attributes: { source: 'memory' },
    });
    expect(other.body).toMatchObject({ datapoints_count: 2, attributes: { source: 'memory' } });
    const none = await upsert({ path: 'attributes', datapoints: [rome] });
    expect(none.body.attributes).toBeNull();
  });

  test('adding nothing answers the version made last, and makes none', async () => {
    await upsert({ path: 'nothing', datapoints: [paris] });
    const last = await upsert({ path: 'nothing', datapoints: [paris, rome], version_name: 'v2' });
    const before = await rowCounts(api);
    const found = await upsert({ path: 'nothing', datapoints: [], action: 'add' });
    expect(found.body).toMatchObject({ version_id: last.body.version_id, version_name: 'v2' });
    const known = await upsert({ path: 'nothing', datapoints: [rome], action: 'add' });
    expect(known.body.version_id).toBe(last.body.version_id);
    const absent = await upsert({ path: 'nothing', datapoints: [madrid], action: 'remove' });
    expect(absent.body.version_id).toBe(last.body.version_id);
    expect(await rowCounts(api)).toEqual(before);
  });

  test.each(['set', 'add', 'remove'])('%s of nothing makes an empty dataset', async (action) => {
    const { body } = await upsert({ path: `empty/${action}`, datapoints: [], action });
    expect(body).toMatchObject({ datapoints_count: 0, environments: [{ tag: 'default' }] });
    const list = await api.get(`/datasets/${body.id}/datapoints`);
    expect(list.body).toEqual({ records: [], page: 1, size: 50, total: 0 });
    const got = await api.get(`/datasets/${body.id}?include_datapoints=true`);
    expect(got.body.datapoints).toEqual([]);
  });

  test('a version that was removed can be made again, and is no base meanwhile', async () => {
    const first = await upsert({ path: 'again', datapoints: [paris] });
    const { id } = first.body;
    const second = await upsert({ id, datapoints: [paris, rome] });
    const gone = await api.delete(`/datasets/${id}/versions/${second.body.version_id}`);
    expect(gone.statusCode).toBe(204);
    const last = await upsert({ id, datapoints: [], action: 'add' });
    expect(last.body.version_id).toBe(first.body.version_id);
    const again = await upsert({ id, datapoints: [rome], action: 'add' });
    expect(again.body.version_id).not.toBe(second.body.version_id);
    expect(await countriesOf(id, again.body.version_id)).toEqual(['France', 'Italy']);
  });

  test('a dataset that was deleted is not found, and its path is free for another', async () => {
    const { body } = await upsert({ path: 'deleted', datapoints: [paris] });
    expect((await api.delete(`/datasets/${body.id}`)).statusCode).toBe(204);
    expectRefusal(await api.get(`/datasets/${body.id}/datapoints`), 404);
    expectRefusal(await upsert({ id: body.id, datapoints: [], action: 'add' }), 404);
    const next = await upsert({ path: 'deleted', datapoints: [rome], action: 'add' });
    expect(next.body.id).not.toBe(body.id);
    expect(await countriesOf(next.body.id)).toEqual(['Italy']);
  });

  test('an evaluation finds a dataset by its path, then its datapoints by the version', async () => {
    await upsert({ path: 'evaluated', datapoints: [paris, rome] });
    const { body } = await upsert({ path: 'evaluated', datapoints: [], action: 'add' });
    const dataset = await api.get(
      `/datasets/${body.id}?version_id=${body.version_id}&include_datapoints=true`,
    );
    expect(dataset.body.datapoints).toMatchObject([paris, rome]);
  });
});

describe('two at once', () => {
  test('every one of twenty additions counts', async () => {
    const additions = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        upsert({
          path: 'racing/additions',
          datapoints: [{ inputs: { country: `Country ${n}` } }],
          action: 'add',
        }),
      ),
    );
    expect(new Set(additions.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    const counts = additions.map(({ body }) => body.datapoints_count);
    expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    const last = await upsert({ path: 'racing/additions', datapoints: [], action: 'add' });
    expect(new Set(await countriesOf(last.body.id, last.body.version_id)).size).toBe(20);
    const { body } = await api.get(`/datasets/${last.body.id}/versions`);
    expect(body.records).toHaveLength(20);
  });

  test('every one of ten additions and ten removals counts, by path or by id', async () => {
    const countries = Array.from({ length: 20 }, (_, n) => ({ inputs: { country: `${n}` } }));
    const { body } = await upsert({ path: 'racing/both', datapoints: countries.slice(0, 10) });
    await Promise.all(
      countries.map((country, n) =>
        upsert({
          ...(n % 2 === 0 ? { id: body.id } : { path: 'racing/both' }),
          datapoints: [country],
          action: n < 10 ? 'remove' : 'add',
        }),
      ),
    );
    const last = await upsert({ id: body.id, datapoints: [], action: 'add' });
    const left = await countriesOf(body.id, last.body.version_id);
    expect(left.toSorted()).toEqual(countries.slice(10).map(({ inputs }) => inputs.country));
  });

  test('the same upload made at once makes one dataset, one version and one row for each datapoint', async () => {
    const before = await rowCounts(api);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        upsert({ path: 'racing/same', datapoints: [paris, rome, madrid] }),
      ),
    );
    expect(new Set(answers.map(({ body }) => body.version_id)).size).toBe(1);
    const after = await rowCounts(api);
    expect(after['datapoint']).toBe((before['datapoint'] ?? 0) + 3);
    expect(after['segment_datapoint']).toBe((before['segment_datapoint'] ?? 0) + 3);
  });

  test('the version made last is the base even if another server’s clock is ahead', async () => {
    const { body } = await upsert({ path: 'clocks', datapoints: [] });
    // As a server would make it whose clock is years ahead: ids begin with the time.
    await api.database.db
      .insertInto('version')
      .values({
        organization_id: api.workspace.organizationId,
        id: `dsv_${'z'.repeat(26)}`,
        file_id: body.id,
        spec: JSON.stringify({ datapoints_count: 0 }),
        fingerprint: 'from the future',
        name: null,
        description: null,
        created_by: null,
        deleted_at: null,
      })
      .execute();
    await upsert({ path: 'clocks', datapoints: [paris], action: 'add' });
    const last = await upsert({ path: 'clocks', datapoints: [rome], action: 'add' });
    expect(await countriesOf(body.id, last.body.version_id)).toEqual(['France', 'Italy']);
  });
});

describe('the list of datapoints', () => {
  const countries = Array.from({ length: 120 }, (_, n) => ({ inputs: { country: `${n}` } }));

  test('is paged in the order of the version, fifty at a time', async () => {
    const { body } = await upsert({ path: 'pages', datapoints: countries });
    const page = async (query: string) => {
      const answer = await api.get(`/datasets/${body.id}/datapoints?${query}`);
      const { records, ...rest } = answer.body;
      return [records.map((record: typeof paris) => record.inputs.country), rest];
    };
    const names = countries.map(({ inputs }) => inputs.country);
    const total = 120;
    expect(await page('')).toEqual([names.slice(0, 50), { page: 1, size: 50, total }]);
    expect(await page('page=3')).toEqual([names.slice(100), { page: 3, size: 50, total }]);
    expect(await page('page=4&size=7')).toEqual([names.slice(21, 28), { page: 4, size: 7, total }]);
    expect(await page('size=1000')).toEqual([names, { page: 1, size: 1000, total }]);
    expect(await page('page=9')).toEqual([[], { page: 9, size: 50, total }]);
    const far = { page: 1_000_000_000, size: 1000, total };
    expect(await page('page=1000000000&size=1000')).toEqual([[], far]);
    expect(await page('size=0')).toEqual([[], { page: 1, size: 0, total }]);
  });

  test('is of the version or the environment that the query names', async () => {
    const first = await upsert({ path: 'chosen', datapoints: [paris] });
    const { id } = first.body;
    const second = await upsert({ id, datapoints: [rome] });
    const list = (query: string) => api.get(`/datasets/${id}/datapoints?${query}`);
    const { id: _, ...unnamed } = (await list('')).body.records[0];
    expect(unnamed).toEqual({ ...paris, messages: null });
    const named = await list(`version_id=${second.body.version_id}`);
    expect(named.body).toMatchObject({ records: [rome], total: 1 });
    const deployed = await list('environment=production');
    expect(deployed.body).toMatchObject({ records: [paris], total: 1 });
    expectRefusal(await list('environment=staging'), 404);
    expectRefusal(await list('environment=nowhere'), 404);
    expectRefusal(await list('version_id=dsv_none'), 404);
    expectRefusal(await list('version_id=dsv_none&environment=staging'), 422, ['query']);
    expectRefusal(await list('size=1001&page=0'), 422, ['query', 'page'], ['query', 'size']);
  });
});

describe('what is refused', () => {
  test.each<[string, unknown, (string | number)[]]>([
    ['no datapoints', undefined, ['datapoints']],
    ['datapoints that are no list', { 0: paris }, ['datapoints']],
    ['null in place of datapoints', null, ['datapoints']],
    ['a datapoint that is no object', [paris, 'Rome'], ['datapoints', 1]],
    ['inputs that are a list', [{ inputs: ['a'] }], ['datapoints', 0, 'inputs']],
    ['a target that is a text', [{ target: 'Rome' }], ['datapoints', 0, 'target']],
    ['null in a target', [{ target: { capital: null } }], ['datapoints', 0, 'target', 'capital']],
    ['a message without a role', [{ messages: [{}] }], ['datapoints', 0, 'messages', 0, 'role']],
  ])('%s', async (_, datapoints, loc) => {
    const before = await rowCounts(api);
    const answer = await upsert({ path: 'refused/body', datapoints });
    expectRefusal(answer, 422, ['body', ...loc]);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('an action that there is not, and a dataset that is not named', async () => {
    const action = await upsert({ path: 'refused/action', datapoints: [], action: 'replace' });
    expectRefusal(action, 422, ['body', 'action']);
    expectRefusal(await upsert({ datapoints: [] }), 422, ['body']);
    expectRefusal(await upsert({ id: 'ds_none', datapoints: [] }), 404);
  });

  test.each(['set', 'add', 'remove'])('%s with two bases', async (action) => {
    const query = '?version_id=dsv_none&environment=production';
    const answer = await upsert({ path: 'refused/bases', datapoints: [], action }, query);
    expectRefusal(answer, 422, ['query']);
  });

  test('a base that is not there; a new dataset has none, so none comes into being', async () => {
    const { body } = await upsert({ path: 'refused/base', datapoints: [paris] });
    const elsewhere = await upsert({ path: 'refused/other', datapoints: [paris] });
    const before = await rowCounts(api);
    const add = (path: string, query: string) =>
      upsert({ path, datapoints: [rome], action: 'add' }, query);
    expectRefusal(await add('refused/base', '?version_id=dsv_none'), 404);
    expectRefusal(await add('refused/base', `?version_id=${elsewhere.body.version_id}`), 404);
    expectRefusal(await add('refused/base', '?environment=staging'), 404);
    expectRefusal(await add('refused/base', '?environment=nowhere'), 404);
    expectRefusal(await add('refused/new', `?version_id=${body.version_id}`), 404);
    expectRefusal(await add('refused/new', '?environment=production'), 404);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('with set, a base means nothing', async () => {
    const answer = await upsert({ path: 'baseless', datapoints: [paris] }, '?version_id=dsv_none');
    expect(answer).toMatchObject({ statusCode: 200, body: { datapoints_count: 1 } });
  });

  test('a path at which there is another kind of file', async () => {
    await api.post('/agents', { path: 'refused/agent', model: 'm' });
    expectRefusal(await upsert({ path: 'refused/agent', datapoints: [paris] }), 409);
  });

  test('a version name that another version has', async () => {
    await upsert({ path: 'refused/name', datapoints: [paris], version_name: 'v1' });
    const before = await rowCounts(api);
    const clash = await upsert({ path: 'refused/name', datapoints: [rome], version_name: 'v1' });
    expectRefusal(clash, 409);
    expect(await rowCounts(api)).toEqual(before);
  });
});

test('another organization neither finds a dataset nor adds to it', async () => {
  const theirs = await addOrganization(api, 'a-key-of-theirs-for-datasets');
  const { body } = await upsert({ path: 'ours', datapoints: [paris] });
  const as = { 'x-api-key': theirs.apiKey };
  const json = JSON.stringify;
  const got = await send(api, 'GET', `/v5/datasets/${body.id}/datapoints`, undefined, as);
  expectRefusal(got, 404);
  const byId = json({ id: body.id, datapoints: [rome], action: 'add' });
  expectRefusal(await send(api, 'POST', '/v5/datasets', byId, as), 404);
  const byPath = json({ path: 'ours', datapoints: [paris, rome], action: 'add' });
  const own: Answer = await send(api, 'POST', '/v5/datasets', byPath, as);
  expect(own.body).toMatchObject({ datapoints_count: 2 });
  expect(own.body.id).not.toBe(body.id);
  expect(await countriesOf(body.id)).toEqual(['France']);
});
