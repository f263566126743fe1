import { expect, test } from 'vitest';
import { indexTexts } from '../../src/logs/search/search-queries.ts';
import { testApp } from '../support/app.ts';
import { drainFeed, indexLogs } from '../support/feed.ts';
import { idsOf, logAgent, type MadeLog } from '../support/logs.ts';

const api = await testApp();

/** Moves what was written to the index of texts, as a server does every second. */
async function index() {
  await indexLogs(api.database);
}

/** Adds logs of a version, older than all others, that say nothing in particular. */
async function addMany({ agent_id: fileId, version_id: versionId }: MadeLog, count: number) {
  await api.database.pool.query(
    `INSERT INTO log (organization_id, id, type, file_id, version_id, created_at, save, output,
      metadata)
    SELECT organization_id, 'many_' || $1 || '_' || n, 'agent', $1, $2,
      timestamptz '2020-01-01' + n * interval '1 s', true, 'This is number ' || n,
      jsonb_build_object('ticket', 'T-' || n)
    FROM file, generate_series(1, $3::integer) n WHERE id = $1`,
    [fileId, versionId, count],
  );
}

const lists = (log: MadeLog) => async (query: string) =>
  (await api.get(`/logs?file_id=${log.agent_id}&${query}`)).body;

test('a text is found among many logs, whether they are in the index yet or not', async () => {
  const old = { created_at: '2019-01-01T00:00:00' };
  const path = 'search/many';
  const first = await logAgent(api, path, { ...old, output: 'The Gänseblümchen', log_id: 'daisy' });
  await logAgent(api, path, { ...old, inputs: { a: 'say "Zanzibar"\n100%' }, log_id: 'inputs' });
  await logAgent(api, path, { ...old, metadata: { where: 'Zanzibar' }, log_id: 'metadata' });
  await logAgent(api, 'search/elsewhere', { output: 'zanzibar' });
  await addMany(first, 1_500);
  const list = lists(first);
  const expectAll = async () => {
    for (const [query, ids] of [
      ['search=zanzibar', ['inputs']],
      ['search=ZANZI', ['inputs']],
      ['search=%22zanzibar%22%0A100%25', ['inputs']],
      ['search=zanzibar_', []],
      ['search=GÄNSEBLÜM', ['daisy']],
      ['search=äns', ['daisy']],
      ['search=zzz', []],
      ['metadata_search=zanzibar', ['metadata']],
      ['metadata_search=t-777', [`many_${first.agent_id}_777`]],
      ['metadata_search=t-777&search=number+777', [`many_${first.agent_id}_777`]],
      ['metadata_search=t-777&search=number+778', []],
      ['search=zanzibar&end_date=2018-01-01T00:00:00', []],
      [`search=zanzibar&version_id=${first.version_id}`, ['inputs']],
      ['search=zanzibar&id=inp', ['inputs']],
      ['search=zanzibar&in_trace_filter=true', []],
      ['id=isy', ['daisy']],
    ] as const) {
      const page = await list(query);
      expect([query, idsOf(page)]).toEqual([query, ids]);
      expect(page).toMatchObject({ total: ids.length, total_is_exact: true });
    }
  };
  await expectAll();
  await index();
  await expectAll();
});

test('the index takes no more rows at once than it is told to, and leaves the others', async () => {
  for (const output of ['first', 'second', 'third']) {
    await logAgent(api, 'search/bound', { output });
    await drainFeed(api.database);
  }
  expect(await indexTexts(api.database, 2)).toBe(2);
  expect(await indexTexts(api.database, 2)).toBe(1);
  expect(await indexTexts(api.database, 2)).toBe(0);
});

test('a text that is in many logs is counted to a thousand', async () => {
  const first = await logAgent(api, 'search/common');
  await addMany(first, 1_500);
  const list = lists(first);
  expect(await list('search=number')).toMatchObject({ total: 1_000, total_is_exact: false });
  expect(await list('search=number&size=2&page=700')).toMatchObject({
    records: [{ output: 'This is number 102' }, { output: 'This is number 101' }],
  });
  expect(await list('metadata_search=ticket&id=many')).toMatchObject({ total_is_exact: false });
  expect(await list('in_trace_filter=false')).toMatchObject({ total: 1_501, total_is_exact: true });
});

test('what is changed, completed or deleted is found as it is now', async () => {
  const path = 'search/changed';
  const first = await logAgent(api, path, { output: 'before the change' });
  const open = await logAgent(api, path, { log_status: 'incomplete', output: 'still open' });
  await addMany(first, 1_500);
  const list = lists(first);
  const found = async (text: string) => idsOf(await list(`search=${encodeURIComponent(text)}`));
  await index();
  expect(await found('before the change')).toEqual([first.id]);
  expect(await found('still open')).toEqual([open.id]);

  const url = (log: MadeLog) => `/agents/${log.agent_id}/log/${log.id}`;
  await api.patch(url(first), { output: 'after the change' });
  await api.patch(url(open), { output: 'now closed', log_status: 'complete' });
  for (const isIndexed of [false, true]) {
    if (isIndexed) await index();
    expect(await found('before the change')).toEqual([]);
    expect(await found('after the change')).toEqual([first.id]);
    expect(await found('still open')).toEqual([]);
    expect(await found('now closed')).toEqual([open.id]);
  }
  await api.delete(`/logs?id=${first.id}`);
  expect(await found('after the change')).toEqual([]);
  await index();
  expect(await list('')).toMatchObject({ total: 1_501, total_is_exact: true });
});

test('a call is found by what it came to, however soon it was looked at', async () => {
  const { body: call } = await api.post('/agents/call', {
    path: 'search/called',
    agent: {
      provider: 'mock',
      model: 'mock',
      tools: [
        { type: 'inline', json_schema: { name: 'ask', description: 'Asks.', parameters: {} } },
      ],
      other: { script: [{ tool_calls: [{ name: 'ask', arguments: {} }] }, { content: 'Quokka!' }] },
    },
    messages: [{ role: 'user', content: 'Hello' }],
  });
  const log = { id: call.id, agent_id: call.agent.id, version_id: call.agent.version_id };
  await addMany(log, 1_500);
  await index();
  const [pending] = call.previous_agent_message.tool_calls;
  await api.post('/agents/continue', {
    log_id: call.id,
    messages: [{ role: 'tool', tool_call_id: pending.id, content: 'x' }],
  });
  await index();
  expect(idsOf(await lists(log)('search=quokka'))).toEqual([call.id]);
});

test('two servers that move what was written count each log once', async () => {
  const first = await logAgent(api, 'search/moved-twice');
  await addMany(first, 2_000);
  const list = lists(first);
  const [page] = await Promise.all([
    list(''),
    ...Array.from({ length: 6 }, () => drainFeed(api.database)),
  ]);
  expect(page.total).toBe(2_001);
  await index();
  expect((await list('')).total).toBe(2_001);
});
