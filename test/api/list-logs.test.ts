import { expect, test } from 'vitest';
import { scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { idsOf, logAgent, type MadeLog } from '../support/logs.ts';
import { addOrganization } from '../support/organizations.ts';
import { expectRefusal, send } from '../support/refusals.ts';

const api = await testApp();

const path = 'lists/filtered';
/** Logs of one file, each a day after the one before. */
const made: Record<string, MadeLog> = {};
const kinds: Record<string, Record<string, unknown>> = {
  root: { log_status: 'incomplete', output: 'A Zürich greeting', metadata: { team: 'Blue' } },
  child: { inputs: { city: 'Bern', note: 'a "quoted" word' }, metadata: { team: 'red', n: 7 } },
  other: { output: 'Nothing of note', inputs: { city: 'ZÜRICH' }, agent: { model: 'gpt-4' } },
  spoken: { output_message: { role: 'assistant', content: 'Said 100% in words\nand lines' } },
  silent: { save: false, inputs: { city: 'Zürich' }, output: 'zürich', metadata: { team: 'blue' } },
};
for (const [day, [name, kind]] of Object.entries(kinds).entries()) {
  made[name] = await logAgent(api, path, {
    ...kind,
    created_at: `2026-03-0${day + 1}T12:00:00`,
    log_id: `list-${name}`,
    ...(name === 'child' ? { trace_parent_id: 'list-root' } : {}),
  });
}
const fileId = made['root']?.agent_id;
const list = async (query: string) => (await api.get(`/logs?file_id=${fileId}&${query}`)).body;

test.each([
  ['', 'silent spoken other child root'],
  [`version_id=${made['other']?.version_id}`, 'other'],
  [`version_id=${made['root']?.version_id}`, 'silent spoken child root'],
  ['version_id=agv_nonesuch', ''],
  ['id=list-', 'silent spoken other child root'],
  ['id=poke&id=t-o', 'spoken other'],
  ['id=POKE', ''],
  ['id=_ist', ''],
  ['search=zürich', 'other root'],
  ['search=BERN', 'child'],
  ['search=city', 'other child'],
  ['search=nothing%20OF', 'other'],
  ['search=a+%22quoted%22+word', 'child'],
  ['search=100%25', 'spoken'],
  ['search=100_', ''],
  ['search=words%0Aand', 'spoken'],
  ['search=Blue', ''],
  ['search=&metadata_search=', 'silent spoken other child root'],
  ['metadata_search=blue', 'silent root'],
  ['metadata_search=%22team%22:%20%22RED', 'child'],
  ['metadata_search=7', 'child'],
  ['start_date=2026-03-03T12:00:00', 'silent spoken other'],
  ['start_date=2026-03-03T12:00:00.000001Z', 'silent spoken'],
  ['end_date=2026-03-02T13:00:00%2B01:00', 'child root'],
  ['end_date=2026-03-02T12:59:59%2B01:00', 'root'],
  ['start_date=2026-03-02T12:00:00Z&end_date=2026-03-02T12:00:00Z', 'child'],
  // A date is a day in UTC: a list from one begins with it, and a list to one ends with it.
  ['start_date=2026-03-03', 'silent spoken other'],
  ['end_date=2026-03-02', 'child root'],
  ['start_date=2026-03-02&end_date=2026-03-02', 'child'],
  ['start_date=2026-03-02T12:00&end_date=2026-03-03', 'other child'],
  ['in_trace_filter=true', 'child'],
  ['in_trace_filter=false', 'silent spoken other root'],
  ['in_trace_filter=true&in_trace_filter=false', 'silent spoken other child root'],
  ['in_trace_filter=true&in_trace_filter=true', 'child'],
  ['search=zürich&end_date=2026-03-02T00:00:00', 'root'],
  ['search=city&in_trace_filter=false', 'other'],
  ['search=zürich&metadata_search=blue&id=root&in_trace_filter=false', 'root'],
  ['metadata_search=blue&in_trace_filter=true', ''],
  ['sample=1000000', 'silent spoken other child root'],
])('`%s` lists: %s', async (query, names) => {
  const expected = names.split(' ').flatMap((name) => (name === '' ? [] : `list-${name}`));
  const page = await list(query);
  expect(idsOf(page)).toEqual(expected);
  expect(page).toMatchObject({ total: expected.length, total_is_exact: true, next_cursor: null });
  for (const record of page.records) expect(record.agent.path).toBe(path);
  // The same, one by one: by page, and by cursor.
  const byPage = [];
  const byCursor = [];
  for (const [index] of expected.entries()) {
    const one = await list(`${query}&size=1&page=${index + 1}`);
    byPage.push(...idsOf(one));
    expect(one.total).toBe(expected.length);
  }
  let cursor: string | null = '';
  while (cursor !== null && expected.length > 0) {
    const next = await list(`${query}&size=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    byCursor.push(...idsOf(next));
    expect(next.total).toBe(expected.length);
    cursor = next.next_cursor;
  }
  expect(byPage).toEqual(expected);
  expect(byCursor).toEqual(expected);
});

test('a summary has what a list shows of a log, and no payloads', async () => {
  const long = 'x'.repeat(500);
  const parent = await logAgent(api, 'lists/summary', { log_status: 'incomplete' });
  const log = await logAgent(api, 'lists/summary', {
    trace_parent_id: parent.id,
    inputs: { secret: long },
    error: long,
    output_message: { role: 'assistant', content: long },
    prompt_tokens: 3,
    output_tokens: 4,
    prompt_cost: 0.5,
    start_time: '2026-03-01T00:00:00',
    end_time: '2026-03-01T00:00:02',
    user: 'ada',
    source: 'sdk',
    environment: 'staging',
  });
  const { body } = await api.get(`/logs?file_id=${log.agent_id}&view=summary&size=1`);
  expect(body).toMatchObject({ page: 1, size: 1, total: 2, next_cursor: expect.any(String) });
  expect(body.records).toEqual([
    {
      id: log.id,
      type: 'agent',
      file_id: log.agent_id,
      version_id: log.version_id,
      version_name: null,
      path: 'lists/summary',
      name: 'summary',
      created_at: expect.any(String),
      start_time: '2026-03-01T00:00:00.000000Z',
      end_time: '2026-03-01T00:00:02.000000Z',
      provider_latency: 2,
      log_status: null,
      run_state: null,
      status: 'error',
      latency: 2,
      cost: null,
      tokens: 7,
      prompt_tokens: 3,
      reasoning_tokens: null,
      output_tokens: 4,
      prompt_cost: 0.5,
      output_cost: null,
      finish_reason: null,
      input: `{"secret":"${'x'.repeat(189)}`,
      output: 'x'.repeat(200),
      error: 'x'.repeat(200),
      trace_id: parent.id,
      trace_parent_id: parent.id,
      trace_flow_id: null,
      environment: 'staging',
      user: 'ada',
      source: 'sdk',
      source_datapoint_id: null,
      forked_from: null,
      judgments: [],
    },
  ]);
});

test('a list of judgments shows the logs that they are about when it is asked to', async () => {
  const spec = { evaluator_type: 'human', arguments_type: 'target_free', return_type: 'boolean' };
  const evaluator = await api.post('/evaluators', { path: 'lists/judge', spec });
  const { id } = evaluator.body;
  await api.post('/evaluators/log', { id, parent_id: 'list-child', judgment: true });
  await api.post('/evaluators/log', { id, parent_id: 'list-other', judgment: false });
  const parents = async (query: string) => {
    const { body } = await api.get(`/logs?file_id=${id}${query}`);
    return body.records.map(({ parent_id, parent }: Record<string, never>) => [parent_id, parent]);
  };
  expect(await parents('')).toEqual([
    ['list-other', null],
    ['list-child', null],
  ]);
  expect(await parents('&include_parent=true')).toEqual([
    ['list-other', expect.objectContaining({ id: 'list-other', output: 'Nothing of note' })],
    [
      'list-child',
      expect.objectContaining({
        id: 'list-child',
        inputs: { city: 'Bern', note: 'a "quoted" word' },
      }),
    ],
  ]);
});

test('a summary says of a run under way that it waits', async () => {
  const { body: call } = await api.post('/agents/call', {
    path: 'lists/suspended',
    agent: scripted([{ tool_calls: [{ name: 'lookup', arguments: {} }] }]),
    messages: [{ role: 'user', content: 'Hello' }],
  });
  const { body } = await api.get(`/logs?file_id=${call.agent.id}&view=summary`);
  expect(body.records).toMatchObject([{ run_state: 'suspended', log_status: 'incomplete' }]);
});

test('what is logged while a client follows cursors neither repeats nor hides what was there', async () => {
  const log = (number: number) =>
    logAgent(api, 'lists/walked', {
      log_id: `walk-${number}`,
      // Several of one moment, so that the id decides.
      created_at: `2026-03-01T00:00:${String(Math.floor(number / 3)).padStart(2, '0')}`,
    });
  const numbers = Array.from({ length: 30 }, (_, number) => number);
  const [first] = await Promise.all(numbers.map(log));
  const before = (await api.get(`/logs?file_id=${first?.agent_id}&size=100`)).body;
  expect(before.total).toBe(30);
  const seen: string[] = [];
  let cursor: string | null = '';
  let more = 30;
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const [{ body }] = await Promise.all([
      api.get(`/logs?file_id=${first?.agent_id}&size=4${query}`),
      log(more),
      log(more + 1),
    ]);
    more += 2;
    seen.push(...idsOf(body));
    cursor = body.next_cursor;
  }
  const old = new Set(idsOf(before));
  expect(seen.filter((id) => old.has(id))).toEqual(idsOf(before));
  expect(new Set(seen).size).toBe(seen.length);
  const after = (await api.get(`/logs?file_id=${first?.agent_id}&size=100`)).body;
  expect(after).toMatchObject({ total: more, total_is_exact: true });
});

