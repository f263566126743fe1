import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import { kinds, upserted, versionsAt } from '../../support/kinds.ts';
import { expectRefusal, rowCounts } from '../../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Where a kind has its files in these tests: each has its own, since lists are of one kind. */
describe.each(kinds)('/v5/$collection', (kind) => {
  const { type, collection, definition, shown, hasLogs } = kind;
  const at = (path: string) => `${collection}/${path}`;

  describe('an upsert', () => {
    test('stores a file, and answers everything about it', async () => {
      const said = {
        version_name: 'v1',
        version_description: 'The first.',
        description: 'What it is for.',
        tags: ['a', 'b'],
        readme: '# Read me',
      };
      const body = await upserted(api, kind, { path: at('New Folder/A File'), ...said });
      expect(body).toMatchObject({
        ...shown(1),
        ...said,
        id: expect.stringMatching(new RegExp(`^${kind.idPrefix}_[0-9a-z]{26}$`)),
        version_id: expect.stringMatching(new RegExp(`^${kind.versionIdPrefix}_[0-9a-z]{26}$`)),
        directory_id: expect.stringMatching(/^dir_/),
        type,
        path: at('New Folder/A File'),
        name: 'A File',
        status: 'committed',
        inputs: expect.any(Array),
        schema: expect.objectContaining({ type: 'object' }),
        environments: [{ name: 'production', tag: 'default' }],
        created_by: { email_address: 'owner@localhost' },
        committed_by: { email_address: 'owner@localhost' },
      });
      for (const field of ['created_at', 'updated_at', 'last_used_at', 'committed_at']) {
        expect(body[field]).toMatch(moment);
      }
      const counts = { version_logs_count: 0, total_logs_count: 0, evaluators: [] };
      if (hasLogs) expect(body).toMatchObject({ ...counts, evaluator_aggregates: null });
      else expect(body).not.toHaveProperty('version_logs_count');
      expect((await api.get(`/${collection}/${body.id}`)).body).toEqual(body);
    });

    test('says which file by its id as well as by its path', async () => {
      const made = await upserted(api, kind, { path: at('both ways') });
      const again = await upserted(api, kind, { id: made.id });
      expect(again.version_id).toBe(made.version_id);
      const both = await upserted(api, kind, { id: made.id, path: at('both ways') }, 2);
      expect(both).toMatchObject({ id: made.id, path: at('both ways'), ...shown(2) });
    });

    test('that says no file, an unknown one, or two is refused', async () => {
      const one = await upserted(api, kind, { path: at('one') });
      await upserted(api, kind, { path: at('another') });
      const before = await rowCounts(api);
      const upsert = (fields: object) =>
        api.post(`/${collection}`, { ...fields, ...definition(9) });
      expectRefusal(await upsert({}), 422, ['body']);
      expectRefusal(await upsert({ id: `${kind.idPrefix}_none` }), 404);
      expectRefusal(await upsert({ id: one.id, path: at('another') }), 422, ['body', 'path']);
      expect(await rowCounts(api)).toEqual(before);
    });

    test('changes what is said of the file, and leaves what is not said', async () => {
      const path = at('described');
      const said = { description: 'Old', tags: ['old'], readme: 'Old' };
      await upserted(api, kind, { path, ...said });
      expect(await upserted(api, kind, { path }, 2)).toMatchObject(said);
      const changed = await upserted(api, kind, { path, description: 'New', tags: [] }, 2);
      expect(changed).toMatchObject({ description: 'New', tags: [], readme: 'Old' });
    });

    test('of which many race for one new path makes one file, one version, one deployment', async () => {
      const path = at('racing/deep/down');
      const bodies = await Promise.all(
        Array.from({ length: 8 }, () => upserted(api, kind, { path })),
      );
      expect(new Set(bodies.map(({ id }) => id)).size).toBe(1);
      expect(new Set(bodies.map(({ version_id }) => version_id)).size).toBe(1);
      expect(bodies[0].environments).toHaveLength(1);
    });
  });

  test('a list is paged, sorted, and narrowed by name and creator', async () => {
    for (const name of ['List C', 'List A', 'List B']) {
      await upserted(api, kind, { path: at(`lists/${name}`) });
    }
    const list = async (query: string) => (await api.get(`/${collection}?name=LIST&${query}`)).body;
    const namesOf = async (query: string) =>
      (await list(query)).records.map(({ name }: { name: string }) => name);
    expect(await namesOf('')).toEqual(['List B', 'List A', 'List C']);
    expect(await namesOf('order=asc')).toEqual(['List C', 'List A', 'List B']);
    expect(await namesOf('sort_by=name')).toEqual(['List C', 'List B', 'List A']);
    expect(await namesOf('sort_by=name&order=asc')).toEqual(['List A', 'List B', 'List C']);
    expect(await namesOf('sort_by=name&order=asc&size=2&page=2')).toEqual(['List C']);
    expect(await namesOf('size=0')).toEqual([]);
    expect(await namesOf('user_filter=OWNER')).toHaveLength(3);
    expect(await namesOf('user_filter=nobody')).toEqual([]);
    await upserted(api, kind, { path: at('lists/List C'), description: 'Changed' });
    expect((await namesOf('sort_by=updated_at'))[0]).toBe('List C');
    expect(await list('page=9')).toEqual({ records: [], page: 9, size: 10, total: 3 });
  });

  test('a list shows each file as it is shown alone, in the version that is deployed', async () => {
    const [first] = await versionsAt(api, kind, at('listed alone'), 2);
    const { body: alone } = await api.get(`/${collection}/${first.id}`);
    expect(alone.version_id).toBe(first.version_id);
    const { body } = await api.get(`/${collection}?name=listed alone`);
    expect(body).toEqual({ records: [alone], page: 1, size: 10, total: 1 });
  });

  test('a list has files of its own kind alone', async () => {
    for (const other of kinds) await upserted(api, other, { path: at(`of ${other.type}`) });
    const { body } = await api.get(`/${collection}?size=1000`);
    expect(new Set(body.records.map((record: Body) => record.type))).toEqual(new Set([type]));
  });

  describe('a move', () => {
    const move = (id: string, body: unknown) => api.patch(`/${collection}/${id}`, body);

    test('takes a file to a path, a name or a directory, and it stays what it is', async () => {
      const file = await upserted(api, kind, { path: at('move/from') });
      const { body: moved } = await move(file.id, { path: at('moved/deep/to') });
      expect(moved).toMatchObject({
        id: file.id,
        version_id: file.version_id,
        path: at('moved/deep/to'),
        name: 'to',
        ...shown(1),
      });
      const { body: renamed } = await move(file.id, { name: 'New Name' });
      expect(renamed).toMatchObject({ path: at('moved/deep/New Name'), name: 'New Name' });
      const other = await upserted(api, kind, { path: at('elsewhere/x') });
      const { directory_id } = other;
      const { body: placed } = await move(file.id, { directory_id });
      expect(placed).toMatchObject({ path: at('elsewhere/New Name'), directory_id });
      const { body: both } = await move(file.id, { directory_id, name: 'y' });
      expect(both.path).toBe(at('elsewhere/y'));
      expect((await move(file.id, {})).body.path).toBe(at('elsewhere/y'));
      expect((await api.get(`/${collection}/${file.id}`)).body.path).toBe(at('elsewhere/y'));
    });

    test('to where a file is, to no path or to no directory is refused', async () => {
      const { id } = await upserted(api, kind, { path: at('stays/here') });
      for (const other of kinds) {
        const path = at(`stays/taken by ${other.type}`);
        await upserted(api, other, { path });
        const taken = await move(id, { path });
        expectRefusal(taken, 409);
        expect(taken.body.code).toBe('path_taken');
      }
      expectRefusal(await move(id, { path: 'a', name: 'b' }), 422, ['body', 'path']);
      expectRefusal(await move(id, { path: '/a' }), 422, ['body', 'path']);
      expectRefusal(await move(id, { name: 'a/b' }), 422, ['body', 'name']);
      const nowhere = await move(id, { directory_id: 'dir_none' });
      expectRefusal(nowhere, 404);
      expect(nowhere.body.detail).toBe('Directory `dir_none` does not exist');
      expect((await api.get(`/${collection}/${id}`)).body.path).toBe(at('stays/here'));
    });

    test('of which many race to one path takes one file there', async () => {
      const files = await Promise.all(
        [1, 2, 3, 4].map((n) => upserted(api, kind, { path: at(`race/from ${n}`) })),
      );
      const answers = await Promise.all(
        files.map(({ id }) => move(id, { path: at('race/target') })),
      );
      const codes = answers.map(({ statusCode }) => statusCode).toSorted();
      expect(codes).toEqual([200, 409, 409, 409]);
    });
  });

  test('a deleted file is gone, and its path is free at once', async () => {
    const path = at('deleted/file');
    const file = await upserted(api, kind, { path });
    const url = `/${collection}/${file.id}`;
    expect(await api.delete(url)).toMatchObject({ statusCode: 204, body: '' });
    for (const gone of [url, `${url}/versions`, `${url}/environments`]) {
      expectRefusal(await api.get(gone), 404);
    }
    expectRefusal(await api.delete(url), 404);
    expectRefusal(await api.patch(url, { name: 'back' }), 404);
    expectRefusal(await api.post(`/${collection}`, { id: file.id, ...definition(1) }), 404);
    const again = await upserted(api, kind, { path });
    expect(again.id).not.toBe(file.id);
    const { body } = await api.get(`/${collection}?name=file&user_filter=owner&size=1000`);
    expect(body.records.map(({ id }: Body) => id)).not.toContain(file.id);
    const [other] = kinds.filter((candidate) => candidate !== kind);
    await api.delete(`/${collection}/${again.id}`);
    expect((await upserted(api, other as (typeof kinds)[number], { path })).path).toBe(path);
  });

  test.each(kinds.filter((other) => other !== kind))(
    'a file that is of another kind, $type, is not found, and its path is taken',
    async (other) => {
      const path = at(`other/${other.type}`);
      const { id, version_id, environments } = await upserted(api, other, { path });
      const url = `/${collection}/${id}`;
      const environment = `${url}/environments/${environments[0].id}`;
      const before = await rowCounts(api);
      const answers = [
        await api.get(url),
        await api.get(`${url}?version_id=${version_id}`),
        await api.patch(url, { name: 'mine' }),
        await api.delete(url),
        await api.get(`${url}/versions`),
        await api.patch(`${url}/versions/${version_id}`, { name: 'mine' }),
        await api.delete(`${url}/versions/${version_id}`),
        await api.get(`${url}/environments`),
        await api.post(`${environment}?version_id=${version_id}`),
        await api.delete(environment),
        await api.post(`/${collection}`, { id, ...definition(1) }),
      ];
      for (const answer of answers) {
        expectRefusal(answer, 404);
        expect(answer.body.code).toBe('file_not_found');
      }
      const taken = await api.post(`/${collection}`, { path, ...definition(1) });
      expectRefusal(taken, 409);
      expect(taken.body.code).toBe('path_taken');
      expect(await rowCounts(api)).toEqual(before);
    },
  );
});
