import { describe, expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import { evaluator, posted, prompt, saying } from '../../support/evaluated.ts';
import { addOrganization } from '../../support/organizations.ts';
import { expectRefusal, send } from '../../support/refusals.ts';

const api = await testApp();
const polite = await evaluator(api, 'Polite');
const short = await evaluator(api, 'Short');

const idsIn = (body: Answer['body']) =>
  body.evaluators.map(({ version }: Answer['body']) => version.version_id);

describe('a new Evaluation', () => {
  test('shows every field, its evaluators whole', async () => {
    const file = await prompt(api, 'fields');
    const { statusCode, body } = await api.post('/evaluations', {
      name: ' Politeness ',
      file: { path: 'fields' },
      evaluators: [{ path: 'Polite' }, { version_id: short.version_id }],
    });
    expect(statusCode).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^evr_/),
      name: 'Politeness',
      file_id: file.id,
      runs_count: 0,
      status: 'pending',
      evaluators: [polite, short].map((version) => ({
        version: expect.objectContaining({
          id: version.id,
          path: version.path,
          version_id: version.version_id,
          type: 'evaluator',
          spec: version.spec,
          status: 'committed',
        }),
        orchestrated: false,
        added_at: expect.stringMatching(/Z$/),
      })),
      created_at: expect.stringMatching(/Z$/),
      updated_at: body.created_at,
      created_by: expect.objectContaining({ email_address: 'owner@localhost' }),
      url: `https://loopwright.test/evaluations/${body.id}`,
    });
    expect((await api.get(`/evaluations/${body.id}`)).body).toEqual(body);
  });

  test('has a name that no other of its file has', async () => {
    await prompt(api, 'names');
    await prompt(api, 'other names');
    const create = (path: string, name?: string) =>
      api.post('/evaluations', { file: { path }, name, evaluators: [] });
    const first = await create('names', 'A name');
    const again = await create('names', '  A name ');
    expect(again.statusCode).toBe(409);
    expect(again.body).toMatchObject({
      code: 'evaluation_name_taken',
      evaluation_id: first.body.id,
    });
    const others = [
      create('other names', 'A name'),
      create('names'),
      create('names'),
      api.post('/evaluations', { name: 'A name', evaluators: [] }),
      api.post('/evaluations', { name: 'A name', evaluators: [] }),
    ];
    expect((await Promise.all(others)).map(({ statusCode }) => statusCode)).toEqual(
      others.map(() => 201),
    );
  });

  test('of twenty equal ones at once, is made once', async () => {
    const file = await prompt(api, 'at once');
    const request = { file: { id: file.id }, name: 'Once', evaluators: [{ path: 'Polite' }] };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.post('/evaluations', request)),
    );
    const made = answers.filter(({ statusCode }) => statusCode === 201);
    expect(made).toHaveLength(1);
    for (const { statusCode, body } of answers) {
      if (statusCode === 201) continue;
      expect(body).toMatchObject({
        code: 'evaluation_name_taken',
        evaluation_id: made[0]?.body.id,
      });
    }
    expect((await api.get(`/evaluations?file_id=${file.id}`)).body.total).toBe(1);
  });

  test('leaves its name to the next when it is deleted', async () => {
    await prompt(api, 'freed');
    const request = { file: { path: 'freed' }, name: 'Freed', evaluators: [] };
    const { id } = await posted(api, '/evaluations', request);
    expect((await api.delete(`/evaluations/${id}`)).statusCode).toBe(204);
    expectRefusal(await api.delete(`/evaluations/${id}`), 404);
    expectRefusal(await api.get(`/evaluations/${id}`), 404);
    expect((await posted(api, '/evaluations', request)).id).not.toBe(id);
  });
});

