import { describe, expect, test } from 'vitest';
import { newId } from '../../../src/kernel/ids.ts';
import { type Answer, testApp } from '../../support/app.ts';
import { kinds, upserted, versionsAt } from '../../support/kinds.ts';
import { expectRefusal, rowCounts } from '../../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

/** Adds an environment whose name is the id of another. */
async function addEnvironment(name: string) {
  const { db } = api.database;
  const own = { organization_id: api.workspace.organizationId, id: newId('env') };
  await db
    .insertInto('environment')
    .values({ ...own, name, tag: 'other' })
    .execute();
  const remove = () => db.deleteFrom('environment').where('id', '=', own.id).execute();
  return { name, remove };
}

describe.each(kinds)('/v5/$collection', (kind) => {
  const { type, collection, shown } = kind;
  const at = (path: string) => `${collection}/${path}`;

  const environmentsOf = async (id: string): Promise<Body[]> =>
    (await api.get(`/${collection}/${id}/environments`)).body;

  const idOf = async (file: Body, environment: string): Promise<string> =>
    (await environmentsOf(file.id)).find(({ name }) => name === environment).id;

  const deploy = (file: string, environment: string, version: string) =>
    api.post(`/${collection}/${file}/environments/${environment}?version_id=${version}`);

  test('deploying a version makes it what its environment means', async () => {
    const [one, two] = await versionsAt(api, kind, at('deploy/two'), 2);
    const production = await idOf(one, 'production');
    const deployed = await deploy(one.id, production, two.version_id);
    expect(deployed).toMatchObject({
      statusCode: 200,
      body: {
        version_id: two.version_id,
        environments: [{ id: production, name: 'production', tag: 'default' }],
        ...shown(2),
      },
    });
    const url = `/${collection}/${one.id}`;
    expect((await api.get(url)).body).toEqual(deployed.body);
    expect((await api.get(`${url}?environment=production`)).body).toEqual(deployed.body);
    const { body: old } = await api.get(`${url}?version_id=${one.version_id}`);
    expect(old.environments).toEqual([]);
  });

  test('a version may be deployed to several environments, and again to the same', async () => {
    const file = await upserted(api, kind, { path: at('deploy/several') });
    const staging = await idOf(file, 'staging');
    for (let times = 1; times <= 2; times++) {
      const { body } = await deploy(file.id, staging, file.version_id);
      expect(body.environments).toMatchObject([{ name: 'production' }, { name: 'staging' }]);
    }
  });

  test('every environment is listed, with the file where something is deployed', async () => {
    const [one, two] = await versionsAt(api, kind, at('deploy/listed'), 2);
    await deploy(one.id, await idOf(one, 'staging'), two.version_id);
    const body = await environmentsOf(one.id);
    expect(body).toMatchObject([
      { name: 'production', tag: 'default', file: { version_id: one.version_id, type } },
      { name: 'staging', tag: 'other', file: { version_id: two.version_id, type } },
      { name: 'development', tag: 'other' },
    ]);
    expect(body[2]).not.toHaveProperty('file');
    expect(body[0].file).toEqual((await api.get(`/${collection}/${one.id}`)).body);
  });

  test('without a deployment a file shows its newest version', async () => {
    const [one, two] = await versionsAt(api, kind, at('deploy/removed'), 2);
    const url = `/${collection}/${one.id}/environments/${await idOf(one, 'production')}`;
    expect(await api.delete(url)).toMatchObject({ statusCode: 204, body: '' });
    expect((await api.get(`/${collection}/${one.id}`)).body.version_id).toBe(two.version_id);
    const { body: list } = await api.get(`/${collection}?name=removed`);
    expect(list.records).toMatchObject([{ version_id: two.version_id, environments: [] }]);
    const again = await api.delete(url);
    expectRefusal(again, 404);
    expect(again.body.code).toBe('not_deployed');
    expectRefusal(await api.get(`/${collection}/${one.id}?environment=production`), 404);
  });

  test('an environment is named by its name as well as by its id; an id goes before a name', async () => {
    const [one, two] = await versionsAt(api, kind, at('deploy/named'), 2);
    const deployed = await deploy(one.id, 'staging', two.version_id);
    expect(deployed).toMatchObject({
      statusCode: 200,
      body: { version_id: two.version_id, environments: [{ name: 'staging' }] },
    });
    const url = `/${collection}/${one.id}`;
    expect((await api.get(`${url}?environment=staging`)).body).toEqual(deployed.body);
    const { statusCode } = await api.delete(`${url}/environments/%C2%A0staging`);
    expect(statusCode).toBe(204);
    expectRefusal(await api.get(`${url}?environment=staging`), 404);

    const misnamed = await addEnvironment(await idOf(one, 'development'));
    const { body } = await deploy(one.id, misnamed.name, two.version_id);
    expect(body.environments).toMatchObject([{ id: misnamed.name, name: 'development' }]);
    await misnamed.remove();
  });

  test('deploying what is not there is refused', async () => {
    const one = await upserted(api, kind, { path: at('deploy/nowhere') });
    const other = await upserted(api, kind, { path: at('deploy/other') });
    const staging = await idOf(one, 'staging');
    const before = await rowCounts(api);
    const cases = [
      [await deploy('none', staging, one.version_id), 'file_not_found'],
      [await deploy(one.id, 'env_none', one.version_id), 'environment_not_found'],
      [await deploy(one.id, 'Staging', one.version_id), 'environment_not_found'],
      [await deploy(one.id, staging, other.version_id), 'version_not_found'],
    ] as const;
    for (const [answer, code] of cases) {
      expectRefusal(answer, 404);
      expect(answer.body.code).toBe(code);
    }
    const unnamed = await api.post(`/${collection}/${one.id}/environments/${staging}`);
    expectRefusal(unnamed, 422, ['query', 'version_id']);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('what is expected to be there is replaced, and nothing else', async () => {
    const [one, two, three] = await versionsAt(api, kind, at('deploy/expected'), 3);
    const ask = (version: string, expected: string) =>
      api.post(
        `/${collection}/${one.id}/environments/staging?version_id=${version}&expected_version_id=${expected}`,
      );
    expect((await ask(one.version_id, 'none')).statusCode).toBe(200);
    expect((await ask(two.version_id, one.version_id)).statusCode).toBe(200);
    for (const expected of ['none', one.version_id, 'unknown']) {
      const refused = await ask(three.version_id, expected);
      expectRefusal(refused, 409);
      expect(refused.body).toMatchObject({
        code: 'deployment_changed',
        detail: `Version \`${two.version_id}\` is deployed to \`staging\` now, which is not what this request expects. Nothing was changed.`,
      });
      // Asked again, because the answer was lost: what is wanted is there.
      expect((await ask(two.version_id, expected)).statusCode).toBe(200);
    }
    const remove = (expected: string) =>
      api.delete(`/${collection}/${one.id}/environments/staging?expected_version_id=${expected}`);
    for (const expected of ['none', one.version_id]) {
      const refused = await remove(expected);
      expectRefusal(refused, 409);
      expect(refused.body.code).toBe('deployment_changed');
    }
    expect((await remove(two.version_id)).statusCode).toBe(204);
    expectRefusal(await remove('none'), 404);
    const empty = await ask(two.version_id, one.version_id);
    expectRefusal(empty, 409);
    expect(empty.body.detail).toMatch(/^No version is deployed to `staging` now/);
    expectRefusal(await ask(two.version_id, ''), 422, ['query', 'expected_version_id']);
  });

  test('of those who expect the same at once, one is the first', async () => {
    const versions = await versionsAt(api, kind, at('deploy/at-once'), 4);
    const [{ id, version_id: there }, ...others] = versions;
    for (const expected of ['none', there]) {
      if (expected === there) await deploy(id, 'staging', there);
      const answers = await Promise.all(
        others.map(({ version_id }) =>
          api.post(
            `/${collection}/${id}/environments/staging?version_id=${version_id}&expected_version_id=${expected}`,
          ),
        ),
      );
      expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409, 409]);
      const first = answers.find(({ statusCode }) => statusCode === 200)?.body.version_id;
      for (const { statusCode, body } of answers) {
        if (statusCode === 409) expect(body.detail).toContain(first);
      }
      expect((await api.get(`/${collection}/${id}?environment=staging`)).body.version_id).toBe(
        first,
      );
    }
  });

  test('of versions that race to one environment, one is there in the end', async () => {
    const versions = await versionsAt(api, kind, at('deploy/raced'), 4);
    const [{ id }] = versions;
    const staging = await idOf(versions[0], 'staging');
    const answers = await Promise.all(
      versions.map(({ version_id }) => deploy(id, staging, version_id)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    const { body } = await api.get(`/${collection}/${id}/versions`);
    const there = body.records.filter(({ environments }: Body) =>
      environments.some(({ name }: { name: string }) => name === 'staging'),
    );
    expect(there).toHaveLength(1);
  });
});
