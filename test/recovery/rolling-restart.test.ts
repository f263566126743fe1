import { beforeAll, expect, test } from 'vitest';
import { answerTo, callOf, lookup, scripted } from '../support/agents.ts';
import { type EventReader, type ReadEvent, rejoined, streamed } from '../support/event-reader.ts';
import { isRunning } from '../support/processes.ts';
import type { Answer } from '../support/requests.ts';
import { type Server, testServers } from '../support/server.ts';

const clients = 6;
const patience = { timeout: 25_000, interval: 20 };

const servers = testServers();
const dataDir = await servers.newDataFolder();
const first = await servers.start({ dataDir });
const { key } = first;
/** Those that serve, or are just stopping. */
const serving = [first, await servers.start({ dataDir, key })];
const stopped: Server[] = [];

/** What clients were told. */
const acknowledged: string[] = [];
const told = new Map<string, readonly ReadEvent[]>();
const unexpected: unknown[] = [];
let comebacks = 0;

beforeAll(async () => {
  const inner = scripted([
    { tool_calls: [callOf('nothing')], delay_ms: 30 },
    { content: 'From within.', delay_ms: 30 },
  ]);
  const { body } = await first.post('/v5/agents', { path: 'Inner', ...inner });
  const link = { type: 'file', link: { file_id: body.id } };
  const outer = scripted(
    [
      { tool_calls: [callOf('inner', { message: 'Go on.' })], delay_ms: 30 },
      { tool_calls: [callOf('lookup')], delay_ms: 30 },
      { content: 'It is 42.', delay_ms: 30 },
    ],
    { tools: [link, lookup] },
  );
  expect((await first.post('/v5/agents', { path: 'rolling', ...outer })).status).toBe(200);
});

test('while two servers are restarted one after the other, clients that come back lose nothing and get nothing twice', {
  timeout: 60_000,
}, async () => {
  let isOver = false;
  const calling = Array.from({ length: clients }, async (_, client) => {
    const converse = client % 2 ? converseStreamed : conversePlain;
    for (let n = 0; !isOver; n++) {
      const logId = `client-${client}-${n}`;
      await converse(client, logId);
      acknowledged.push(logId);
    }
  });
  try {
    for (const place of [0, 1]) {
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, patience).toBeGreaterThan(before + clients);
      const server = serving[place] as Server;
      expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
      stopped.push(server);
      serving[place] = await servers.start({ dataDir, key });
    }
  } finally {
    isOver = true;
    await Promise.all(calling);
  }
  expect(unexpected).toEqual([]);
  expect(comebacks).toBeGreaterThan(0);
  expect(acknowledged.length).toBeGreaterThan(2 * clients);
});

test('then each run is there once, with each turn and each call once', async () => {
  const ids = acknowledged.toSorted();
  const [server] = serving as [Server];
  const logs = (isInner: boolean) =>
    server.sql(
      `SELECT coalesce(trace_parent_id, log.id) AS id, log_status AS status, log.output, log.error,
        count(*)::int AS turns
      FROM log JOIN turn ON turn.log_id = log.id WHERE (trace_parent_id IS NOT NULL) = $1
      GROUP BY log.organization_id, log.id ORDER BY 1`,
      [isInner],
    );
  const ended = { status: 'complete', error: null };
  expect(await logs(false)).toEqual(
    ids.map((id) => ({ id, ...ended, output: 'It is 42.', turns: 3 })),
  );
  expect(await logs(true)).toEqual(
    ids.map((id) => ({ id, ...ended, output: 'From within.', turns: 2 })),
  );
  expect(await server.sql('SELECT id FROM log')).toHaveLength(2 * ids.length);
});

test('and each stream has told each step once, over all its connections', () => {
  expect(told.size).toBeGreaterThan(clients);
  for (const events of told.values()) {
    const numbers = events.map(({ id }) => id ?? 0);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    const steps = events.filter(
      ({ type }) => !['agent_start', 'agent_update', 'tool_start', 'tool_update'].includes(type),
    );
    expect(steps.map(({ type }) => type)).toEqual([
      ...['agent_turn_start', 'agent_end', 'tool_end', 'agent_end', 'agent_turn_suspend'],
      ...['agent_turn_continue', 'agent_end', 'agent_turn_end'],
    ]);
  }
});

test('afterwards no run is under way, and no process is left when the servers have stopped', async () => {
  const [one, two] = serving as [Server, Server];
  expect(await one.sql('SELECT log_id, state FROM run')).toEqual([]);
  const postgres = await one.postgresPid();
  for (const server of [one, two]) {
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  }
  const pids = [postgres, ...[...stopped, one, two].map(({ pid }) => pid)];
  await expect.poll(() => pids.filter(isRunning), patience).toEqual([]);
});

const callFor = (logId: string) => ({
  path: 'rolling',
  messages: [{ role: 'user', content: logId }],
  log_id: logId,
});

const continueOf = (logId: string) => ({
  log_id: logId,
  messages: [answerTo('call_2_1', '42')],
});

/** A call that waits for its client, and its continue. */
async function conversePlain(client: number, logId: string): Promise<void> {
  const suspended = await persist(client, (server) =>
    server.post('/v5/agents/call', callFor(logId)),
  );
  const finished = await persist(client, (server) =>
    server.post('/v5/agents/continue', continueOf(logId)),
  );
  // A continue whose answer was lost on its way is refused when it comes again.
  const isRepeat = finished.status === 409 && finished.body.code === 'not_suspended';
  const { body } = isRepeat
    ? await persist(client, (server) => server.get(`/v5/logs/${logId}`))
    : finished;
  if (suspended.status !== 200 || body.output !== 'It is 42.') {
    unexpected.push(suspended.body, finished.body);
  }
}

/** Asks until there is an answer: another server when one stops, or is gone. */
async function persist(client: number, ask: (server: Server) => Promise<Answer>): Promise<Answer> {
  for (let attempt = client; ; attempt++) {
    const answer = await ask(serving[attempt % serving.length] as Server).catch(() => undefined);
    if (answer && answer.status !== 503) return answer;
    if (answer && !answer.headers.has('retry-after')) unexpected.push(answer.body);
    comebacks += 1;
  }
}

/** The same, read as it comes. */
async function converseStreamed(client: number, logId: string): Promise<void> {
  const events: ReadEvent[] = [];
  told.set(logId, events);
  await follow(client, logId, events, (server) =>
    streamed(server, '/v5/agents/call', callFor(logId)),
  );
  await follow(client, logId, events, (server) =>
    streamed(server, '/v5/agents/continue', continueOf(logId)),
  );
  if (events.at(-1)?.payload.output !== 'It is 42.') unexpected.push(events.at(-1));
}

/** Reads a stream until everything is told: after each break, from the last event on. */
async function follow(
  client: number,
  logId: string,
  events: ReadEvent[],
  begin: (server: Server) => Promise<EventReader>,
): Promise<void> {
  const before = events.length;
  for (let attempt = client; ; attempt++) {
    const server = serving[attempt % serving.length] as Server;
    const last = events.at(-1)?.id ?? 0;
    const isBegun = events.length > before;
    const asked = isBegun ? rejoined(server, logId, last) : begin(server);
    const reader = await asked.catch(() => undefined);
    const end = await reader?.end;
    events.push(...(reader?.events ?? []).filter(({ id }) => id !== undefined));
    if (end === 'done') return;
    comebacks += 1;
  }
}
