import { describe, expect, test } from 'vitest';
import { listToolVariables } from '../../src/files/secrets/tool-variables.ts';
import { type Answer, testApp } from '../support/app.ts';
import { databaseText } from '../support/database-text.ts';
import { fileOfKind } from '../support/files.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, rowCounts, send } from '../support/refusals.ts';

const api = await testApp();

const variablesOf = (id: string) => `/tools/${id}/environment-variables`;

async function toolAt(path: string): Promise<Answer['body']> {
  return (await api.post('/tools', { path, source_code: 'def run(): return 1' })).body;
}

const variable = (name: string, value = 'x') => ({ name, value });

test('variables are set by name, and read back in order, with their values', async () => {
  const { id } = await toolAt('variables/set');
  expect(await api.get(variablesOf(id))).toMatchObject({ statusCode: 200, body: [] });
  const set = [variable('TOKEN', 'a b=c'), variable('_empty', ''), variable('API_KEY', 'ünï 😀\n')];
  const answer = await api.post(variablesOf(id), set);
  const all = [set[2], set[0], set[1]];
  expect(answer).toMatchObject({ statusCode: 200 });
  expect(answer.body).toEqual(all);
  expect((await api.get(variablesOf(id))).body).toEqual(all);
});

test('a variable that is set again has its new value; the others stay', async () => {
  const { id } = await toolAt('variables/again');
  await api.post(variablesOf(id), [variable('A', '1'), variable('B', '2')]);
  const { body } = await api.post(variablesOf(id), [variable('B', '3'), variable('C', '4')]);
  expect(body).toEqual([variable('A', '1'), variable('B', '3'), variable('C', '4')]);
  expect((await api.post(variablesOf(id), [])).body).toEqual(body);
});

test('a deleted variable is gone, and the rest is answered', async () => {
  const { id } = await toolAt('variables/deleted');
  await api.post(variablesOf(id), [variable('A', '1'), variable('B', '2')]);
  const url = `${variablesOf(id)}/A`;
  expect(await api.delete(url)).toMatchObject({ statusCode: 200, body: [variable('B', '2')] });
  for (const name of ['A', 'b', '%20']) {
    const gone = await api.delete(`${variablesOf(id)}/${name}`);
    expectRefusal(gone, 404);
    expect(gone.body.code).toBe('variable_not_found');
  }
  expect((await api.get(variablesOf(id))).body).toEqual([variable('B', '2')]);
});

test('all versions of a tool have the same variables', async () => {
  const first = await toolAt('variables/versions');
  await api.post(variablesOf(first.id), [variable('A')]);
  const second = await api.post('/tools', { id: first.id, source_code: 'def run(): return 2' });
  expect(second.body.version_id).not.toBe(first.version_id);
  expect((await api.get(variablesOf(first.id))).body).toEqual([variable('A')]);
});

describe('a list of variables', () => {
  const refused = async (body: unknown, ...locs: (string | number)[][]) => {
    const { id } = await toolAt('variables/refused');
    const before = await rowCounts(api);
    const answer = await api.post(variablesOf(id), body);
    expectRefusal(answer, 422, ...locs);
    expect(await rowCounts(api)).toEqual(before);
    return answer;
  };

  test.each([
    ['an object', variable('A')],
    ['nothing', undefined],
    ['variables by name', { A: 'x' }],
  ])('is a list, not %s', async (_, body) => {
    const answer = await refused(body, ['body']);
    expect(answer.body.detail[0].msg).toBe('Must be an array');
  });

  test.each(['null', '"A=1"', '7', 'true'])('is a list, not %s', async (text) => {
    const { id } = await toolAt('variables/refused');
    expectRefusal(await send(api, 'POST', `/v5${variablesOf(id)}`, text), 422, ['body']);
  });

  test('names each fault by the number of its variable', async () => {
    const body = [variable('A'), { name: 'B' }, 'C', variable('1D'), { name: 'E', value: 1 }];
    await refused(
      body,
      ['body', 1, 'value'],
      ['body', 2],
      ['body', 3, 'name'],
      ['body', 4, 'value'],
    );
    const broken = await send(api, 'POST', '/v5/tools/x/environment-variables', '[{"name": "A",}]');
    expectRefusal(broken, 422, ['body', 14]);
    const nul = await send(
      api,
      'POST',
      '/v5/tools/x/environment-variables',
      '[{"name": "A", "value": "\\u0000"}]',
    );
    expectRefusal(nul, 422, ['body', 0, 'value']);
  });

  test.each(['', '1', 'A-B', 'A B', 'A=B', 'Ä', 'A.B', ' A', 'A\n', '$A'])(
    'has names that an environment can have, not %j',
    async (name) => {
      await refused([variable('OK'), variable(name)], ['body', 1, 'name']);
    },
  );

  test('has no name twice', async () => {
    await refused([variable('A'), variable('B'), variable('A', 'y')], ['body', 2, 'name']);
    const { id } = await toolAt('variables/cases');
    const told = [variable('A'), variable('a')];
    expect((await api.post(variablesOf(id), told)).body).toEqual(told);
  });

  test('has names of 255 characters, and values of 30,000, at most', async () => {
    const { id } = await toolAt('variables/long');
    const most = variable('N'.repeat(255), '😀'.repeat(30_000));
    expect((await api.post(variablesOf(id), [most])).body).toEqual([most]);
    await refused([variable('N'.repeat(256))], ['body', 0, 'name']);
    await refused([variable('A', 'x'.repeat(30_001))], ['body', 0, 'value']);
  });

  test('has a hundred variables at most, and so has a tool', async () => {
    const many = Array.from({ length: 101 }, (_, n) => variable(`V${n}`));
    await refused(many, ['body']);
    const { id } = await toolAt('variables/many');
    expect((await api.post(variablesOf(id), many.slice(1))).body).toHaveLength(100);
    expect((await api.post(variablesOf(id), many.slice(1))).statusCode).toBe(200);
    const over = await api.post(variablesOf(id), [variable('V1', 'new'), variable('V0')]);
    expectRefusal(over, 409);
    expect(over.body.code).toBe('too_many_variables');
    expect((await api.get(variablesOf(id))).body).toHaveLength(100);
    expect((await api.get(variablesOf(id))).body).toContainEqual(variable('V1'));
  });
});

