import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { feedConsumers } from '../../src/compose.ts';
import { completesLog, type FeedConsumer } from '../../src/logs/feed/feed-consumer.ts';
import { expireSealedRuns } from '../../src/runtime/runs/rest-queries.ts';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { testApp } from '../support/app.ts';
import { testDatabase } from '../support/database.ts';
import { drainFeed } from '../support/feed.ts';

const database = await testDatabase();
await database.pool.query('CREATE TABLE completion (log_id text)');

/** Writes down each completion. Were a log told twice, or the transaction not the feed's, it would show. */
const completions: FeedConsumer = {
  name: 'completions',
  async consume(db, logs) {
    for (const { id } of logs.filter(completesLog)) {
      await sql`INSERT INTO completion VALUES (${id})`.execute(db);
    }
  },
};
const consumers = [...feedConsumers, completions];
const api = await testApp({ database, feedConsumers: consumers });

const asking = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'Found.' }]);
const endless = scripted([{ content: 'one two three', delay_ms: 3_600_000 }]);

let made = 0;

async function call(agent: object, more: object = {}): Promise<string> {
  made += 1;
  const id = `call-${made}`;
  const path = `completed/${made}`;
  await api.post('/agents/call', { path, agent, messages: hello, log_id: id, ...more });
  return id;
}

/** Begins a call, and goes on when the log that `sought` finds is there. */
async function beginCall(agent: object, sought: string): Promise<string> {
  const logId = `begun-${made}`;
  void call(agent, { log_id: logId }).catch(() => undefined);
  const found = async () => (await database.pool.query(sought, [logId])).rows[0]?.id;
  await expect.poll(found).toBeDefined();
  return found();
}

/** An agent that calls another, which is stored. */
async function calling(inner: object): Promise<object> {
  made += 1;
  const { body } = await api.post('/agents', { path: `completed/Inner${made}`, ...inner });
  const link = { file_id: body.id, environment_id: null };
  const name = `inner${made}`;
  return scripted([{ tool_calls: [callOf(name, { message: 'x' })] }, { content: 'Never mind.' }], {
    tools: [{ type: 'file', link, on_agent_call: 'continue' }],
  });
}

const itself = 'SELECT log_id AS id FROM run WHERE log_id = $1';
const runBelow = 'SELECT log_id AS id FROM run WHERE parent_log_id = $1';
const logBelow = 'SELECT id FROM log WHERE trace_parent_id = $1';

async function below(id: string): Promise<string> {
  return (await database.pool.query(logBelow, [id])).rows[0].id;
}

/** Each ends a log in one way, and answers its id. */
const ways: Readonly<Record<string, () => Promise<string>>> = {
  'its run ends': () => call(scripted([{ content: 'Hi.' }])),
  'its run fails': () => call(scripted([{ error: { status: 400, message: 'No.' } }])),
  'its run is continued to its end': async () => {
    const id = await call(asking);
    await api.post('/agents/continue', { log_id: id, messages: [answerTo('call_1_1', 'x')] });
    return id;
  },
  'its run is cancelled': async () => {
    const id = await beginCall(endless, itself);
    await api.post(`/logs/${id}/cancel`);
    return id;
  },
  'its run is cancelled while it waits': async () => {
    const id = await call(asking);
    await api.post(`/logs/${id}/cancel`);
    return id;
  },
  'the run above it is cancelled': async () => {
    const id = await beginCall(await calling(asking), runBelow);
    const { rows } = await database.pool.query('SELECT trace_id FROM log WHERE id = $1', [id]);
    await api.post(`/logs/${rows[0].trace_id}/cancel`);
    return id;
  },
  'the run above it is answered in its place': async () => {
    const id = await call(await calling(asking));
    await api.post('/agents/continue', { log_id: id, messages: [answerTo('call_1_1', 'x')] });
    return below(id);
  },
  'it answers a call of the run above it': async () =>
    below(await call(await calling(scripted([{ content: 'Yes.' }])))),
  'it waited with a sealed conversation for too long': async () => {
    const id = await call(asking, { save: false });
    await database.pool.query(
      "UPDATE run SET suspended_at = now() - interval '25 hours' WHERE log_id = $1",
      [id],
    );
    await expireSealedRuns(database, 24);
    return id;
  },
  'its waiting run is given up by a change': async () => {
    const id = await call(asking);
    const { rows } = await database.pool.query('SELECT file_id FROM log WHERE id = $1', [id]);
    await api.patch(`/agents/${rows[0].file_id}/log/${id}`, { log_status: 'complete' });
    return id;
  },
  'it is made incomplete, and changed': async () => {
    const log = { path: 'completed/log', agent: { model: 'm' }, log_status: 'incomplete' };
    const { body } = await api.post('/agents/log', log);
    const url = `/agents/${body.agent_id}/log/${body.id}`;
    await api.patch(url, { output: 'Nearly.' });
    await api.patch(url, { log_status: 'complete' });
    await api.patch(url, { log_status: 'complete', output: 'Done.' });
    return body.id;
  },
  'it is made complete': async () => {
    const log = { path: 'completed/log', agent: { model: 'm' }, log_status: 'complete' };
    return (await api.post('/agents/log', log)).body.id;
  },
};

test.each(Object.entries(ways))(
  'a log is told of as completed once, and no more than once, when %s',
  async (_, complete) => {
    const id = await complete();
    await expect.poll(async () => (await api.get(`/logs/${id}`)).body.log_status).toBe('complete');
    await drainFeed(database, consumers);
    const { rows } = await database.pool.query('SELECT FROM completion WHERE log_id = $1', [id]);
    expect(rows).toHaveLength(1);
  },
);

test('a log that waits for its client is not told of as completed', async () => {
  const id = await call(asking);
  await drainFeed(database, consumers);
  const { rows } = await database.pool.query('SELECT FROM completion WHERE log_id = $1', [id]);
  expect(rows).toEqual([]);
});
