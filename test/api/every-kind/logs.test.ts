import { describe, expect, test } from 'vitest';
import { testApp } from '../../support/app.ts';
import { kinds, upserted, versionsAt } from '../../support/kinds.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

/** What an evaluator needs to have something to judge; others pass it over. */
const { body: judged } = await api.post('/agents/log', { path: 'judged', agent: { model: 'm' } });
const about = { parent_id: judged.id };

describe.each(kinds.filter(({ hasLogs }) => hasLogs))('/v5/$collection/log', (kind) => {
  const { type, collection, shown } = kind;
  const log = (body: object, query = '') =>
    api.post(`/${collection}/log${query}`, { ...about, ...body });

  test('is of the version deployed by default, unless it says which', async () => {
    const [one, two] = await versionsAt(api, kind, `${type}/chosen`, 2);
    const { id } = one;
    expect((await log({ id })).body.version_id).toBe(one.version_id);
    expect((await log({ path: `${type}/chosen` })).body.version_id).toBe(one.version_id);
    const query = `?version_id=${two.version_id}`;
    expect((await log({ id }, query)).body.version_id).toBe(two.version_id);
    const deployed = await log({ id }, '?environment=production');
    expect(deployed.body.version_id).toBe(one.version_id);
    const { body } = await api.get(`/logs/${deployed.body.id}`);
    expect(body).toMatchObject({
      environment: 'production',
      [type]: { version_id: one.version_id, ...shown(1) },
    });
    const inBody = await log({ id, environment: 'a label' }, query);
    expect((await api.get(`/logs/${inBody.body.id}`)).body.environment).toBe('a label');
  });

  test('must say which version it is of when none is deployed', async () => {
    const file = await upserted(api, kind, { path: `${type}/not deployed` });
    const [environment] = file.environments;
    await api.delete(`/${collection}/${file.id}/environments/${environment.id}`);
    const refused = await log({ id: file.id });
    expectRefusal(refused, 404);
    expect(refused.body.code).toBe('nothing_deployed');
    const { body } = await log({ id: file.id }, `?version_id=${file.version_id}`);
    expect(body.version_id).toBe(file.version_id);
  });

  test('shows its version as deleted when that is deleted', async () => {
    const [one, two] = await versionsAt(api, kind, `${type}/version deleted`, 2);
    const { body: made } = await log({ id: one.id }, `?version_id=${two.version_id}`);
    await api.delete(`/${collection}/${one.id}/versions/${two.version_id}`);
    const { body } = await api.get(`/logs/${made.id}`);
    const { version_id } = two;
    expect(body[type]).toMatchObject({ version_id, status: 'deleted', ...shown(2) });
  });

  test('is gone when its file is deleted', async () => {
    const { id } = await upserted(api, kind, { path: `${type}/deleted` });
    const { body: made } = await log({ id });
    expect((await api.get(`/logs/${made.id}`)).statusCode).toBe(200);
    await api.delete(`/${collection}/${id}`);
    expectRefusal(await api.get(`/logs/${made.id}`), 404);
    expectRefusal(await api.get(`/logs?file_id=${id}`), 404);
    expectRefusal(await log({ id }), 404);
  });

  test('with a `log_id` of its own is made once, however often it is sent', async () => {
    const { id } = await upserted(api, kind, { path: `${type}/repeated` });
    const request = { id, log_id: `${type}-once`, output: 'x' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => log(request)));
    for (const { statusCode, body } of answers) {
      expect(statusCode).toBe(200);
      expect(body).toEqual({ ...answers[0]?.body, id: `${type}-once` });
    }
    const other = await log({ ...request, output: 'y' });
    expectRefusal(other, 409);
    expect(other.body.code).toBe('log_id_taken');
  });

  test('can be read under whatever `log_id` was taken', async () => {
    const { id } = await upserted(api, kind, { path: `${type}/addressed` });
    for (const odd of ['...', '.a', 'a.', '..a', '-', '~', '@', '+', ':', 'a:1@b+c~d', 'a..b']) {
      const log_id = type + odd;
      for (const chosen of type === 'agent' ? [odd, log_id] : [log_id]) {
        expect((await log({ id, log_id: chosen })).body.id).toBe(chosen);
        expect((await api.get(`/logs/${chosen}`)).body.id).toBe(chosen);
        expect((await api.delete(`/logs?id=${encodeURIComponent(chosen)}`)).statusCode).toBe(204);
      }
    }
  });

  test.each(['.', '..'])(
    'cannot have the `log_id` %s, which is lost from addresses',
    async (dots) => {
      const { id } = await upserted(api, kind, { path: `${type}/dots` });
      const refused = await log({ id, log_id: dots });
      expectRefusal(refused, 422, ['body', 'log_id']);
      expect(refused.body.detail[0].msg).toBe(
        'Must not be `.` or `..`: clients remove these from URLs, so the log could not be read',
      );
    },
  );

  test('that names what is not there is refused', async () => {
    const { id } = await upserted(api, kind, { path: `${type}/refused` });
    expectRefusal(await log({}), 422, ['body']);
    expectRefusal(await log({ id: 'none' }), 404);
    expectRefusal(await log({ path: `${type}/never` }), 404);
    expectRefusal(await log({ id, trace_parent_id: 'log_none' }), 404);
    for (const other of kinds.filter(({ type: another }) => another !== type)) {
      const path = `${type}/taken by ${other.type}`;
      const file = await upserted(api, other, { path });
      expectRefusal(await log({ id: file.id }), 404);
      expectRefusal(await log({ path }), 409);
    }
  });
});
