import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { whenDone } from '../support/when-done.ts';

const one = await testApp();
const other = await testApp({ database: one.database });

const endless = [{ content: 'one two three four', word_delay_ms: 3_600_000 }];

/** Begins a call that goes on until it is cancelled. */
async function begin(logId: string, agent: object = scripted(endless), stream = false) {
  const call = { path: `cancel/${logId}`, agent, messages: hello, log_id: logId };
  const answer = stream ? one.stream('/agents/call', call) : one.post('/agents/call', call);
  await expect.poll(async () => (await one.get(`/logs/${logId}`)).statusCode).toBe(200);
  return answer;
}

const cancelled = { log_status: 'complete', error: 'cancelled', output: null, run: null };

describe('a run that is under way', () => {
  test.each(['here', 'elsewhere'])(
    'is cancelled from %s, and whoever waits has its log',
    async (where) => {
      const logId = `under-way-${where}`;
      const call = {
        path: 'cancel/waiting',
        agent: scripted(endless),
        messages: hello,
        log_id: logId,
      };
      const waiting = [one.post('/agents/call', call), one.stream('/agents/call', call)] as const;
      await expect.poll(async () => (await one.get(`/logs/${logId}`)).statusCode).toBe(200);
      const joined = other.post('/agents/call', call);
      const { statusCode, body } = await (where === 'here' ? one : other).post(
        `/logs/${logId}/cancel`,
      );
      expect(statusCode).toBe(200);
      expect(body).toMatchObject({ id: logId, ...cancelled });

      const answer = await waiting[0];
      expect(answer).toMatchObject({ statusCode: 200, body: { id: logId, ...cancelled } });
      const events = await waiting[1];
      expect(events.at(-1)).toMatchObject({ type: 'agent_turn_error', payload: cancelled });
      expect((await joined).body).toMatchObject({ id: logId, ...cancelled });
      await expect.poll(() => one.runtime.size).toBe(0);
    },
  );

  test('ends with the agents below it', async () => {
    const { body: inner } = await one.post('/agents', {
      path: 'cancel/Inner',
      ...scripted([{ content: 'one two', delay_ms: 3_600_000 }]),
    });
    const link = { file_id: inner.id, environment_id: null };
    const outer = scripted([{ tool_calls: [callOf('inner', { message: 'x' })] }], {
      tools: [{ type: 'file', link, on_agent_call: 'continue' }],
    });
    const calling = one.post('/agents/call', {
      path: 'cancel/outer',
      agent: outer,
      messages: hello,
      log_id: 'outer',
    });
    const runs = async () =>
      (await one.database.pool.query("SELECT log_id FROM run WHERE state = 'running'")).rows.length;
    await expect.poll(runs).toBe(2);
    const { body } = await other.post('/logs/outer/cancel');
    expect(body).toMatchObject(cancelled);
    expect(body.trace_children).toMatchObject([cancelled]);
    expect((await calling).body).toMatchObject(cancelled);
    expect(await runs()).toBe(0);
  });

  test('is told that its nested agent was cancelled, when that alone is', async () => {
    const { body: inner } = await one.post('/agents', {
      path: 'cancel/InnerAlone',
      ...scripted([{ content: 'one two', delay_ms: 3_600_000 }]),
    });
    const link = { file_id: inner.id, environment_id: null };
    const calling = one.post('/agents/call', {
      path: 'cancel/outer-goes-on',
      agent: scripted(
        [{ tool_calls: [callOf('inneralone', { message: 'x' })] }, { content: 'Never mind.' }],
        { tools: [{ type: 'file', link, on_agent_call: 'continue' }] },
      ),
      messages: hello,
      log_id: 'outer-goes-on',
    });
    const child = async () =>
      (
        await one.database.pool.query<{ log_id: string }>(
          "SELECT log_id FROM run WHERE parent_log_id = 'outer-goes-on'",
        )
      ).rows[0]?.log_id;
    await expect.poll(child).toBeDefined();
    expect((await other.post(`/logs/${await child()}/cancel`)).statusCode).toBe(200);
    const { body } = await calling;
    expect(body).toMatchObject({ log_status: 'complete', error: null, output: 'Never mind.' });
    expect(body.messages).toContainEqual(
      expect.objectContaining({ role: 'tool', content: 'Error: cancelled' }),
    );
  });
});

