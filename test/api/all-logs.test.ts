import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { apiKey, testApp } from '../support/app.ts';
import { indexLogs } from '../support/feed.ts';
import { bodyOf, externalEvaluator } from '../support/judging.ts';
import { idsOf, logAgent } from '../support/logs.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, send } from '../support/refusals.ts';

const api = await testApp();

const prompt = { path: 'all/prompt', prompt: { model: 'gpt-4o' } };
const start_time = '2026-03-01T00:00:00Z';
const lasting = (seconds: number) => ({
  start_time,
  end_time: new Date(Date.parse(start_time) + seconds * 1_000).toISOString(),
});
const costing = (dollars: number) => ({ prompt_cost: dollars / 2, output_cost: dollars / 2 });
const counting = (tokens: number) => ({ prompt_tokens: tokens - 1, output_tokens: 1 });

/** Logs of two files and four that are runs, each a day after the one before. */
const logs: Record<string, Record<string, unknown>> = {
  quick: { ...lasting(1), ...costing(0.02), ...counting(10), environment: 'staging', user: 'ada' },
  slow: { ...lasting(90), ...costing(0.5), ...counting(900), source: 'sdk', output: 'Zanzibar' },
  failed: { ...lasting(2), error: 'It broke.', environment: 'production', user: 'ada' },
  open: { log_status: 'incomplete', ...costing(0.02), user: 'bob', inputs: { a: 'zanzibar' } },
  bare: {},
};
for (const [day, [name, more]] of Object.entries(logs).entries()) {
  const created_at = `2026-03-0${day + 1}T12:00:00Z`;
  const common = { ...more, created_at, log_id: name };
  if (name === 'open' || name === 'bare') await logAgent(api, 'all/agent', common);
  else await bodyOf(api.post('/prompts/log', { ...prompt, ...common }));
}
await bodyOf(
  api.post('/prompts/log', {
    ...prompt,
    log_id: 'below',
    trace_parent_id: 'open',
    created_at: '2026-03-06T12:00:00Z',
    ...lasting(1),
    ...costing(0.02),
  }),
);
const asking = { agent: scripted([{ tool_calls: [callOf('lookup', { key: 'k' })] }]) };
for (const log_id of ['waiting', 'cancelled']) {
  await bodyOf(api.post('/agents/call', { path: 'all/run', ...asking, messages: hello, log_id }));
}
await bodyOf(api.post('/logs/cancelled/cancel'));
const gone = await logAgent(api, 'all/gone', { log_id: 'of-a-deleted-file' });
await bodyOf(api.delete(`/agents/${gone.agent_id}`));
const file = (await bodyOf(api.get('/logs/quick'))).prompt;
const agentId = (await bodyOf(api.get('/logs/open'))).agent.id;

const kind = await externalEvaluator(api, 'all/kind');
const score = await externalEvaluator(api, 'all/score', { return_type: 'number' });
const mood = await externalEvaluator(api, 'all/mood', {
  return_type: 'select',
  options: [{ name: 'glad' }, { name: 'sad' }],
});
for (const [path, parent_id, said] of [
  ['all/kind', 'quick', { judgment: true }],
  ['all/kind', 'slow', { judgment: false }],
  ['all/kind', 'open', { error: 'It cannot say.' }],
  ['all/kind', 'bare', {}],
  ['all/score', 'quick', { judgment: 0.25 }],
  ['all/score', 'slow', { judgment: 0.75 }],
  ['all/mood', 'quick', { judgment: 'glad' }],
] as const) {
  const at = { created_at: '2026-02-01T00:00:00Z', log_id: `${path.slice(4)}-${parent_id}` };
  await bodyOf(api.post('/evaluators/log', { path, parent_id, ...said, ...at }));
}

