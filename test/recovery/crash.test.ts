import { beforeAll, expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { isRunning } from '../support/processes.ts';
import type { Answer } from '../support/requests.ts';
import { testServers } from '../support/server.ts';

const quick = scripted([{ content: 'Good day.' }]);
const asking = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'It is 42.' }]);
const clients = 4;

const servers = testServers();
const dataDir = await servers.newDataFolder();
let server = await servers.start({ dataDir });
const { key } = server;

beforeAll(async () => {
  const { status } = await server.post('/v5/agents', { path: 'quick', ...quick });
  expect(status).toBe(200);
});

test('a server that is killed loses no log that it acknowledged, and the next one adopts its Postgres', async () => {
  const call = { path: 'asking', agent: asking, messages: hello };
  const { body: suspended } = await server.post('/v5/agents/call', call);
  const postgres = await server.postgresPid();
  const acknowledged = await killWhileCalled(() => server.kill('SIGKILL'));
  expect(isRunning(postgres)).toBe(true);

  server = await servers.start({ dataDir, key });
  expect(await server.postgresPid()).toBe(postgres);
  expect(await missing(acknowledged)).toEqual([]);

  const answer = { log_id: suspended.id, messages: [answerTo('call_1_1', '42')] };
  const { body: finished } = await server.post('/v5/agents/continue', answer);
  expect(finished).toMatchObject({ log_status: 'complete', output: 'It is 42.' });
});

test('nor does it when Postgres is killed with it', async () => {
  const postgres = await server.postgresPid();
  const acknowledged = await killWhileCalled(async () => {
    process.kill(postgres ?? 0, 'SIGKILL');
    await server.kill('SIGKILL');
  });

  server = await servers.start({ dataDir, key });
  expect(await server.postgresPid()).not.toBe(postgres);
  expect(await missing(acknowledged)).toEqual([]);
  expect((await call()).body).toMatchObject({ output: 'Good day.' });
});

test('nor does it lose count of them', async () => {
  await killWhileCalled(() => server.kill('SIGKILL'));

  server = await servers.start({ dataDir, key });
  const { body: agent } = await server.get('/v5/agents?name=quick');
  const { id } = agent.records[0];
  const [{ count } = { count: 0 }] = await server.sql<{ count: number }>(
    'SELECT count(*) AS count FROM log WHERE file_id = $1',
    [id],
  );
  await expect
    .poll(async () => (await server.get(`/v5/agents/${id}`)).body.total_logs_count, {
      timeout: 10_000,
    })
    .toBe(count);
});

test('while Postgres is killed under a server, requests succeed or are told to come back, and soon succeed again', async () => {
  const answers: Answer[] = [];
  let isOver = false;
  const requests = [
    call,
    () => server.post('/v5/agents/log', { path: 'quick', output: 'Made elsewhere.' }),
    () => server.post('/v5/agents', { path: 'quick', ...quick }),
    () => server.get('/v5/agents'),
    () => server.get('/readyz'),
  ];
  const asked = requests.map(async (request) => {
    while (!isOver) answers.push(await request());
  });

  const postgres = await server.postgresPid();
  try {
    process.kill(postgres ?? 0, 'SIGKILL');
    await expect
      .poll(() => answers.some(({ status }) => status === 503), { timeout: 10_000, interval: 5 })
      .toBe(true);
    const isWell = () => answers.slice(-20).every(({ status }) => status === 200);
    await expect.poll(isWell, { timeout: 20_000 }).toBe(true);
  } finally {
    isOver = true;
    await Promise.all(asked);
  }
  expect(await server.postgresPid()).not.toBe(postgres);
  const refused = answers.filter(({ status }) => status !== 200);
  for (const { status, headers, body } of refused) {
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'database_unavailable' });
    expect(headers.get('retry-after')).toBe('2');
  }
});

/** Calls the agent from several clients until the server is gone; the ids of the logs they got. */
async function killWhileCalled(kill: () => Promise<unknown>): Promise<readonly string[]> {
  const acknowledged: string[] = [];
  const calling = Array.from({ length: clients }, async () => {
    for (;;) {
      // The connection breaks when the server does.
      const answer = await call().catch(() => undefined);
      if (answer?.status !== 200) return;
      acknowledged.push(answer.body.id);
    }
  });
  await expect
    .poll(() => acknowledged.length, { timeout: 20_000, interval: 1 })
    .toBeGreaterThan(100);
  await kill();
  await Promise.all(calling);
  return acknowledged;
}

function call(): Promise<Answer> {
  return server.post('/v5/agents/call', { path: 'quick', messages: hello });
}

/** Which of these logs are not in the database, or not whole. */
async function missing(ids: readonly string[]): Promise<readonly string[]> {
  const rows = await server.sql<{ id: string }>(
    `SELECT id FROM unnest($1::text[]) AS given (id)
    EXCEPT SELECT id FROM log WHERE log_status = 'complete' AND output = 'Good day.'`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