describe('a run that waits for its client', () => {
  async function suspended(path: string) {
    const { body } = await one.post('/agents/call', {
      path,
      agent: scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Never.' }]),
      messages: hello,
    });
    return body.id as string;
  }

  test('is cancelled, and cannot be continued', async () => {
    const logId = await suspended('cancel/suspended');
    expect((await other.post(`/logs/${logId}/cancel`)).body).toMatchObject(cancelled);
    const late = await one.post('/agents/continue', {
      log_id: logId,
      messages: [answerTo('call_1_1', 'x')],
    });
    expect(late).toMatchObject({ statusCode: 409, body: { code: 'not_suspended' } });
    const events = await other.events(logId);
    expect(events.at(-1)).toMatchObject({ type: 'agent_turn_error', payload: cancelled });
  });

  test.each(['here', 'elsewhere'])(
    'is cancelled %s with the agent above it, which waits for it',
    async (where) => {
      const asking = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Never.' }]);
      const { body: inner } = await one.post('/agents', {
        path: `cancel/WaitingBelow${where}`,
        ...asking,
      });
      const name = `waitingbelow${where}`;
      const link = { file_id: inner.id, environment_id: null };
      const { body: outer } = await one.post('/agents/call', {
        path: `cancel/waiting-above-${where}`,
        agent: scripted([{ tool_calls: [callOf(name, { message: 'x' })] }, { content: 'Never.' }], {
          tools: [{ type: 'file', link, on_agent_call: 'continue' }],
        }),
        messages: hello,
        include_trace_children: true,
      });
      expect(outer).toMatchObject({ run: { state: 'suspended' } });
      const childId = outer.trace_children[0].id;
      expect((await one.get(`/logs/${childId}`)).body.run).toMatchObject({ state: 'suspended' });
      const api = where === 'here' ? one : other;
      expect((await api.post(`/logs/${outer.id}/cancel`)).body).toMatchObject(cancelled);
      expect((await one.get(`/logs/${childId}`)).body).toMatchObject(cancelled);
      for (const id of [outer.id, childId]) {
        const again = await api.post(`/logs/${id}/cancel`);
        expect(again).toMatchObject({ statusCode: 409, body: { code: 'run_ended' } });
      }
    },
  );

  test('is cancelled or continued, when both are asked for at once', async () => {
    for (let n = 0; n < 5; n++) {
      const logId = await suspended(`cancel/race-${n}`);
      const [cancel, proceed] = await Promise.all([
        one.post(`/logs/${logId}/cancel`),
        other.post('/agents/continue', { log_id: logId, messages: [answerTo('call_1_1', 'x')] }),
      ]);
      const { body: log } = await one.get(`/logs/${logId}`);
      expect(log.run).toBeNull();
      if (log.error === 'cancelled') {
        expect(cancel.statusCode).toBe(200);
        expect([200, 409]).toContain(proceed.statusCode);
        expect(proceed.body.output ?? null).toBeNull();
      } else {
        expect([cancel.statusCode, proceed.statusCode]).toEqual([409, 200]);
        expect(log.output).toBe('Never.');
      }
    }
  });
});

test('a run of which nothing is stored is cancelled, too, and its log says so', async () => {
  const call = one.post('/agents/call', {
    path: 'cancel/unsaved',
    agent: scripted(endless),
    messages: hello,
    save: false,
    log_id: 'unsaved-run',
  });
  await expect.poll(async () => (await one.get('/logs/unsaved-run')).statusCode).toBe(200);
  expect((await other.post('/logs/unsaved-run/cancel')).body).toMatchObject(cancelled);
  expect((await call).body).toMatchObject(cancelled);
  expect((await one.get('/logs/unsaved-run')).body).toMatchObject(cancelled);
});

