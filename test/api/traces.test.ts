import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';
import { logAgent, type MadeLog } from '../support/logs.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, send } from '../support/refusals.ts';

const api = await testApp();

/** Adds logs below one, each below the one that `parentOf` names; number 0 is the one. */
async function addBelow({ id, agent_id: fileId }: MadeLog, count: number, parentOf: string) {
  await api.database.pool.query(
    `INSERT INTO log (organization_id, id, type, file_id, version_id, trace_id, trace_parent_id,
      created_at, save, output)
    SELECT organization_id, id || '_' || n, type, file_id, version_id, id,
      CASE ${parentOf} WHEN 0 THEN id ELSE id || '_' || ${parentOf} END,
      created_at + n * interval '1 ms', true, 'number ' || n
    FROM log, generate_series(1, $3::integer) n WHERE id = $1 AND file_id = $2`,
    [id, fileId, count],
  );
}

interface Link {
  readonly id: string;
  readonly output: string;
  /** Null when it does not say what is below it. */
  readonly below: number | null;
}

/** The logs below one of which each has at most one right below it; not nested, to compare them. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies whose shape they assert
function chainBelow(log: any): readonly Link[] {
  const links: Link[] = [];
  let [next] = log.trace_children ?? [];
  while (next) {
    const { id, output, trace_children: children } = next;
    links.push({ id, output, below: children === null ? null : children.length });
    [next] = children ?? [];
  }
  return links;
}

const open = { log_status: 'incomplete' };

test('a chain of 200 logs is shown whole', async () => {
  const root = await logAgent(api, 'traces/chain', open);
  await addBelow(root, 200, '(n - 1)');
  const chain = chainBelow((await api.get(`/logs/${root.id}`)).body);
  expect(chain.map(({ output }) => output)).toEqual(
    Array.from({ length: 200 }, (_, index) => `number ${index + 1}`),
  );
  expect(chain.at(-1)?.below).toBe(0);
});

test('a log with 1,000 logs below it shows them in the order they were made', async () => {
  const root = await logAgent(api, 'traces/wide', open);
  await addBelow(root, 1_000, '0');
  const { body } = await api.get(`/logs/${root.id}`);
  const outputs = body.trace_children.map(({ output }: { output: string }) => output);
  expect(outputs).toEqual(Array.from({ length: 1_000 }, (_, index) => `number ${index + 1}`));
});

test('a log in the middle of a trace shows what is below it alone', async () => {
  const root = await logAgent(api, 'traces/middle', open);
  await addBelow(root, 6, '(n / 2)');
  const { body } = await api.get(`/logs/${root.id}_1`);
  expect(body).toMatchObject({
    trace_parent_id: root.id,
    trace_id: root.id,
    trace_children: [
      { output: 'number 2', trace_children: [{ output: 'number 4' }, { output: 'number 5' }] },
      { output: 'number 3', trace_children: [{ output: 'number 6' }] },
    ],
  });
  const { body: list } = await api.get(
    `/logs?file_id=${root.agent_id}&id=${root.id}_3&include_trace_children=true`,
  );
  expect(list.records).toMatchObject([{ trace_children: [{ output: 'number 6' }] }]);
});

test('a chain too deep for anyone to read is shown as far as it can be', async () => {
  const root = await logAgent(api, 'traces/deep', open);
  await addBelow(root, 5_000, '(n - 1)');
  const { statusCode, body } = await send(api, 'GET', `/v5/logs/${root.id}`);
  expect(statusCode).toBe(200);
  const chain = chainBelow(body);
  expect(chain).toHaveLength(400);
  // `null`, not an empty list: there is more, and it is to be had from the log itself.
  expect(chain.at(-1)?.below).toBeNull();
  const { body: rest } = await api.get(`/logs/${chain.at(-1)?.id}`);
  expect(chainBelow(rest)[0]?.output).toBe('number 401');
});

test('deleting a log deletes what is below it, however deep, and nothing above or beside it', async () => {
  const root = await logAgent(api, 'traces/deleted', open);
  await addBelow(root, 10_000, '(n - 1)');
  const beside = await logAgent(api, 'traces/deleted', { trace_parent_id: root.id });
  expect((await api.delete(`/logs?id=${root.id}_3&id=${root.id}_7`)).statusCode).toBe(204);
  const { body } = await api.get(`/logs?file_id=${root.agent_id}`);
  expect(body.total).toBe(4);
  for (const id of [root.id, `${root.id}_2`, beside.id]) {
    expect((await api.get(`/logs/${id}`)).statusCode).toBe(200);
  }
  for (const id of [`${root.id}_3`, `${root.id}_10000`]) {
    expectRefusal(await api.get(`/logs/${id}`), 404);
  }
});

test('deleting the same logs twice at once answers both, and deletes them once', async () => {
  const root = await logAgent(api, 'traces/raced', open);
  await addBelow(root, 50, '0');
  const answers = await Promise.all([1, 2, 3].map(() => api.delete(`/logs?id=${root.id}`)));
  for (const { statusCode } of answers) expect([204, 404]).toContain(statusCode);
  expect((await api.get(`/logs?file_id=${root.agent_id}`)).body.total).toBe(0);
});

test('another organization deletes and sees nothing of a trace', async () => {
  const root = await logAgent(api, 'traces/theirs', open);
  await addBelow(root, 2, '0');
  const { apiKey } = await addOrganization(api, 'a-key-of-another-organization');
  const headers = { 'x-api-key': apiKey };
  for (const id of [root.id, `${root.id}_1`]) {
    expectRefusal(await send(api, 'GET', `/v5/logs/${id}`, undefined, headers), 404);
    expectRefusal(await send(api, 'DELETE', `/v5/logs?id=${id}`, undefined, headers), 404);
  }
  expect((await api.get(`/logs/${root.id}`)).body.trace_children).toHaveLength(2);
});
