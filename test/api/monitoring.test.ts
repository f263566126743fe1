import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../support/app.ts';
import { kinds, upserted } from '../support/kinds.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

const spec = (n: number, more: object = {}) => ({
  evaluator_type: 'external',
  arguments_type: 'target_free',
  return_type: 'boolean',
  attributes: { n },
  ...more,
});

let count = 0;

/** A version of an evaluator; of a new one, if no path is given. */
async function evaluator(path = `evaluator ${++count}`, more: object = {}): Promise<Body> {
  const answer = await api.post('/evaluators', { path, spec: spec(++count, more) });
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

const pinned = ({ version_id }: Body) => ({ evaluator_version_id: version_id });
const follow = ({ id }: Body, environment: Body) => ({
  evaluator_id: id,
  environment_id: environment.id,
});

const { id: any } = await evaluator();
const [production, staging] = (await api.get(`/evaluators/${any}/environments`)).body;

const deploy = (file: Body, environment: Body, { version_id }: Body) =>
  api.post(`/evaluators/${file.id}/environments/${environment.id}?version_id=${version_id}`);

describe.each(kinds.filter(({ hasLogs }) => hasLogs))('/v5/$collection/{id}/evaluators', (kind) => {
  const { type, collection } = kind;
  const fileAt = (name: string) => upserted(api, kind, { path: `${type}/${name}` });
  const update = ({ id }: Body, body: unknown) => api.post(`/${collection}/${id}/evaluators`, body);
  const monitored = async (file: Body, body: unknown): Promise<Body[]> => {
    const answer = await update(file, body);
    expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
    return answer.body.evaluators;
  };
  const evaluatorsOf = async ({ id }: Body): Promise<Body[]> =>
    (await api.get(`/${collection}/${id}`)).body.evaluators;

  test('takes the name of an environment for its id', async () => {
    const file = await fileAt('named');
    const one = await evaluator();
    await deploy(one, staging, one);
    const byName = { evaluator_id: one.id, environment_id: 'staging' };
    expect(await monitored(file, { activate: [byName] })).toMatchObject([
      { version_reference: { type: 'environment', environment: { id: staging.id } } },
    ]);
    expect(await monitored(file, { deactivate: [byName] })).toMatchObject([{ state: 'inactive' }]);
  });

  test('activates a version of an evaluator, and answers the file with it', async () => {
    const file = await fileAt('activated');
    const one = await evaluator();
    const { body } = await update(file, { activate: [pinned(one)] });
    expect(body).toMatchObject({ id: file.id, version_id: file.version_id, type });
    expect(body.evaluators).toMatchObject([
      {
        version_reference: { type: 'version', version: { version_id: one.version_id } },
        version: { id: one.id, version_id: one.version_id, spec: one.spec },
        state: 'active',
      },
    ]);
    expect(await evaluatorsOf(file)).toEqual(body.evaluators);
    const { body: list } = await api.get(`/${collection}?name=activated`);
    expect(list.records[0].evaluators).toEqual(body.evaluators);
    const { body: versions } = await api.get(`/${collection}/${file.id}/versions`);
    expect(versions.records[0].evaluators).toEqual(body.evaluators);
  });

  test('is idempotent, and leaves a deactivated evaluator in the list', async () => {
    const file = await fileAt('idempotent');
    const [one, two] = [await evaluator(), await evaluator()];
    const first = await monitored(file, { activate: [pinned(one), pinned(two), pinned(one)] });
    expect(first.map(({ version }) => version.id)).toEqual([one.id, two.id]);
    expect(await monitored(file, { activate: [pinned(one)] })).toEqual(first);
    expect(await monitored(file, {})).toEqual(first);
    const off = await monitored(file, { deactivate: [pinned(one)] });
    expect(off.map(({ state }) => state)).toEqual(['inactive', 'active']);
    expect(off[0].updated_at > off[0].created_at).toBe(true);
    expect(off[1]).toEqual(first[1]);
    expect(await monitored(file, { deactivate: [pinned(one)] })).toEqual(off);
    const on = await monitored(file, { activate: [pinned(one)], deactivate: null });
    expect(on.map(({ state }) => state)).toEqual(['active', 'active']);
    expect(on[0].created_at).toBe(first[0].created_at);
  });

  test('does nothing for a deactivation of what is not active', async () => {
    const file = await fileAt('never active');
    const one = await evaluator();
    expect(await monitored(file, { deactivate: [pinned(one), follow(one, staging)] })).toEqual([]);
  });

  test('that names an evaluator in both lists activates it', async () => {
    const file = await fileAt('both lists');
    const both = [pinned(await evaluator())];
    expect(await monitored(file, { activate: both, deactivate: both })).toMatchObject([
      { state: 'active' },
    ]);
  });

  test('with an environment follows what is deployed there', async () => {
    const file = await fileAt('follows');
    const one = await evaluator('follows');
    const two = await evaluator(one.path);
    const reference = {
      type: 'environment',
      file: { id: one.id },
      environment: { id: staging.id, name: 'staging' },
    };
    const [before] = await monitored(file, { activate: [follow(one, staging)] });
    expect(before).toMatchObject({ version_reference: reference, version: null, state: 'active' });
    for (const version of [two, one]) {
      await deploy(one, staging, version);
      const [now] = await evaluatorsOf(file);
      expect(now).toMatchObject({
        version_reference: { ...reference, file: { version_id: version.version_id } },
        version: { version_id: version.version_id },
      });
    }
    await api.delete(`/evaluators/${one.id}/environments/${staging.id}`);
    expect(await evaluatorsOf(file)).toMatchObject([{ version: null, state: 'active' }]);
  });

  test('tells a version, and each environment, of one evaluator apart', async () => {
    const file = await fileAt('apart');
    const one = await evaluator();
    const ways = [pinned(one), follow(one, production), follow(one, staging)];
    expect(await monitored(file, { activate: ways })).toHaveLength(3);
    const off = await monitored(file, { deactivate: [follow(one, production)] });
    expect(off.map(({ state }) => state)).toEqual(['active', 'inactive', 'active']);
  });

  test('refuses what is not there, and changes nothing then', async () => {
    const file = await fileAt('refused');
    const one = await evaluator();
    const before = await rowCounts(api);
    for (const list of ['activate', 'deactivate']) {
      const cases = [
        [{ evaluator_version_id: 'evv_none' }, 'version_not_found'],
        [{ evaluator_id: 'ev_none', environment_id: staging.id }, 'file_not_found'],
        [{ evaluator_id: one.id, environment_id: 'env_none' }, 'environment_not_found'],
        [{ evaluator_id: one.version_id, environment_id: staging.id }, 'file_not_found'],
      ] as const;
      for (const [item, code] of cases) {
        const answer = await update(file, { activate: [pinned(one)], [list]: [pinned(one), item] });
        expectRefusal(answer, 404);
        expect(answer.body.code).toBe(code);
      }
      const shapes = [{}, { evaluator_id: one.id }, { environment_id: staging.id }, 'x', null];
      for (const item of shapes) {
        const answer = await update(file, { [list]: [pinned(one), item] });
        expectRefusal(answer, 422);
        expect(answer.body.detail[0].loc.slice(0, 3)).toEqual(['body', list, 1]);
      }
    }
    expectRefusal(await update({ id: 'none' }, { activate: [pinned(one)] }), 404);
    expect(await rowCounts(api)).toEqual(before);
    expect(await evaluatorsOf(file)).toEqual([]);
  });

  test('takes only evaluators', async () => {
    const file = await fileAt('only evaluators');
    const before = await rowCounts(api);
    for (const other of kinds.filter((candidate) => candidate.type !== 'evaluator')) {
      const { id, version_id } = await upserted(api, other, { path: `watching ${other.type}` });
      const counted = await rowCounts(api);
      expectRefusal(await update(file, { activate: [{ evaluator_version_id: version_id }] }), 404);
      expectRefusal(await update(file, { activate: [follow({ id }, production)] }), 404);
      expect(await rowCounts(api)).toEqual(counted);
    }
    expect((await rowCounts(api))['monitoring_evaluator']).toBe(before['monitoring_evaluator']);
  });

  test('refuses an evaluator that needs a target, which a log has not', async () => {
    const file = await fileAt('target');
    const one = await evaluator(undefined, { arguments_type: 'target_required' });
    const fine = await evaluator();
    for (const item of [pinned(one), follow(one, production)]) {
      const answer = await update(file, { activate: [pinned(fine), item] });
      expectRefusal(answer, 422, ['body', 'activate', 1]);
    }
    expect(await evaluatorsOf(file)).toEqual([]);
    expect(await monitored(file, { deactivate: [pinned(one)] })).toEqual([]);
  });

  test('lists no evaluator that was deleted, and no version that was', async () => {
    const file = await fileAt('deleted');
    const [one, two] = [await evaluator(), await evaluator()];
    const second = await evaluator(two.path);
    await monitored(file, { activate: [pinned(one), pinned(second), follow(two, production)] });
    await api.delete(`/evaluators/${one.id}`);
    await api.delete(`/evaluators/${two.id}/versions/${second.version_id}`);
    expect(await evaluatorsOf(file)).toMatchObject([{ version: { version_id: two.version_id } }]);
    expectRefusal(await update(file, { activate: [pinned(one)] }), 404);
    expectRefusal(await update(file, { activate: [follow(one, production)] }), 404);
    expectRefusal(await update(file, { deactivate: [pinned(second)] }), 404);
  });

  test('of which many come at once has each evaluator once', async () => {
    const file = await fileAt('raced');
    const some = [await evaluator(), await evaluator(), await evaluator()].map(pinned);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        update(file, { activate: n % 2 === 0 ? some : some.toReversed() }),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
    expect(await evaluatorsOf(file)).toHaveLength(3);
    const toggled = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        update(file, { [n % 2 === 0 ? 'activate' : 'deactivate']: some }),
      ),
    );
    expect(toggled.map(({ statusCode }) => statusCode)).toEqual(toggled.map(() => 200));
    const states = (await evaluatorsOf(file)).map(({ state }) => state);
    expect(new Set(states).size).toBe(1);
  });
});

