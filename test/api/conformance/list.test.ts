import { expect, test } from 'vitest';
import { type Answer, testApp } from '../../support/app.ts';
import { agentVersions, environmentIds } from '../../support/files.ts';
import { expectRefusal } from '../../support/refusals.ts';

const api = await testApp();

for (const name of ['Cherry', 'apple', 'Banana']) await agentVersions(api, `fruit/${name}`, 'm');

/** The names in a list of the three fruits, or of what the query says. */
async function namesOf(query: string): Promise<string[]> {
  const { statusCode, body } = await api.get(`/agents?${query}`);
  expect(statusCode).toBe(200);
  return body.records.map(({ name }: Answer['body']) => name);
}

test('B5: the answer is a page: records, page, size, total', async () => {
  const { statusCode, body } = await api.get('/agents');
  expect(statusCode).toBe(200);
  expect(Object.keys(body).toSorted()).toEqual(['page', 'records', 'size', 'total']);
  expect(body.records[0]).toMatchObject({ type: 'agent', id: expect.stringMatching(/^ag_/) });
});

test('B5: without a query it is the first page, of ten', async () => {
  const many = Array.from({ length: 11 }, (_, n) => agentVersions(api, `many/crowd ${n}`, 'm'));
  await Promise.all(many);
  const { body } = await api.get('/agents?name=crowd');
  expect(body).toMatchObject({ page: 1, size: 10, total: 11 });
  expect(body.records).toHaveLength(10);
});

test('B5: `page` and `size` pick a page', async () => {
  const { body } = await api.get('/agents?name=a&user_filter=owner&page=2&size=1&sort_by=name');
  expect(body).toMatchObject({ page: 2, size: 1 });
  expect(body.records).toHaveLength(1);
});

test('B5: pages follow one another without a gap', async () => {
  const pages = await Promise.all([1, 2].map((n) => namesOf(`name=an&size=1&page=${n}`)));
  expect(pages).toEqual([['Banana'], []]);
});

test('B5: `size` may be 0', async () => {
  const { body } = await api.get('/agents?name=apple&size=0');
  expect(body).toMatchObject({ records: [], size: 0, total: 1 });
});

test('B5: `size` may be 1000', async () => {
  expect((await api.get('/agents?size=1000')).statusCode).toBe(200);
});

test.each([
  ['page', 0],
  ['page', -1],
  ['size', -1],
  ['size', 1_001],
  ['sort_by', 'path'],
  ['order', 'up'],
])('B5: a `%s` of %s is refused', async (field, value) => {
  expectRefusal(await api.get(`/agents?${field}=${value}`), 422, ['query', field]);
});

test('B5: beyond the last page there are no records, with 200', async () => {
  const answer = await api.get('/agents?name=apple&page=9');
  expect(answer).toMatchObject({ statusCode: 200, body: { records: [], page: 9, total: 1 } });
});

test.each(['apple', 'APPLE', 'ppl'])(
  'B5: `name` is a part of the name, in any case: %s',
  async (part) => {
    expect(await namesOf(`name=${part}`)).toEqual(['apple']);
  },
);

test('B5: `name` is not looked for in the directory', async () => {
  expect(await namesOf('name=fruit')).toEqual([]);
});

test.each([
  ['email address', 'WNER@LOCAL'],
  ['name', 'LoveLace'],
])('B5: `user_filter` is a part of the %s of the creator, in any case', async (_, part) => {
  await api.database.pool.query(`UPDATE member SET full_name = 'Ada Lovelace'`);
  expect(await namesOf(`name=apple&user_filter=${part}`)).toEqual(['apple']);
});

test('B5: `user_filter` leaves out what others created', async () => {
  expect(await namesOf('name=apple&user_filter=nobody')).toEqual([]);
});

test('B5: the newest come first', async () => {
  const [one] = await agentVersions(api, 'orders/newest of all', 'm');
  expect((await api.get('/agents?size=1')).body.records).toMatchObject([{ id: one.id }]);
});

test.each([
  ['created_at', 'desc', ['Gamma order', 'alpha order', 'Beta order']],
  ['created_at', 'asc', ['Beta order', 'alpha order', 'Gamma order']],
  ['name', 'asc', ['alpha order', 'Beta order', 'Gamma order']],
  ['name', 'desc', ['Gamma order', 'Beta order', 'alpha order']],
  ['updated_at', 'asc', ['alpha order', 'Gamma order', 'Beta order']],
  ['updated_at', 'desc', ['Beta order', 'Gamma order', 'alpha order']],
])('B5: `sort_by` %s, `order` %s', async (sortBy, order, names) => {
  if ((await namesOf('name=order')).every((name) => name !== 'Gamma order')) {
    const [beta] = await agentVersions(api, 'sorted/Beta order', 'm');
    await agentVersions(api, 'sorted/alpha order', 'm');
    await agentVersions(api, 'sorted/Gamma order', 'm');
    await api.patch(`/agents/${beta.id}/versions/${beta.version_id}`, { name: 'touched' });
  }
  expect(await namesOf(`name=%20order&sort_by=${sortBy}&order=${order}`)).toEqual(names);
});

test('B5: there is one record for an agent: the version that is deployed by default', async () => {
  const [deployed] = await agentVersions(api, 'records/two versions', 'm1', 'm2');
  const { body } = await api.get('/agents?name=two versions');
  expect(body.records).toMatchObject([{ version_id: deployed.version_id, model: 'm1' }]);
});

test('B5: the record of an agent that is not deployed is its newest version', async () => {
  const [old, newest] = await agentVersions(api, 'records/undeployed', 'm1', 'm2');
  const { production } = await environmentIds(api, old.id);
  await api.delete(`/agents/${old.id}/environments/${production}`);
  const { body } = await api.get('/agents?name=undeployed');
  expect(body.records).toMatchObject([{ version_id: newest.version_id }]);
});

test('B5: a deleted agent is in no list', async () => {
  const [gone] = await agentVersions(api, 'records/gone', 'm');
  await api.delete(`/agents/${gone.id}`);
  expect(await namesOf('name=gone')).toEqual([]);
});
