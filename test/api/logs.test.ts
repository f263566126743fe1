import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';

const api = await testApp();

const model = { model: 'gpt-4o' };

test('logs form a trace below a parent, until it is complete', async () => {
  const log = async (more: Record<string, unknown>) =>
    api.post('/agents/log', { path: 'logs/traced', agent: model, output: 'x', ...more });
  const { body: root } = await log({ log_status: 'incomplete' });
  const { body: child } = await log({ trace_parent_id: root.id });
  const { body: grandchild } = await log({ trace_parent_id: child.id });

  const { body: tree } = await api.get(`/logs/${root.id}`);
  expect(tree).toMatchObject({
    trace_id: root.id,
    trace_parent_id: null,
    trace_children: [
      {
        id: child.id,
        trace_id: root.id,
        trace_parent_id: root.id,
        trace_children: [{ id: grandchild.id, trace_id: root.id, trace_children: [] }],
      },
    ],
  });

  await api.patch(`/agents/${root.agent_id}/log/${root.id}`, { log_status: 'complete' });
  const late = await log({ trace_parent_id: child.id });
  expect(late).toMatchObject({ statusCode: 409, body: { code: 'trace_complete' } });
});

test('a call may stand below a parent too', async () => {
  const { body: root } = await api.post('/agents/log', {
    path: 'logs/parent',
    agent: model,
    log_status: 'incomplete',
  });
  const { body } = await api.post('/agents/call', {
    path: 'logs/called-below',
    agent: scripted([{ content: 'Hi.' }]),
    messages: hello,
    trace_parent_id: root.id,
  });
  expect(body).toMatchObject({ trace_id: root.id, trace_parent_id: root.id, output: 'Hi.' });
  const { body: tree } = await api.get(`/logs/${root.id}`);
  expect(tree.trace_children).toMatchObject([{ id: body.id, output: 'Hi.' }]);
});

test('a file’s logs are listed newest first, page by page', async () => {
  const ids: string[] = [];
  let fileId = '';
  for (let n = 0; n < 5; n++) {
    const { body } = await api.post('/agents/log', {
      path: 'logs/listed',
      agent: model,
      output: `${n}`,
    });
    ids.unshift(body.id);
    fileId = body.agent_id;
  }
  const page = async (query: string) => (await api.get(`/logs?file_id=${fileId}&${query}`)).body;
  const first = await page('size=2');
  expect(first).toMatchObject({ page: 1, size: 2, total: 5 });
  const seen = [];
  for (const n of [1, 2, 3, 4]) {
    const { records } = await page(`size=2&page=${n}`);
    seen.push(...records.map(({ id }: { id: string }) => id));
  }
  expect(seen).toEqual(ids);
  expect(first.records[0]).toMatchObject({
    output: '4',
    agent: { id: fileId, type: 'agent' },
    trace_children: null,
  });
});

test('a list shows of a call’s log what its log shows', async () => {
  const { body: call } = await api.post('/agents/call', {
    path: 'logs/list-of-calls',
    agent: scripted([
      { content: 'Let me see.', tool_calls: [callOf('lookup')] },
      { content: 'Hi.' },
    ]),
    messages: hello,
  });
  await api.post('/agents/continue', { log_id: call.id, messages: [answerTo('call_1_1', 'x')] });
  const { body: one } = await api.get(`/logs/${call.id}`);
  const { body: list } = await api.get(
    `/logs?file_id=${call.agent.id}&version_id=${call.agent.version_id}&include_trace_children=true`,
  );
  const [listed] = list.records;
  for (const field of [
    'messages',
    'output',
    'provider_request',
    'provider_response',
    'trace_children',
  ]) {
    expect(listed[field]).toEqual(one[field]);
  }
  // Raw bodies of each turn are for the log alone.
  expect(one.turns[0]).toHaveProperty('provider_request');
  expect(listed.turns[0]).not.toHaveProperty('provider_request');
});

test('deleting logs deletes what is below them, or nothing when one is not there', async () => {
  const log = async (more = {}) =>
    (await api.post('/agents/log', { path: 'logs/deleted', agent: model, ...more })).body;
  const root = await log({ log_status: 'incomplete' });
  const child = await log({ trace_parent_id: root.id });
  const other = await log();
  const refused = await api.delete(`/logs?id=${other.id}&id=log_nonesuch`);
  expect(refused.statusCode).toBe(404);
  expect((await api.get(`/logs/${other.id}`)).statusCode).toBe(200);
  const { statusCode } = await api.delete(`/logs?id=${root.id}&id=${other.id}`);
  expect(statusCode).toBe(204);
  for (const { id } of [root, child, other]) {
    expect((await api.get(`/logs/${id}`)).statusCode).toBe(404);
  }
});