test('only tools have variables', async () => {
  const prompt = await fileOfKind(api, 'prompt', 'variables/prompt');
  for (const id of ['tl_none', prompt.id]) {
    const before = await rowCounts(api);
    expectRefusal(await api.get(variablesOf(id)), 404);
    expectRefusal(await api.post(variablesOf(id), [variable('A')]), 404);
    expectRefusal(await api.delete(`${variablesOf(id)}/A`), 404);
    expect(await rowCounts(api)).toEqual(before);
  }
});

test('another organization’s variables can be neither read nor changed', async () => {
  const { apiKey } = await addOrganization(api, 'a-key-of-others');
  const { id } = await toolAt('variables/ours');
  await api.post(variablesOf(id), [variable('A', 'ours')]);
  const asThem = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: string) =>
    send(api, method, `/v5${url}`, body, { 'x-api-key': apiKey });
  expectRefusal(await asThem('GET', variablesOf(id)), 404);
  expectRefusal(await asThem('POST', variablesOf(id), '[{"name":"A","value":"theirs"}]'), 404);
  expectRefusal(await asThem('DELETE', `${variablesOf(id)}/A`), 404);
  expect((await api.get(variablesOf(id))).body).toEqual([variable('A', 'ours')]);
});

describe('two at once', () => {
  test('that set different variables set both', async () => {
    const { id } = await toolAt('variables/raced');
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const answers = await Promise.all(
      names.map((name) => api.post(variablesOf(id), [variable('SHARED', name), variable(name)])),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(names.map(() => 200));
    const { body } = await api.get(variablesOf(id));
    const set = body.map(({ name }: { name: string }) => name);
    expect(set).toEqual([...names, 'SHARED']);
    expect(names).toContain(body.at(-1).value);
  });

  test('that would make too many make no more than a hundred', async () => {
    const { id } = await toolAt('variables/raced-to-many');
    const some = (prefix: string) =>
      Array.from({ length: 60 }, (_, n) => variable(`${prefix}${n}`));
    const answers = await Promise.all(
      ['A', 'B', 'C'].map((prefix) => api.post(variablesOf(id), some(prefix))),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted();
    expect(statuses).toEqual([200, 409, 409]);
    expect((await api.get(variablesOf(id))).body).toHaveLength(60);
  });

  test('that delete a variable delete it once', async () => {
    const { id } = await toolAt('variables/raced-deletion');
    await api.post(variablesOf(id), [variable('A'), variable('B')]);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => api.delete(`${variablesOf(id)}/A`)),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).toSorted();
    expect(statuses).toEqual([200, 404, 404, 404]);
  });
});

describe('a value', () => {
  const canary = 'canary-3f9a';
  const traces = [canary, Buffer.from(canary).toString('hex'), btoa(canary)];

  test('is encrypted in the database, and in no message or log line of the server', async () => {
    const { id } = await toolAt('variables/secret');
    await api.post(variablesOf(id), [variable('SECRET', canary)]);
    const answers = [
      await api.post(variablesOf(id), [variable('A', canary), variable('A', canary)]),
      await api.post(variablesOf(id), [{ name: canary, value: canary }]),
      await api.post(variablesOf(id), [{ name: 'A', value: [canary] }]),
      await api.post(variablesOf('tl_none'), [variable('A', canary)]),
      await send(api, 'POST', `/v5${variablesOf(id)}`, `[{"name": "A", "value": "${canary}`),
      await api.get(`/tools/${id}`),
      await api.get('/tools?name=secret'),
    ];
    const seen = [
      ...answers.map(({ body }) => JSON.stringify(body)),
      await databaseText(api.database),
      ...api.logged,
    ].join('\n');
    expect(answers.slice(0, 5).map(({ statusCode }) => statusCode)).toEqual([
      422, 422, 422, 404, 422,
    ]);
    for (const trace of traces) expect(seen).not.toContain(trace);
    expect(seen).toContain('SECRET');
  });

  test('that is copied to the row of another variable does not open there', async () => {
    const { id } = await toolAt('variables/copied');
    await api.post(variablesOf(id), [variable('A', canary), variable('B')]);
    await api.database.pool.query(
      `UPDATE tool_variable SET sealed_value =
        (SELECT sealed_value FROM tool_variable WHERE file_id = $1 AND name = 'A')
      WHERE file_id = $1 AND name = 'B'`,
      [id],
    );
    const { secrets } = api.runtime.parts;
    await expect(listToolVariables(api.workspace, secrets, id)).rejects.toThrow();
  });

  test('is not kept when its tool is deleted', async () => {
    const { id } = await toolAt('variables/of-deleted');
    await api.post(variablesOf(id), [variable('A', canary)]);
    expect((await api.delete(`/tools/${id}`)).statusCode).toBe(204);
    expectRefusal(await api.get(variablesOf(id)), 404);
    const { rows } = await api.database.pool.query('SELECT FROM tool_variable WHERE file_id = $1', [
      id,
    ]);
    expect(rows).toEqual([]);
    const again = await toolAt('variables/of-deleted');
    expect((await api.get(variablesOf(again.id))).body).toEqual([]);
  });
});