describe('its evaluators', () => {
  test('are named by version, file, path, or file and environment', async () => {
    const first = await evaluator(api, 'chosen', { attributes: { n: 1 } });
    const second = await evaluator(api, 'chosen', { attributes: { n: 2 } });
    const { id } = first;
    const [production, staging] = (await api.get(`/evaluators/${id}/environments`)).body;
    const deploy = `/evaluators/${id}/environments/${staging.id}?version_id=${second.version_id}`;
    await posted(api, deploy);
    const chosen = async (reference: object) =>
      idsIn(await posted(api, '/evaluations', { evaluators: [reference] }));
    const shown = (await api.get(`/evaluators/${id}`)).body.version_id;
    expect(shown).toBe(first.version_id);
    expect(await chosen({ version_id: second.version_id })).toEqual([second.version_id]);
    expect(await chosen({ version_id: second.version_id, id, path: 'chosen' })).toEqual([
      second.version_id,
    ]);
    expect(await chosen({ id })).toEqual([shown]);
    expect(await chosen({ path: 'chosen' })).toEqual([shown]);
    expect(await chosen({ path: 'chosen', id })).toEqual([shown]);
    expect(await chosen({ id, environment: 'staging' })).toEqual([second.version_id]);
    expect(await chosen({ path: 'chosen', environment: staging.id })).toEqual([second.version_id]);
    // Without a deployment to the default environment, it is the newest.
    await api.delete(`/evaluators/${id}/environments/${production.id}`);
    expect(await chosen({ id })).toEqual([second.version_id]);
  });

  test('must be there and be evaluators, and the parts of a reference must agree', async () => {
    const file = await prompt(api, 'no evaluator');
    const refused = (reference: object) => api.post('/evaluations', { evaluators: [reference] });
    const place = ['body', 'evaluators', 0];
    for (const reference of [
      {},
      { orchestrated: true },
      { id: polite.id, path: 'Short' },
      { version_id: polite.version_id, id: short.id },
      { version_id: polite.version_id, path: 'Short' },
      { version_id: polite.version_id, environment: 'production' },
    ]) {
      expectRefusal(await refused(reference), 422, place);
    }
    for (const [reference, code] of [
      [{ version_id: file.version_id }, 'version_not_found'],
      [{ version_id: 'evv_none' }, 'version_not_found'],
      [{ id: file.id }, 'file_not_found'],
      [{ path: 'no evaluator' }, 'file_not_found'],
      [{ path: 'nowhere' }, 'file_not_found'],
      [{ id: polite.id, environment: 'staging' }, 'nothing_deployed'],
    ] as const) {
      const answer = await refused(reference);
      expectRefusal(answer, 404);
      expect(answer.body.code, JSON.stringify(reference)).toBe(code);
    }
    const unknown = await refused({ id: polite.id, environment: 'nowhere' });
    expect(unknown.statusCode).toBe(404);
    expect(unknown.body.detail).toBe('Environment `nowhere` does not exist');
  });

  test('may be none, and count once', async () => {
    expect(idsIn(await posted(api, '/evaluations', { evaluators: [] }))).toEqual([]);
    const twice = [{ path: 'Polite' }, { id: polite.id }, { path: 'Short' }];
    expect(idsIn(await posted(api, '/evaluations', { evaluators: twice }))).toEqual([
      polite.version_id,
      short.version_id,
    ]);
  });

  test('are judged by the server if it can, unless the request says otherwise', async () => {
    await evaluator(api, 'kinds/llm', saying('True'));
    await evaluator(api, 'kinds/python', { evaluator_type: 'python', code: 'def f(log): pass' });
    await evaluator(api, 'kinds/human', { evaluator_type: 'human' });
    const orchestrated = async (said?: boolean) => {
      const types = ['kinds/llm', 'kinds/python', 'kinds/human', 'Polite'];
      const evaluators = types.map((path) => ({ path, orchestrated: said }));
      const { evaluators: shown } = await posted(api, '/evaluations', { evaluators });
      return shown.map((each: Answer['body']) => each.orchestrated);
    };
    expect(await orchestrated()).toEqual([true, true, false, false]);
    expect(await orchestrated(true)).toEqual([true, true, false, false]);
    expect(await orchestrated(false)).toEqual([false, false, false, false]);
  });

  test('can be added and removed, at most fifty', async () => {
    const { id } = await posted(api, '/evaluations', { evaluators: [{ path: 'Polite' }] });
    const add = (evaluators: object[]) => api.post(`/evaluations/${id}/evaluators`, { evaluators });
    const added = await add([{ path: 'Polite' }, { path: 'Short' }]);
    expect(idsIn(added.body)).toEqual([polite.version_id, short.version_id]);
    const url = `/evaluations/${id}/evaluators/${polite.version_id}`;
    expect(idsIn((await api.delete(url)).body)).toEqual([short.version_id]);
    expectRefusal(await api.delete(url), 404);
    const many: object[] = [];
    for (let n = 0; n < 50; n++) {
      many.push({ version_id: (await evaluator(api, 'many', { attributes: { n } })).version_id });
    }
    expectRefusal(await add(many), 422, ['body', 'evaluators']);
    expect((await add(many.slice(1))).body.evaluators).toHaveLength(50);
  });

  test('stay when they are deleted, and say so', async () => {
    const gone = await evaluator(api, 'gone');
    const { id } = await posted(api, '/evaluations', { evaluators: [{ path: 'gone' }] });
    await api.delete(`/evaluators/${gone.id}`);
    const { evaluators } = (await api.get(`/evaluations/${id}`)).body;
    expect(evaluators[0].version).toMatchObject({ id: gone.id, status: 'deleted' });
  });
});

describe('a list of Evaluations', () => {
  test('is of one file, newest first, in pages', async () => {
    const file = await prompt(api, 'listed');
    await posted(api, '/evaluations', { evaluators: [] });
    const made: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      const request = { file: { id: file.id }, name, evaluators: [{ path: 'Polite' }] };
      made.unshift((await posted(api, '/evaluations', request)).id);
    }
    const list = async (query: string) => {
      const { body } = await api.get(`/evaluations?file_id=${file.id}${query}`);
      return { ...body, records: body.records.map(({ id }: Answer['body']) => id) };
    };
    expect(await list('')).toEqual({ records: made, page: 1, size: 10, total: 3 });
    expect((await list('&size=2')).records).toEqual(made.slice(0, 2));
    expect((await list('&size=2&page=2')).records).toEqual(made.slice(2));
    expect(await list('&page=9')).toMatchObject({ records: [], total: 3 });
    expect((await list('&size=0')).records).toEqual([]);
  });

  test('needs a file that is there', async () => {
    expectRefusal(await api.get('/evaluations'), 422, ['query', 'file_id']);
    expectRefusal(await api.get('/evaluations?file_id=pr_none'), 404);
    const their = await addOrganization(api, 'the-key-of-others');
    const { id } = await prompt(api, 'ours');
    const headers = { 'x-api-key': their.apiKey };
    expectRefusal(await send(api, 'GET', `/v5/evaluations?file_id=${id}`, undefined, headers), 404);
  });
});

test('the Evaluations of a deleted file are gone', async () => {
  const file = await prompt(api, 'deleted');
  const { id } = await posted(api, '/evaluations', { file: { id: file.id }, evaluators: [] });
  await api.delete(`/prompts/${file.id}`);
  expectRefusal(await api.get(`/evaluations/${id}`), 404);
  expectRefusal(await api.post(`/evaluations/${id}/runs`, {}), 404);
});