test('deleting the log of a run that is under way ends the run, and nothing of it is left', async () => {
  const call = api.post('/agents/call', {
    path: 'logs/deleted-running',
    agent: scripted([{ content: 'one two three four', word_delay_ms: 500 }]),
    messages: hello,
    log_id: 'deleted-running',
    stream: true,
  });
  await expect.poll(async () => (await api.get('/logs/deleted-running')).statusCode).toBe(200);
  await api.delete('/logs?id=deleted-running');
  const { body } = await call;
  expect(body).toContain('"type":"error"');
  expect((await api.get('/logs/deleted-running')).statusCode).toBe(404);
  const { rows } = await api.database.pool.query(
    "SELECT FROM turn WHERE log_id = 'deleted-running'",
  );
  expect(rows).toEqual([]);
});

test('raw requests are stored once for what turns have in common, and read back whole', async () => {
  const steps = Array.from({ length: 4 }, () => ({ tool_calls: [callOf('lookup')] }));
  const { body: call } = await api.post('/agents/call', {
    path: 'logs/trimmed',
    agent: scripted([...steps, { content: 'Done.' }]),
    messages: [{ role: 'user', content: 'x'.repeat(10_000) }],
  });
  let last = call;
  for (const turn of [1, 2, 3, 4]) {
    const messages = [answerTo(`call_${turn}_1`, `answer ${turn}`)];
    ({ body: last } = await api.post('/agents/continue', { log_id: call.id, messages }));
  }
  expect(last.provider_request.messages).toHaveLength(9);
  const { body: log } = await api.get(`/logs/${call.id}`);
  expect(log.provider_request).toEqual(last.provider_request);
  const { rows } = await api.database.pool.query(
    'SELECT length(provider_request::text) AS length, shared_messages FROM turn WHERE log_id = $1 ORDER BY number',
    [call.id],
  );
  expect(rows.map(({ shared_messages }) => shared_messages)).toEqual([0, 1, 3, 5, 7]);
  for (const { length } of rows.slice(1)) expect(length).toBeLessThan(5_000);
});

test('a repeated request has its answer, though its parent has been completed since', async () => {
  const { body: root } = await api.post('/agents/log', {
    path: 'logs/closed-parent',
    agent: model,
    log_status: 'incomplete',
  });
  const requests = [
    ['/agents/log', { path: 'logs/late', agent: model, log_id: 'late-log' }],
    [
      '/agents/call',
      {
        path: 'logs/late-call',
        agent: scripted([{ content: 'Hi.' }]),
        messages: hello,
        log_id: 'late-call',
      },
    ],
  ] as const;
  for (const [url, body] of requests) await api.post(url, { ...body, trace_parent_id: root.id });
  await api.patch(`/agents/${root.agent_id}/log/${root.id}`, { log_status: 'complete' });
  for (const [url, body] of requests) {
    const repeated = await api.post(url, { ...body, trace_parent_id: root.id });
    expect(repeated).toMatchObject({ statusCode: 200, body: { id: body.log_id } });
  }
});

test('a log is shown as it was at one moment, whatever is written meanwhile', async () => {
  const logId = 'logs-at-one-moment';
  const calling = api.post('/agents/call', {
    path: 'logs/one-moment',
    agent: scripted([{ content: 'Never.', delay_ms: 3_600_000 }]),
    messages: hello,
    log_id: logId,
  });
  await expect.poll(async () => (await api.get(`/logs/${logId}`)).statusCode).toBe(200);
  const writer = await api.database.pool.connect();
  await writer.query('BEGIN');
  await writer.query('LOCK TABLE run IN ACCESS EXCLUSIVE MODE');
  const reading = api.get(`/logs/${logId}`);
  const waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'relation' AND query LIKE $1";
  await expect
    .poll(async () => (await api.database.pool.query(waiting, ['%SELECT * FROM run %'])).rows)
    .not.toEqual([]);
  await writer.query(
    `INSERT INTO turn (organization_id, log_id, number, started_at, ended_at)
    SELECT organization_id, log_id, 1, now(), now() FROM run WHERE log_id = $1`,
    [logId],
  );
  await writer.query("UPDATE run SET state = 'suspended' WHERE log_id = $1", [logId]);
  await writer.query('COMMIT');
  writer.release();
  const { run, turns } = (await reading).body;
  expect({ state: run.state, turns: turns.length }).toEqual({ state: 'running', turns: 0 });
  await api.delete(`/logs?id=${logId}`);
  await calling;
});