/** Without the logs of the evaluators. */
const ours = 'type=agent&type=prompt';
const queries: readonly (readonly [string, string])[] = [
  [ours, 'cancelled waiting below bare open failed slow quick'],
  ['type=prompt', 'below failed slow quick'],
  ['type=tool', ''],
  [`file_id=${file.id}`, 'below failed slow quick'],
  [`file_id=${file.id}&type=agent`, ''],
  [`file_id=${file.id}&status=complete`, 'below slow quick'],
  [`version_id=${file.version_id}`, 'below failed slow quick'],
  [`version_id=${file.version_id}&min_cost=0.1`, 'slow'],
  ['version_id=prv_none', ''],
  [`version_id=${gone.version_id}`, ''],
  ['status=running', ''],
  ['status=suspended', 'waiting'],
  ['status=interrupted', ''],
  [`${ours}&status=error`, 'cancelled failed'],
  [`${ours}&status=incomplete`, 'open'],
  [`${ours}&status=complete`, 'below bare slow quick'],
  [`${ours}&status=suspended&status=error&status=incomplete`, 'cancelled waiting open failed'],
  ['environment=staging', 'quick'],
  ['environment=staging&environment=production', 'failed quick'],
  ['environment=Staging', ''],
  ['user=ada', 'failed quick'],
  ['source=sdk', 'slow'],
  ['min_cost=0.02', 'below open slow quick'],
  ['max_cost=0.02', 'below open quick'],
  ['min_cost=0.021&max_cost=1', 'slow'],
  [`${ours}&min_latency=2&max_latency=90`, 'failed slow'],
  ['min_latency=90.001', ''],
  ['type=prompt&min_tokens=10&max_tokens=899', 'quick'],
  [`judgment=${kind.id}:true`, 'quick'],
  [`judgment=${kind.id}:false`, 'slow'],
  [`judgment=${kind.id}:error`, 'open'],
  [`judgment=${kind.id}:null`, 'bare'],
  [`judgment=${kind.id}:any`, 'bare open slow quick'],
  [`${ours}&judgment=${kind.id}:none`, 'cancelled waiting below failed'],
  [`judgment=${score.id}:>=0.5`, 'slow'],
  [`judgment=${score.id}:<=0.25`, 'quick'],
  [`judgment=${mood.id}:=glad`, 'quick'],
  [`judgment=${kind.id}:any&judgment=${score.id}:any`, 'slow quick'],
  [`${ours}&in_trace_filter=true`, 'below'],
  [`${ours}&in_trace_filter=false&max_cost=0.02`, 'open quick'],
  [`${ours}&start_date=2026-03-03&end_date=2026-03-04`, 'open failed'],
  ['search=zanzibar', 'open slow'],
  ['search=zanzibar&status=complete', 'slow'],
  [`search=zanzibar&file_id=${agentId}`, 'open'],
  ['id=low&type=prompt', 'below slow'],
  ['metadata_search=nothing', ''],
];

test.each(queries)('`%s` selects: %s', async (query, names) => {
  const expected = names === '' ? [] : names.split(' ');
  const whole = await list(query);
  expect(idsOf(whole)).toEqual(expected);
  expect(whole).toMatchObject({ total: expected.length, total_is_exact: true });
  // The figures are of the same logs.
  const stats = await bodyOf(api.get(`/log-stats?${query}`));
  const errors = expected.filter((name) => ['failed', 'cancelled'].includes(name));
  expect(stats).toMatchObject({ total: expected.length, errors: errors.length });
  const counts = stats.buckets.map(({ count }: { count: number }) => count);
  expect(counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(expected.length);
});

test.each([
  ['sort_by=latency', 'slow failed quick below cancelled'],
  ['sort_by=latency&order=asc', 'cancelled below quick failed slow'],
  ['sort_by=cost', 'slow quick open below'],
  ['sort_by=cost&order=asc', 'below open quick slow'],
  ['sort_by=tokens', 'slow'],
  ['order=asc', 'quick slow failed open bare below waiting cancelled'],
])('`%s` lists %s, and unknown values last', async (sort, names) => {
  const known = names.split(' ');
  const all = idsOf(await list(`${ours}&${sort}`));
  expect(all.slice(0, known.length)).toEqual(known);
  expect(all).toHaveLength(8);
  const pieces: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const next = await list(`${ours}&${sort}&size=3${cursor && `&cursor=${cursor}`}`);
    pieces.push(...idsOf(next));
    cursor = next.next_cursor;
  }
  expect(pieces).toEqual(all);
  for (const [index, id] of all.entries()) {
    const beside = await bodyOf(api.get(`/logs/${id}/neighbours?${ours}&${sort}`));
    expect([id, beside]).toEqual([
      id,
      { previous: all[index - 1] ?? null, next: all[index + 1] ?? null },
    ]);
  }
});