test('what has ended, or never ran, cannot be cancelled', async () => {
  const { body } = await one.post('/agents/call', {
    path: 'cancel/ended',
    agent: scripted([{ content: 'Done.' }]),
    messages: hello,
  });
  const late = await one.post(`/logs/${body.id}/cancel`);
  expect(late).toMatchObject({ statusCode: 409, body: { code: 'run_ended' } });
  expect((await one.get(`/logs/${body.id}`)).body).toMatchObject({ output: 'Done.', error: null });
  expect((await one.post('/logs/nowhere/cancel')).statusCode).toBe(404);
});

test('of many that cancel one run at once, one does, and the others are told that it has ended', async () => {
  const calling = begin('many-cancels');
  await expect.poll(async () => (await one.get('/logs/many-cancels')).statusCode).toBe(200);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => (n % 2 ? one : other).post('/logs/many-cancels/cancel')),
  );
  const statuses = answers.map(({ statusCode }) => statusCode);
  expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
  expect(statuses).toContain(200);
  expect((await calling) as object).toMatchObject({ statusCode: 200, body: cancelled });
  const { rows } = await one.database.pool.query("SELECT 1 FROM run WHERE log_id = 'many-cancels'");
  expect(rows).toEqual([]);
});

test('calls of prompts and of Python tools are cancelled, too', async () => {
  const prompt = one.post('/prompts/call', {
    path: 'cancel/prompt',
    prompt: { provider: 'mock', model: 'mock', other: { script: endless } },
    messages: hello,
    log_id: 'prompt-run',
    stream: true,
  });
  await expect.poll(async () => (await one.get('/logs/prompt-run')).statusCode).toBe(200);
  expect((await other.post('/logs/prompt-run/cancel')).body).toMatchObject({ error: 'cancelled' });
  expect((await prompt).body).toContain('cancelled');

  const tool = one.post('/tools/call', {
    path: 'cancel/tool',
    tool: { tool_type: 'python', source_code: 'def spin():\n  while True:\n    pass\n' },
    inputs: {},
    log_id: 'tool-run',
  });
  await expect.poll(async () => (await one.get('/logs/tool-run')).statusCode).toBe(200);
  expect((await other.post('/logs/tool-run/cancel')).body).toMatchObject({ error: 'cancelled' });
  expect((await tool).body).toMatchObject({ error: 'cancelled', output: null });
});

test('a run is cancelled while its organization has used up its share of the connections', async () => {
  const database = await testDatabase();
  const leaseDatabase = openDatabase(database.connection, { max: 3 });
  whenDone(() => leaseDatabase.close());
  const crowded = await testApp({ database, leaseDatabase });
  const logId = 'crowded-out';
  const call = crowded.post('/agents/call', {
    path: 'cancel/crowded',
    agent: scripted(endless),
    messages: hello,
    log_id: logId,
  });
  await expect.poll(async () => (await crowded.get(`/logs/${logId}`)).statusCode).toBe(200);
  const { db } = crowded.workspace;
  const gone = new AbortController();
  const { organizationId } = crowded.workspace;
  const reading = database.readingQueriesFor(organizationId, gone.signal);
  const crowd = [...Array(4).fill(reading), ...Array(60).fill(db)].map((db: typeof reading) =>
    sql`SELECT pg_sleep(${db === reading ? 60 : 1})`.execute(db).catch(() => undefined),
  );
  const cancelling = crowded.post(`/logs/${logId}/cancel`);
  const first = await Promise.race([cancelling, crowd.at(-1)]);
  expect(first).toMatchObject({ statusCode: 200, body: { id: logId, ...cancelled } });
  gone.abort();
  await Promise.all([call, ...crowd]);
  expect((await crowded.get(`/logs/${logId}`)).body).toMatchObject({ id: logId, ...cancelled });
}, 30_000);
