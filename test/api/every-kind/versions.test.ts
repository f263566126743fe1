import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import { kinds, upserted, versionsAt } from '../../support/kinds.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

/** The same value, with the keys of all its objects in the opposite order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, reordered(member)]);
  return Object.fromEntries(entries.toReversed());
}

describe.each(kinds)('/v5/$collection', (kind) => {
  const { collection, definition, shown } = kind;
  const at = (path: string) => `${collection}/${path}`;
  const listOf = async (id: string): Promise<Body[]> =>
    (await api.get(`/${collection}/${id}/versions`)).body.records;

  test('equal content is the same version, however it is written', async () => {
    const path = at('same');
    const first = await upserted(api, kind, { path });
    const fields = reordered({ ...definition(1), path }) as object;
    const again = await api.post(`/${collection}`, fields);
    expect(again.body.version_id).toBe(first.version_id);
    expect(again.body).toMatchObject(shown(1));
    const other = await upserted(api, kind, { path }, 2);
    expect(other.version_id).not.toBe(first.version_id);
    expect(await listOf(first.id)).toHaveLength(2);
  });

  test('equal content in another file is another version', async () => {
    const one = await upserted(api, kind, { path: at('same in one') });
    const other = await upserted(api, kind, { path: at('same in another') });
    expect(other.version_id).not.toBe(one.version_id);
  });

  test('only the first version of a file is deployed by itself', async () => {
    const [first, second] = await versionsAt(api, kind, at('deployed'), 2);
    expect(first.environments).toMatchObject([{ name: 'production' }]);
    expect(second).toMatchObject({ id: first.id, environments: [], ...shown(2) });
    const url = `/${collection}/${first.id}`;
    const { body: byDefault } = await api.get(url);
    expect(byDefault).toMatchObject({ version_id: first.version_id, ...shown(1) });
    const { body: asked } = await api.get(`${url}?version_id=${second.version_id}`);
    expect(asked).toEqual(second);
    const { body: deployed } = await api.get(`${url}?environment=production`);
    expect(deployed).toEqual(byDefault);
  });

  test('of different first versions that race, one is deployed', async () => {
    const path = at('racing/first');
    const bodies = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((n) => upserted(api, kind, { path }, n)),
    );
    const versions = await listOf(bodies[0].id);
    expect(versions).toHaveLength(6);
    expect(versions.filter(({ environments }) => environments.length > 0)).toHaveLength(1);
  });

  test('all versions are in one list, newest first, each with where it is deployed', async () => {
    const [first, second, third] = await versionsAt(api, kind, at('list of versions'), 3);
    expect(await listOf(first.id)).toEqual([third, second, first]);
  });

  test.each([
    ['version_id=none', 'version_not_found'],
    ['environment=nowhere', 'environment_not_found'],
    ['environment=staging', 'nothing_deployed'],
  ])('a version that is not there is not found: %s', async (query, code) => {
    const { id } = await upserted(api, kind, { path: at('not there') });
    const answer = await api.get(`/${collection}/${id}?${query}`);
    expectRefusal(answer, 404);
    expect(answer.body.code).toBe(code);
  });

  test('a version of another file is not found', async () => {
    const one = await upserted(api, kind, { path: at('one of two') });
    const other = await upserted(api, kind, { path: at('other of two') });
    const url = `/${collection}/${one.id}`;
    expectRefusal(await api.get(`${url}?version_id=${other.version_id}`), 404);
    expectRefusal(await api.patch(`${url}/versions/${other.version_id}`, { name: 'x' }), 404);
    expectRefusal(await api.delete(`${url}/versions/${other.version_id}`), 404);
    const both = `version_id=${one.version_id}&environment=production`;
    expectRefusal(await api.get(`${url}?${both}`), 422, ['query']);
  });

  describe('the name of a version', () => {
    test('is its own among the versions of a file', async () => {
      const path = at('named');
      const first = await upserted(api, kind, { path, version_name: 'v1' });
      const clash = await api.post(`/${collection}`, {
        path,
        version_name: 'v1',
        ...definition(2),
      });
      expectRefusal(clash, 409);
      expect(clash.body.code).toBe('version_name_taken');
      expect(await listOf(first.id)).toHaveLength(1);
      const renamed = await upserted(api, kind, { path, version_name: 'first' });
      expect(renamed).toMatchObject({ version_id: first.version_id, version_name: 'first' });
      expect(await upserted(api, kind, { path, version_name: 'v1' }, 2)).toMatchObject(shown(2));
      const { body } = await api.get(`/${collection}?name=named`);
      expect(body.records[0]).toMatchObject({ version_name: 'first' });
    });

    test('may be that of a version of another file', async () => {
      await upserted(api, kind, { path: at('one name'), version_name: 'v1' });
      const other = await upserted(api, kind, { path: at('same name'), version_name: 'v1' });
      expect(other.version_name).toBe('v1');
    });

    test('can be changed, and so can its description; nothing else changes', async () => {
      const [one, two] = await versionsAt(api, kind, at('edited'), 2);
      const url = ({ version_id }: Body) => `/${collection}/${one.id}/versions/${version_id}`;
      const details = { name: 'v1', description: 'The first.' };
      const said = {
        version_name: 'v1',
        version_description: 'The first.',
        commit_message: 'The first.',
      };
      const { body: named } = await api.patch(url(one), details);
      const { updated_at } = named;
      expect(named).toEqual({ ...one, ...said, updated_at, last_used_at: updated_at });
      expect(updated_at > one.updated_at).toBe(true);
      const clash = await api.patch(url(two), { name: 'v1' });
      expectRefusal(clash, 409);
      expect(clash.body.code).toBe('version_name_taken');
      expect((await api.patch(url(one), { name: 'v1' })).body).toMatchObject(said);
      expect((await api.patch(url(one))).body).toMatchObject(said);
      expectRefusal(await api.patch(url(one), { name: '' }), 422, ['body', 'name']);
      expectRefusal(await api.patch(url({ version_id: 'none' }), { name: 'x' }), 404);
      expect((await api.get(`/${collection}/${one.id}`)).body).toMatchObject(said);
    });

    test('that many want at once goes to one of them', async () => {
      const versions = await versionsAt(api, kind, at('raced names'), 4);
      const answers = await Promise.all(
        versions.map(({ id, version_id }) =>
          api.patch(`/${collection}/${id}/versions/${version_id}`, { name: 'the one' }),
        ),
      );
      const codes = answers.map(({ statusCode }) => statusCode).toSorted();
      expect(codes).toEqual([200, 409, 409, 409]);
    });
  });

  describe('a version is deleted', () => {
    const remove = ({ id, version_id }: Body) =>
      api.delete(`/${collection}/${id}/versions/${version_id}`);

    test('unless it is deployed or the last', async () => {
      const [one, two] = await versionsAt(api, kind, at('versions/deleted'), 2);
      const deployed = await remove(one);
      expectRefusal(deployed, 409);
      expect(deployed.body.code).toBe('version_deployed');
      expect(await remove(two)).toMatchObject({ statusCode: 204, body: '' });
      expectRefusal(await remove(two), 404);
      expectRefusal(await api.get(`/${collection}/${one.id}?version_id=${two.version_id}`), 404);
      expect(await listOf(one.id)).toEqual([one]);
      const [environment] = one.environments;
      await api.delete(`/${collection}/${one.id}/environments/${environment.id}`);
      const last = await remove(one);
      expectRefusal(last, 409);
      expect(last.body.code).toBe('last_version');
    });

    test('and its content and its name can come again, as a new version', async () => {
      const path = at('versions/again');
      await upserted(api, kind, { path });
      const second = await upserted(api, kind, { path, version_name: 'v2' }, 2);
      await remove(second);
      const again = await upserted(api, kind, { path, version_name: 'v2' }, 2);
      expect(again.version_id).not.toBe(second.version_id);
      expect(again).toMatchObject({ version_name: 'v2', ...shown(2) });
    });

    test('and when two are deleted at once, one is left', async () => {
      const [one, two] = await versionsAt(api, kind, at('versions/raced'), 2);
      const [environment] = one.environments;
      await api.delete(`/${collection}/${one.id}/environments/${environment.id}`);
      const answers = await Promise.all([remove(one), remove(two)]);
      expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([204, 409]);
      expect(await listOf(one.id)).toHaveLength(1);
    });
  });
});
