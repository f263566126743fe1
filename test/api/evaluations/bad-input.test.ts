import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import { dataset, evaluator, posted, prompt } from '../../support/evaluated.ts';
import { sendKeyed } from '../../support/keyed-requests.ts';
import { addOrganization } from '../../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../../support/refusals.ts';

const api = await testApp();
type Body = Answer['body'];

const judge = await evaluator(api, 'Judge');
const questions = await dataset(api, 'Questions', 2);
const file = await prompt(api, 'Answer');
const request = { name: 'Taken', file: { id: file.id }, evaluators: [{ path: 'Judge' }] };
const evaluation: Body = await posted(api, '/evaluations', request);
const url = `/evaluations/${evaluation.id}`;
const run = await posted(api, `${url}/runs`);
const { id: logId } = await posted(api, '/prompts/log', { path: 'Answer', output: 'x' });

describe('a bad request is refused at its place, and nothing is written', () => {
  const evaluators = ['body', 'evaluators'];
  const many = (length: number, item: unknown) => Array.from({ length }, () => item);
  const none = { version_id: 'none' };
  test.each<[string, string, object, number, (string | number)[]?]>([
    ['no evaluators', '/evaluations', {}, 422, evaluators],
    ['evaluators null', '/evaluations', { evaluators: null }, 422, evaluators],
    ['evaluators no list', '/evaluations', { evaluators: {} }, 422, evaluators],
    ['51 evaluators', '/evaluations', { evaluators: many(51, none) }, 422, evaluators],
    ['an empty evaluator', '/evaluations', { evaluators: [{}] }, 422, [...evaluators, 0]],
    [
      'an evaluator without a name',
      '/evaluations',
      { evaluators: [{ path: 'Judge' }, { orchestrated: true }] },
      422,
      [...evaluators, 1],
    ],
    [
      'orchestrated as text',
      '/evaluations',
      { evaluators: [{ path: 'Judge', orchestrated: 'yes' }] },
      422,
      [...evaluators, 0, 'orchestrated'],
    ],
    ['an empty name', '/evaluations', { evaluators: [], name: '' }, 422, ['body', 'name']],
    ['a blank name', '/evaluations', { evaluators: [], name: '  ' }, 422, ['body', 'name']],
    [
      'a name of 256 characters',
      '/evaluations',
      { evaluators: [], name: 'x'.repeat(256) },
      422,
      ['body', 'name'],
    ],
    [
      'a prompt as evaluator',
      '/evaluations',
      { evaluators: [{ version_id: file.version_id }] },
      404,
    ],
    ['an empty file', '/evaluations', { evaluators: [], file: {} }, 422, ['body', 'file']],
    ['an unknown file', '/evaluations', { evaluators: [], file: { path: 'nowhere' } }, 404],
    [
      'a dataset as file',
      '/evaluations',
      { evaluators: [], file: { path: 'Questions' } },
      422,
      ['body', 'file'],
    ],
    [
      'the path of another file',
      '/evaluations',
      { evaluators: [], file: { id: file.id, path: 'Judge' } },
      422,
      ['body', 'file'],
    ],
    ['a dataset as version', `${url}/runs`, { version: { version_id: questions.version_id } }, 404],
    ['an evaluator as dataset', `${url}/runs`, { dataset: { version_id: judge.version_id } }, 404],
    ['a prompt as dataset', `${url}/runs`, { dataset: { path: 'Answer' } }, 404],
    ['an empty version', `${url}/runs`, { version: {} }, 422, ['body', 'version']],
    [
      'no datapoints',
      `${url}/runs`,
      { dataset: { path: 'Questions' }, datapoints: { ids: [] } },
      422,
      ['body', 'datapoints', 'ids'],
    ],
    [
      'a version of another file',
      `${url}/runs`,
      { version: { path: 'Judge' } },
      422,
      ['body', 'version'],
    ],
    ['orchestrated no boolean', `${url}/runs`, { orchestrated: 1 }, 422, ['body', 'orchestrated']],
    ['no logs', `${url}/runs/${run.id}/logs`, { log_ids: [] }, 422, ['body', 'log_ids']],
    ['logs no list', `${url}/runs/${run.id}/logs`, { log_ids: logId }, 422, ['body', 'log_ids']],
    [
      '10,001 logs',
      `${url}/runs/${run.id}/logs`,
      { log_ids: many(10_001, logId) },
      422,
      ['body', 'log_ids'],
    ],
    ['an unknown log', `${url}/runs/${run.id}/logs`, { log_ids: [logId, 'none'] }, 404],
    ['a retry of nothing', `${url}/runs/${run.id}/retry`, { what: 'none' }, 422, ['body', 'what']],
  ])('%s', async (_, address, body, status, ...locs) => {
    const before = await rowCounts(api);
    expectRefusal(await api.post(address, body), status, ...(locs as (string | number)[][]));
    expect(await rowCounts(api)).toEqual(before);
  });

  test.each([
    [{ control: 1 }, ['body', 'control']],
    [{ status: 'done' }, ['body', 'status']],
    [{ status: 'running' }, ['body', 'status']],
  ])('an update of a Run with %j', async (body, loc) => {
    expectRefusal(await api.patch(`${url}/runs/${run.id}`, body), 422, loc);
  });

  test.each([
    ['size=-1', 422],
    ['size=1001', 422],
    ['page=0', 422],
    ['size=0', 200],
    ['page=1000000', 200],
  ])('a list with %s', async (query, status) => {
    for (const list of [`/evaluations?file_id=${file.id}&`, `${url}/logs?`]) {
      const { statusCode, body } = await api.get(`${list}${query}`);
      expect(statusCode).toBe(status);
      if (status === 200) expect(body.records).toEqual([]);
    }
  });
});