test('a sample is about as large as asked for, and the same on every page', async () => {
  const logs = await Promise.all(
    Array.from({ length: 200 }, () => logAgent(api, 'lists/sampled', {})),
  );
  const sampled = `/logs?file_id=${logs[0]?.agent_id}&sample=20`;
  const { body } = await api.get(`${sampled}&size=100`);
  expect(body.total).toBeGreaterThan(3);
  expect(body.total).toBeLessThan(60);
  expect(body.records).toHaveLength(body.total);
  const half = Math.ceil(body.total / 2);
  const pages = await Promise.all([
    api.get(`${sampled}&size=${half}`),
    api.get(`${sampled}&size=${half}&page=2`),
  ]);
  expect(pages.flatMap((page) => idsOf(page.body))).toEqual(idsOf(body));
});

test('a page has as many logs as asked for, and none past the end', async () => {
  expect(await list('size=0')).toMatchObject({ records: [], total: 5, next_cursor: null });
  expect(await list('size=5')).toMatchObject({ page: 1, size: 5, total: 5, next_cursor: null });
  expect(idsOf(await list('size=2&page=3'))).toEqual(['list-root']);
  expect(await list('size=2&page=4')).toMatchObject({ records: [], page: 4, total: 5 });
  expect(await list('page=1000000000&size=1000')).toMatchObject({ records: [], total: 5 });
});

