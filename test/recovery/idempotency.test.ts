import { beforeAll, expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { eventsOf } from '../support/app.ts';
import { testServers } from '../support/server.ts';

const quick = scripted([{ content: 'Good day.' }]);
const clients = 8;

const servers = testServers();
const dataDir = await servers.newDataFolder();
const env = { RUN_LEASE_SECONDS: '2' };
let server = await servers.start({ dataDir, env });
const { key } = server;

beforeAll(async () => {
  const { status } = await server.post('/v5/agents', { path: 'quick', ...quick });
  expect(status).toBe(200);
});

/** A write that can be told from others of its kind in the database, by its number. */
interface Write {
  readonly path: string;
  readonly body: (n: number) => object;
  /** SQL for the numbers of those that have been done, one row for each time. */
  readonly done: string;
}

const ofLogs = (source: string) => `SELECT "user" AS n FROM log WHERE source = '${source}'`;

const writes: readonly (readonly [name: string, Write])[] = [
  [
    'a log',
    {
      path: '/v5/agents/log',
      body: (n) => ({ path: 'quick', source: 'log', user: `${n}`, output: 'Made elsewhere.' }),
      done: ofLogs('log'),
    },
  ],
  [
    'a directory',
    {
      path: '/v5/directories',
      body: (n) => ({ path: `directory-${n}` }),
      done: "SELECT substr(path, 11) AS n FROM directory WHERE path LIKE 'directory-%'",
    },
  ],
  [
    'a call',
    {
      path: '/v5/agents/call',
      body: (n) => ({ path: 'quick', source: 'call', user: `${n}`, messages: hello }),
      done: ofLogs('call'),
    },
  ],
];

test.each(writes)(
  '%s that a killed server may have made is made once when it is repeated',
  async (name, { path, body, done }) => {
    const send = (n: number) => post(path, `${name} ${n}`, body(n));
    const answers = new Map<number, unknown>();
    let sent = 0;
    const sending = Array.from({ length: clients }, async () => {
      for (;;) {
        const n = sent++;
        // The connection breaks when the server does.
        const answer = await send(n).catch(() => undefined);
        if (!answer) return;
        expect(answer.status).toBeLessThan(300);
        answers.set(n, answer.body);
      }
    });
    await expect.poll(() => answers.size, { timeout: 20_000, interval: 1 }).toBeGreaterThan(100);
    await server.kill('SIGKILL');
    await Promise.all(sending);
    server = await servers.start({ dataDir, env, key });

    const repeats = Array.from({ length: sent }, async (_, n) => {
      // A run that the killed server drove is taken over when its lease has run out.
      await expect
        .poll(async () => (await send(n)).status, { timeout: 60_000, interval: 500 })
        .toBeLessThan(300);
      const { headers, body } = await send(n);
      expect(headers.get('idempotent-replayed')).toBe('true');
      if (answers.has(n)) expect(body).toEqual(answers.get(n));
    });
    await Promise.all(repeats);
    const rows = await server.sql<{ n: string }>(done);
    const made = rows.map((row) => Number(row.n)).toSorted((a, b) => a - b);
    expect(made).toEqual(Array.from({ length: sent }, (_, n) => n));
  },
  120_000,
);

test('a continue that a killed server was at is gone on with by the next, and made once', async () => {
  const agent = scripted([
    { tool_calls: [callOf('lookup')] },
    { content: 'It is 42.', delay_ms: 3_000 },
  ]);
  const path = '/v5/agents/continue';
  const requests: { name: string; body: Body }[] = [];
  for (const stream of [false, true]) {
    const call = { path: 'asking', agent, messages: hello };
    const { body: suspended } = await server.post('/v5/agents/call', call);
    const body = { log_id: suspended.id, messages: [answerTo('call_1_1', '42')], stream };
    requests.push({ name: `continue ${stream}`, body });
  }
  const first = requests.map(({ name, body }) => sendTo(path, name, body).catch(() => undefined));
  const begun = "FROM idempotency_key WHERE key LIKE 'continue %' AND events_before IS NOT NULL";
  await expect
    .poll(() => server.sql(`SELECT 1 ${begun}`), { timeout: 10_000 })
    .toHaveLength(requests.length);
  await server.kill('SIGKILL');
  await Promise.all(first);
  server = await servers.start({ dataDir, env, key });

  // Its lease has to run out first.
  const answers = requests.map(async ({ name, body }) => {
    const response = await sendTo(path, name, body);
    expect(response.status).toBe(200);
    expect(response.headers.get('idempotent-replayed')).toBe('true');
    const text = await response.text();
    const outcome = body.stream ? eventsOf(text).at(-1)?.payload : JSON.parse(text);
    expect(outcome).toMatchObject({ id: body.log_id, output: 'It is 42.', turns: [{}, {}] });
    return body.stream ? eventsOf(text)[0]?.type : undefined;
  });
  expect(await Promise.all(answers)).toEqual([undefined, 'agent_turn_continue']);
}, 120_000);

interface Body {
  readonly log_id: string;
  readonly stream: boolean;
}

function sendTo(path: string, idempotencyKey: string, body: object): Promise<Response> {
  return server.fetch(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'x-api-key': key,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
  });
}

async function post(path: string, idempotencyKey: string, body: object) {
  const response = await sendTo(path, idempotencyKey, body);
  const { status, headers } = response;
  return { status, headers, body: await response.json() };
}