test('the logs beside a log are those of the filter, whether or not it matches itself', async () => {
  const beside = async (id: string, query: string) =>
    bodyOf(api.get(`/logs/${id}/neighbours?${query}`));
  expect(await beside('failed', 'user=ada')).toEqual({ previous: null, next: 'quick' });
  expect(await beside('slow', 'user=ada')).toEqual({ previous: 'failed', next: 'quick' });
  expect(await beside('failed', 'search=zanzibar')).toEqual({ previous: 'open', next: 'slow' });
  expect(await beside('failed', 'version_id=prv_none')).toEqual({ previous: null, next: null });
  for (const id of ['none', 'of-a-deleted-file']) {
    expectRefusal(await send(api, 'GET', `/v5/logs/${id}/neighbours`), 404);
    expectRefusal(await send(api, 'GET', `/v5/logs/${id}/spans`), 404);
  }
});

test('figures are those of the logs: latency, cost and errors, in all and by time', async () => {
  const stats = await bodyOf(api.get(`/log-stats?type=prompt&buckets=4&in_trace_filter=false`));
  expect(stats).toEqual({
    total: 3,
    total_is_exact: true,
    errors: 1,
    latency: { p50: 2, p95: 90, p99: 90 },
    cost: expect.closeTo(0.52),
    cost_p95: 0.5,
    cost_p99: 0.5,
    logs_without_cost: 1,
    tokens: 910,
    from: '2026-03-01T12:00:00.000000Z',
    until: '2026-03-03T12:00:00.000000Z',
    bucket_seconds: 43_200,
    buckets: [
      { from: '2026-03-01T12:00:00.000000Z', count: 1, errors: 0, p50: 1, p95: 1, cost: 0.02 },
      { from: '2026-03-02T12:00:00.000000Z', count: 1, errors: 0, p50: 90, p95: 90, cost: 0.5 },
      { from: '2026-03-03T12:00:00.000000Z', count: 1, errors: 1, p50: 2, p95: 2, cost: null },
    ],
  });
  const range = 'start_date=2026-03-01T11:00:00Z&end_date=2026-03-01T13:00:00Z';
  expect(await bodyOf(api.get(`/log-stats?type=prompt&${range}&buckets=2`))).toMatchObject({
    from: '2026-03-01T11:00:00.000000Z',
    until: '2026-03-01T13:00:00.000000Z',
    bucket_seconds: 3_600,
    buckets: [{ from: '2026-03-01T12:00:00.000000Z', count: 1 }],
  });
  const longer = 'start_date=1900-01-01T00:00:00Z&end_date=2026-04-01T00:00:00Z';
  expect(await bodyOf(api.get(`/log-stats?type=prompt&${longer}&buckets=2`))).toMatchObject({
    bucket_seconds: 64 * 365 * 86_400,
    buckets: [{ count: 4 }],
  });
  expect(await bodyOf(api.get('/log-stats?type=tool'))).toMatchObject({
    total: 0,
    from: null,
    latency: { p50: null },
    cost: null,
    buckets: [],
  });
  expect((await bodyOf(api.get('/log-stats?buckets=0'))).buckets).toEqual([]);
});

