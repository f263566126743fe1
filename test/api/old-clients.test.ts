import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../support/app.ts';
import { kinds, upserted, versionsAt } from '../support/kinds.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp();

type Body = Answer['body'];

const get = async (id: string): Promise<Body> => (await api.get(`/logs/${id}`)).body;

/** Records a run of a flow, as the Python SDK up to 0.8.23 does. */
async function flowLog(fields: object): Promise<Body> {
  const flow = { attributes: { version: 1 } };
  const answer = await api.post('/flows/log', { path: 'old/flow', flow, ...fields });
  expect(answer.statusCode, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

describe('`trace_status`, up to Python SDK 0.8.23', () => {
  test('is `log_status`, in requests and in answers', async () => {
    const { id, ...made } = await flowLog({ inputs: { a: 1 }, trace_status: 'incomplete' });
    const open = { log_status: 'incomplete', trace_status: 'incomplete' };
    expect(made).toMatchObject(open);
    expect(await get(id)).toMatchObject(open);
    const closed = { log_status: 'complete', trace_status: 'complete' };
    const update = { output: 'Done.', trace_status: 'complete' };
    const { body } = await api.patch(`/flows/logs/${id}`, update);
    expect(body).toMatchObject({ output: 'Done.', end_time: expect.any(String), ...closed });
    const { body: list } = await api.get(`/logs?file_id=${body.flow.id}`);
    expect(list.records).toMatchObject([{ id, ...closed }]);
    const reopened = await api.patch(`/flows/logs/${id}`, { trace_status: 'incomplete' });
    expectRefusal(reopened, 409);
  });

  test('may stand beside `log_status`, as long as they do not say different things', async () => {
    const same = { log_status: 'incomplete', trace_status: 'incomplete' };
    const { id } = await flowLog({ inputs: { a: 1 }, ...same });
    for (const half of [{ log_status: null }, { trace_status: null }]) {
      const { body } = await api.patch(`/flows/logs/${id}`, { ...same, ...half });
      expect(body).toMatchObject(same);
    }
    const before = await rowCounts(api);
    const both = { log_status: 'incomplete', trace_status: 'complete' };
    const refused = [
      await api.patch(`/flows/logs/${id}`, both),
      await api.post('/flows/log', { path: 'old/never', flow: { attributes: {} }, ...both }),
      await api.post('/agents/call', { path: 'old/never', agent: { model: 'm' }, ...both }),
    ];
    for (const answer of refused) expectRefusal(answer, 422, ['body', 'trace_status']);
    const wrong = await api.patch(`/flows/logs/${id}`, { trace_status: 'done' });
    expectRefusal(wrong, 422, ['body', 'trace_status']);
    expect(await rowCounts(api)).toEqual(before);
  });

  test('makes a request with a `log_id` the same as one with the name of today', async () => {
    const log = { log_id: 'old-and-new', inputs: { a: 1 } };
    const one = await flowLog({ ...log, trace_status: 'incomplete' });
    expect(await flowLog({ ...log, log_status: 'incomplete' })).toEqual(one);
  });
});

describe('`log_status` of any log, up to Python SDK 0.8.38', () => {
  test.each(kinds.filter(({ hasLogs }) => hasLogs))('is kept: $type', async (kind) => {
    const { id: parent_id } = await flowLog({});
    const { id } = await upserted(api, kind, { path: `old/logged ${kind.type}` });
    const log = { id, parent_id, inputs: { a: 1 }, output: 'Yes.', log_status: 'incomplete' };
    const { body } = await api.post(`/${kind.collection}/log`, log);
    expect(await get(body.id)).toMatchObject({ log_status: 'incomplete' });
    if (kind.type === 'evaluator') return;
    const url = kind.type === 'flow' ? `/flows/logs/${body.id}` : undefined;
    await api.patch(url ?? `/${kind.collection}/${id}/log/${body.id}`, { log_status: 'complete' });
    expect(await get(body.id)).toMatchObject({ log_status: 'complete' });
  });
});

test('times of a log may be numbers, as the decorators up to Python SDK 0.8.23 send them', async () => {
  const { id } = await flowLog({ start_time: 1_777_636_800.25, end_time: 1_777_636_801 });
  expect(await get(id)).toMatchObject({
    start_time: '2026-05-01T12:00:00.250000Z',
    end_time: '2026-05-01T12:00:01.000000Z',
    provider_latency: 0.75,
  });
  for (const start_time of [-1, 1e15, true]) {
    const flow = { path: 'old/never', flow: { attributes: {} }, start_time };
    expectRefusal(await api.post('/flows/log', flow), 422, ['body', 'start_time']);
  }
});

describe.each(kinds)('versions of /v5/$collection, up to Python SDK 0.8.23', (kind) => {
  const { type, collection } = kind;

  test('are described by a commit message, when they are stored', async () => {
    const path = `old/committed ${type}`;
    const file = await upserted(api, kind, { path, commit_message: 'The first.' });
    const said = { version_description: 'The first.', commit_message: 'The first.' };
    expect(file).toMatchObject({ status: 'committed', ...said });
    expect((await api.get(`/${collection}/${file.id}`)).body).toMatchObject(said);
    const both = { version_description: 'One thing.', commit_message: 'Another.' };
    const refused = await api.post(`/${collection}`, { path, ...kind.definition(2), ...both });
    expectRefusal(refused, 422, ['body', 'commit_message']);
  });

  test('are described by a commit message later, too', async () => {
    const [one, two] = await versionsAt(api, kind, `old/later ${type}`, 2);
    const url = `/${collection}/${one.id}/versions/${two.version_id}/commit`;
    const said = { version_description: 'Better.', commit_message: 'Better.' };
    const { statusCode, body } = await api.post(url, { commit_message: 'Better.' });
    expect({ statusCode, body }).toMatchObject({
      statusCode: 200,
      body: { id: one.id, version_id: two.version_id, status: 'committed', ...said },
    });
    expect((await api.post(url, { commit_message: 'Best.' })).body.commit_message).toBe('Best.');
    const none = await api.post(`/${collection}/${one.id}/versions/none/commit`, {
      commit_message: 'Nothing.',
    });
    expectRefusal(none, 404);
    expectRefusal(await api.post(url, {}), 422, ['body', 'commit_message']);
  });

  test('are listed by their status: all are committed', async () => {
    const [one] = await versionsAt(api, kind, `old/listed ${type}`, 2);
    const url = `/${collection}/${one.id}/versions`;
    const listed = async (status: string) =>
      (await api.get(`${url}?status=${status}`)).body.records.length;
    expect([await listed('committed'), await listed('uncommitted')]).toEqual([2, 0]);
    expectRefusal(await api.get(`${url}?status=lost`), 422, ['query', 'status']);
  });
});

test('the document has the names and routes of old clients, marked as deprecated', async () => {
  const { body: document } = await send(api, 'GET', '/openapi.json');
  const commit = document.paths['/v5/prompts/{id}/versions/{version_id}/commit'].post;
  expect(commit).toMatchObject({ deprecated: true });
  const { properties } =
    document.paths['/v5/flows/log'].post.requestBody.content['application/json'].schema;
  expect(properties.trace_status).toMatchObject({ deprecated: true });
  const { schemas } = document.components;
  expect(schemas.FlowLogResponse.properties.trace_status).toMatchObject({ deprecated: true });
  expect(schemas.PromptResponse.properties.commit_message).toMatchObject({ deprecated: true });
});
