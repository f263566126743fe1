import { beforeAll, expect, test } from 'vitest';
import { hello, scripted } from '../agents.ts';
import { type Server, testServers } from '../server.ts';

const quick = scripted([{ content: 'Good day.' }]);
const clients = 8;

const servers = testServers();
const dataDir = await servers.newFolder();
let server = await servers.start({ dataDir });
const { key } = server;

beforeAll(async () => {
  const { status } = await server.post('/v5/agents', { path: 'quick', ...quick });
  expect(status).toBe(200);
});

/** A write that can be told from others of its kind in the database, by its number. */
interface Write {
  readonly name: string;
  readonly path: string;
  readonly body: (n: number) => object;
  /** SQL for the numbers of those that have been done, one row for each time. */
  readonly done: string;
}

const ofLogs = (source: string) => `SELECT "user" AS n FROM log WHERE source = '${source}'`;

const writes: readonly Write[] = [
  {
    name: 'a log',
    path: '/v5/agents/log',
    body: (n) => ({ path: 'quick', source: 'log', user: `${n}`, output: 'Made elsewhere.' }),
    done: ofLogs('log'),
  },
  {
    name: 'a directory',
    path: '/v5/directories',
    body: (n) => ({ path: `directory-${n}` }),
    done: "SELECT substr(path, 11) AS n FROM directory WHERE path LIKE 'directory-%'",
  },
  {
    name: 'a call',
    path: '/v5/agents/call',
    body: (n) => ({ path: 'quick', source: 'call', user: `${n}`, messages: hello }),
    done: ofLogs('call'),
  },
];

test.each(writes)(
  '$name that a killed server may have made is made once when it is repeated',
  async ({ name, path, body, done }) => {
    const send = (n: number) => post(server, path, `${name} ${n}`, body(n));
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
    server = await servers.start({ dataDir, key });

    for (let n = 0; n < sent; n++) {
      // A run that the killed server drove is taken over when its lease has run out.
      await expect
        .poll(async () => (await send(n)).status, { timeout: 60_000, interval: 500 })
        .toBeLessThan(300);
      const { headers, body } = await send(n);
      expect(headers.get('idempotent-replayed')).toBe('true');
      if (answers.has(n)) expect(body).toEqual(answers.get(n));
    }
    const rows = await server.sql<{ n: string }>(done);
    const made = rows.map((row) => Number(row.n)).toSorted((a, b) => a - b);
    expect(made).toEqual(Array.from({ length: sent }, (_, n) => n));
  },
  120_000,
);

async function post(to: Server, path: string, idempotencyKey: string, body: object) {
  const response = await to.fetch(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'x-api-key': key,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
  });
  const { status, headers } = response;
  return { status, headers, body: await response.json() };
}