test('a row says in short what was asked, what came of it, and what evaluators say', async () => {
  const { records } = await list(`${ours}&view=summary`);
  const row = (id: string) => records.find((record: { id: string }) => record.id === id);
  expect(row('quick')).toMatchObject({
    path: 'all/prompt',
    name: 'prompt',
    status: 'complete',
    latency: 1,
    cost: 0.02,
    tokens: 10,
    input: null,
    judgments: [
      {
        evaluator_id: kind.id,
        evaluator_name: 'kind',
        judge: null,
        outcome: 'judged',
        return_type: 'boolean',
        value: 1,
      },
      { evaluator_id: mood.id, outcome: 'judged', return_type: 'select', options: ['glad'] },
      { evaluator_id: score.id, outcome: 'judged', return_type: 'number', value: 0.25 },
    ],
  });
  expect(row('waiting')).toMatchObject({
    status: 'suspended',
    run_state: 'suspended',
    input: 'Hello',
    forked_from: null,
    judgments: [],
  });
  expect(row('open')).toMatchObject({ status: 'incomplete', input: '{"a":"zanzibar"}' });
  const parts = [
    { type: 'text', text: 'Two' },
    { type: 'image_url', image_url: { url: 'x' } },
  ];
  await logAgent(api, 'all/parts', {
    log_id: 'parts',
    messages: [{ role: 'user', content: parts }, answerTo('call_1', 'result')],
  });
  expect((await list('id=parts&view=summary')).records[0]).toMatchObject({ input: 'Two' });
  await api.delete('/logs?id=parts');
});

test('each log is in one state, which is that of its row', async () => {
  const states = ['running', 'suspended', 'interrupted', 'incomplete', 'complete', 'error'];
  const found: string[] = [];
  for (const status of states) {
    const { records } = await list(`view=summary&status=${status}`);
    for (const record of records) expect([record.id, record.status]).toEqual([record.id, status]);
    found.push(...idsOf({ records }));
  }
  expect(found.toSorted()).toEqual(idsOf(await list('')).toSorted());
});

test('a cursor belongs to its order, and what cannot be meant is refused', async () => {
  const { next_cursor: cursor } = await list(`${ours}&sort_by=cost&size=2`);
  for (const [query, loc] of [
    [`cursor=${cursor}`, ['query', 'cursor']],
    [`cursor=${cursor}&sort_by=latency`, ['query', 'cursor']],
    ['status=lost', ['query', 'status', 0]],
    ['min_cost=2&max_cost=1', ['query', 'max_cost']],
    ['min_cost=-1', ['query', 'min_cost']],
    ['judgment=ev_1', ['query', 'judgment', 0]],
    ['judgment=ev_1:perhaps', ['query', 'judgment', 0]],
    ['start_date=2026-03-02&end_date=2026-03-01', ['query', 'end_date']],
  ] as const) {
    expectRefusal(await send(api, 'GET', `/v5/logs?${query}`), 422, loc);
  }
  for (const url of ['/v5/logs', '/v5/log-stats', '/v5/log-export', '/v5/logs/quick/neighbours']) {
    expectRefusal(await send(api, 'GET', `${url}?file_id=ag_none`), 404);
  }
});

test('an organization sees its own logs, and no others', async () => {
  await addOrganization(api, 'a-key-of-others');
  const headers = { 'x-api-key': 'a-key-of-others' };
  const get = async (url: string) => (await send(api, 'GET', url, undefined, headers)).body;
  expect(await get('/v5/logs')).toMatchObject({ records: [], total: 0 });
  expect(await get('/v5/log-stats')).toMatchObject({ total: 0 });
  expect(await get('/v5/log-export?format=csv')).toMatch(/^id,[a-z_,]+\r\n$/);
});

test('a text is found in the logs of all files, also through the index of texts', async () => {
  await indexLogs(api.database);
  await api.database.pool.query(
    `INSERT INTO log (organization_id, id, type, file_id, version_id, created_at, save, output)
    SELECT organization_id, 'many_' || n, 'prompt', file_id, version_id,
      timestamptz '2020-01-01' + n * interval '1 s', true, 'Number ' || n
    FROM log, generate_series(1, 1500) n WHERE id = 'quick'`,
  );
  try {
    await indexLogs(api.database);
    expect(idsOf(await list('search=number+777'))).toEqual(['many_777']);
    expect(await list('search=zanzibar')).toMatchObject({ total: 2, total_is_exact: true });
    expect(idsOf(await list('search=zanzibar'))).toEqual(['open', 'slow']);
    expect((await bodyOf(api.get('/log-stats?search=number'))).total).toBe(1_500);
    expect((await list('search=number&sort_by=cost&size=1')).records).toHaveLength(1);
    expect((await list('search=number+77&sort_by=latency&order=asc')).total).toBe(11);
    expect((await list('')).total).toBeGreaterThan(1_500);
    expect((await list('sample=100')).total).toBeGreaterThan(0);
  } finally {
    await api.database.pool.query("DELETE FROM log WHERE id LIKE 'many_%'");
  }
});