test('an evaluator can watch another one, but not itself', async () => {
  const [one, other] = [await evaluator(), await evaluator()];
  const update = (body: unknown) => api.post(`/evaluators/${one.id}/evaluators`, body);
  const answer = await update({ activate: [pinned(other)] });
  expect(answer.body.evaluators).toMatchObject([{ version: { id: other.id } }]);
  for (const item of [pinned(one), follow(one, staging)]) {
    expectRefusal(await update({ activate: [item] }), 422, ['body', 'activate', 0]);
  }
});

test('a dataset has no logs, so nothing can watch them', async () => {
  const { body: dataset } = await api.post('/datasets', { path: 'dataset', datapoints: [] });
  const answer = await api.post(`/datasets/${dataset.id}/evaluators`, {});
  expect(answer).toMatchObject({ statusCode: 404, body: { code: 'route_not_found' } });
});

test('another organization’s evaluators, environments and files are not there', async () => {
  const { apiKey } = await addOrganization(api, 'a-key-of-others');
  const asThem = (url: string, body: object) =>
    send(api, 'POST', `/v5${url}`, JSON.stringify(body), { 'x-api-key': apiKey });
  const theirs = (await asThem('/evaluators', { path: 'theirs', spec: spec(1) })).body;
  const [their] = theirs.environments;
  const ours = await evaluator();
  const file = (await api.post('/flows', { path: 'ours', attributes: {} })).body;
  const url = `/flows/${file.id}/evaluators`;
  const before = await rowCounts(api);
  for (const item of [pinned(theirs), follow(theirs, production), follow(ours, their)]) {
    expectRefusal(await api.post(url, { activate: [item] }), 404);
  }
  expectRefusal(await asThem(url, { activate: [pinned(theirs)] }), 404);
  expect(await rowCounts(api)).toEqual(before);
});