test('a total follows what is deleted', async () => {
  const [first, second] = [await logAgent(api, 'lists/fewer'), await logAgent(api, 'lists/fewer')];
  const total = async () => (await api.get(`/logs?file_id=${first.agent_id}`)).body.total;
  expect(await total()).toBe(2);
  await api.delete(`/logs?id=${second.id}`);
  expect(await total()).toBe(1);
});

test.each([
  ['size=-1', ['query', 'size']],
  ['size=1001', ['query', 'size']],
  ['page=0', ['query', 'page']],
  ['page=x', ['query', 'page']],
  ['cursor=', ['query', 'cursor']],
  ['cursor=nonsense', ['query', 'cursor']],
  [`cursor=${btoa('["2026-03-01","x"]')}`, ['query', 'cursor']],
  [`cursor=${btoa('["2026-99-99T00:00:00.000000Z","x"]')}`, ['query', 'cursor']],
  [`cursor=${btoa('[1,2]')}`, ['query', 'cursor']],
  [`cursor=${btoa('["2026-03-01T00:00:00.000000Z","x"]')}&page=2`, ['query', 'page']],
  ['id=', ['query', 'id', 0]],
  ['start_date=yesterday', ['query', 'start_date']],
  ['start_date=2026-02-30T00:00:00', ['query', 'start_date']],
  ['start_date=2026-02-30', ['query', 'start_date']],
  ['end_date=2026-3-1', ['query', 'end_date']],
  ['start_date=2026-03-02&end_date=2026-03-01', ['query', 'end_date']],
  ['start_date=2026-03-02T00:00:00&end_date=2026-03-01T00:00:00', ['query', 'end_date']],
  ['in_trace_filter=maybe', ['query', 'in_trace_filter', 0]],
  ['sample=0', ['query', 'sample']],
  ['sample=many', ['query', 'sample']],
  ['view=tiny', ['query', 'view']],
  ['view=summary&include_trace_children=true', ['query', 'include_trace_children']],
  ['view=summary&include_parent=true', ['query', 'include_parent']],
  ['include_parent=perhaps', ['query', 'include_parent']],
])('`%s` is refused, and the place named', async (query, place) => {
  expectRefusal(await api.get(`/logs?file_id=${fileId}&${query}`), 422, place);
});

test('a list of a file needs a file that is there', async () => {
  expectRefusal(await api.get('/logs?file_id='), 422, ['query', 'file_id']);
  expectRefusal(await api.get('/logs?file_id=ag_nonesuch'), 404);
});

test('another organization sees nothing of a file’s logs', async () => {
  const { apiKey } = await addOrganization(api, 'a-key-of-another-organization');
  const headers = { 'x-api-key': apiKey };
  const get = (url: string) => send(api, 'GET', `/v5${url}`, undefined, headers);
  expectRefusal(await get(`/logs?file_id=${fileId}`), 404);
  expectRefusal(await get(`/logs?file_id=${fileId}&search=bern`), 404);
  expectRefusal(await get('/logs/list-root'), 404);
  expectRefusal(await send(api, 'DELETE', '/v5/logs?id=list-root', undefined, headers), 404);
  expect((await list('')).total).toBe(5);
});