test('an export has the logs of the filter: whole ones as lines, or rows of a table', async () => {
  const url = `/v5/log-export?${ours}`;
  const { payload } = await api.app.inject({ url, headers: { 'x-api-key': apiKey } });
  const lines = payload.trimEnd().split('\n');
  const exported = lines.map((line) => JSON.parse(line));
  expect(idsOf({ records: exported })).toEqual(idsOf(await list(ours)));
  const { body: log } = await api.get('/logs/slow?include_trace_children=false');
  const { turns: _turns, ...shown } = exported.find(({ id }) => id === 'slow');
  expect(log).toMatchObject(shown);

  await logAgent(api, 'all/formula', {
    log_id: '+formula',
    output: '=HYPERLINK("http://example.com")',
    inputs: { a: 'x, "y"\nz' },
    user: '@ada',
    created_at: '2026-03-09T00:00:00Z',
  });
  const { body: csv, headers } = await api.get('/log-export?format=csv&ids=%2Bformula&ids=slow');
  await api.delete('/logs?id=%2Bformula');
  expect(headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(headers['content-disposition']).toBe('attachment; filename="logs.csv"');
  const [head, first] = String(csv).split('\r\n');
  expect(head).toMatch(/^id,created_at,type,path,version_id,status,/);
  expect(first).toMatch(/^'\+formula,2026-03-09T00:00:00.000000Z,agent,all\/formula,agv_/);
  expect(csv).toContain(`"'=HYPERLINK(""http://example.com"")"`);
  expect(csv).toContain(`,'@ada,`);
  expect(csv).toContain(String.raw`"{""a"":""x, \""y\""\nz""}"`);
  expect(csv).toContain('slow,2026-03-02T12:00:00.000000Z,prompt,all/prompt,');
  expect(String((await api.get('/log-export?format=csv&status=running')).body)).toBe(`${head}\r\n`);
});

test('logs that match are deleted with what is below them, and a misspelt filter deletes none', async () => {
  const path = 'all/doomed';
  for (const log_id of ['doomed-1', 'doomed-2']) {
    await logAgent(api, path, { log_id, log_status: 'incomplete', user: 'doomed' });
    await logAgent(api, 'all/agent', { log_id: `${log_id}-below`, trace_parent_id: log_id });
  }
  await logAgent(api, path, { log_id: 'spared' });
  for (const body of [{}, { filter: {} }, { filter: { usr: 'doomed' } }]) {
    expect((await api.post('/logs/delete', body)).statusCode).toBe(422);
  }
  expectRefusal(
    await send(api, 'POST', '/v5/logs/delete', '{"filter":{"min_cost":2,"max_cost":1}}'),
    422,
    ['body', 'filter', 'max_cost'],
  );
  expect((await list('id=doomed')).total).toBe(4);
  const filter = { user: 'doomed', status: ['incomplete'] };
  const deleted = await bodyOf(api.post('/logs/delete', { filter }));
  expect(deleted).toEqual({ deleted: 4, is_done: true });
  expect((await list('id=doomed&id=spared')).total).toBe(1);
  expect(await bodyOf(api.post('/logs/delete', { filter }))).toEqual({ deleted: 0, is_done: true });
  const none = { filter: { version_id: 'agv_none' } };
  expect(await bodyOf(api.post('/logs/delete', none))).toEqual({ deleted: 0, is_done: true });
});

async function list(query: string) {
  return bodyOf(api.get(`/logs?${query.includes('size=') ? '' : 'size=100&'}${query}`));
}