test('another organization finds none of it', async () => {
  const { apiKey } = await addOrganization(api, 'the-key-of-the-others');
  const headers = { 'x-api-key': apiKey };
  const ofRun = `/v5${url}/runs/${run.id}`;
  const before = await rowCounts(api);
  for (const [method, address, body] of [
    ['GET', `/v5${url}`],
    ['DELETE', `/v5${url}`],
    ['POST', `/v5${url}/evaluators`, { evaluators: [] }],
    ['DELETE', `/v5${url}/evaluators/${judge.version_id}`],
    ['GET', `/v5${url}/runs`],
    ['POST', `/v5${url}/runs`, {}],
    ['POST', ofRun],
    ['PATCH', ofRun, { control: true }],
    ['DELETE', ofRun],
    ['POST', `${ofRun}/logs`, { log_ids: [logId] }],
    ['POST', `${ofRun}/retry`, {}],
    ['GET', `/v5${url}/logs`],
    ['GET', `/v5${url}/stats`],
    ['GET', `/v5/evaluations?file_id=${file.id}`],
    ['POST', '/v5/evaluations', { evaluators: [{ version_id: judge.version_id }] }],
    ['POST', '/v5/evaluations', { evaluators: [], file: { id: file.id } }],
  ] as const) {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await send(api, method, address, text, headers);
    expect(answer.statusCode, `${method} ${address}`).toBe(404);
  }
  const { id } = (await send(api, 'POST', '/v5/evaluations', '{"evaluators":[]}', headers)).body;
  for (const reference of [
    { dataset: { version_id: questions.version_id } },
    { version: { version_id: file.version_id } },
  ]) {
    const text = JSON.stringify(reference);
    expectRefusal(await send(api, 'POST', `/v5/evaluations/${id}/runs`, text, headers), 404);
  }
  const after = await rowCounts(api);
  expect({ ...after, evaluation: after['evaluation'] }).toEqual({
    ...before,
    evaluation: Number(before['evaluation']) + 1,
    file: after['file'],
    version: after['version'],
  });
});

test('a request with an Idempotency-Key has one effect and one answer', async () => {
  const create = () => sendKeyed(api, 'create', 'POST', '/evaluations', { ...request, name: 'K' });
  const [first, again] = [await create(), await create()];
  expect(first.statusCode).toBe(201);
  expect(again).toMatchObject({ statusCode: 201, body: first.body });
  const runs = () =>
    sendKeyed(api, 'run', 'POST', `/evaluations/${first.body.id}/runs`, {
      dataset: { path: 'Questions' },
    });
  expect((await runs()).body).toEqual((await runs()).body);
  expect((await api.get(`/evaluations/${first.body.id}`)).body.runs_count).toBe(1);
  const taken = () => sendKeyed(api, 'taken', 'POST', '/evaluations', request);
  for (const { statusCode, body } of [await taken(), await taken()]) {
    expect(statusCode).toBe(409);
    expect(body).toMatchObject({ evaluation_id: evaluation.id });
  }
});

test('the root directory can be asked for by its name', async () => {
  const { statusCode, body } = await api.get('/directories/root');
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ parent_id: null, path: '', files: expect.any(Array) });
});

test('a log of a tool may name a Run', async () => {
  const tool = await posted(api, '/tools', {
    path: 'Tool',
    function: { name: 'f', description: 'x' },
  });
  const ofTool = await posted(api, '/evaluations', { file: { id: tool.id }, evaluators: [] });
  const its = `/evaluations/${ofTool.id}`;
  const { id: runId } = await posted(api, `${its}/runs`);
  const log = await posted(api, '/tools/log', { id: tool.id, output: '1', run_id: runId });
  const { body } = await api.get(`${its}/logs`);
  expect(body.records.map((record: Body) => [record.run_id, record.log.id])).toEqual([
    [runId, log.id],
  ]);
  const unknown = await api.post('/tools/log', { id: tool.id, output: '1', run_id: 'run_none' });
  expectRefusal(unknown, 404);
});
