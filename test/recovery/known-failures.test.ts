import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { answerTo } from '../support/agents.ts';
import { rejoined, streamed } from '../support/event-reader.ts';
import type { FakeStep } from '../support/fake-provider.ts';
import { withoutCounters } from '../support/keyed-requests.ts';
import { type Server, testServers } from '../support/server.ts';
import { onTestModel, say, testModel } from './model.ts';

// What is known to go wrong elsewhere, as far as it takes processes; the rest is in
// test/api/known-failures.test.ts.

const patience = { timeout: 25_000, interval: 20 };

const model = await testModel();
const servers = testServers();
const dataDir = await servers.newDataFolder();
const env = { ...model.env, RUN_LEASE_SECONDS: '3' };
let one = await servers.start({ dataDir, env });
const { key } = one;
const two = await servers.start({ dataDir, env, key });

const asking = { toolCalls: [{ id: 'call_asked', name: 'lookup', arguments: { key: 'k' } }] };
const refused = { toolCalls: [{ id: 'call_refused', name: 'nothing' }] };
const callOf = (logId: string, messages: readonly object[] = say(logId)) => ({
  path: 'known',
  agent: onTestModel(),
  messages,
  log_id: logId,
});

test('a server that is restarted between suspend and continue has forgotten nothing', async () => {
  const logId = 'restarted';
  model.play([asking, { text: 'It is 42.' }]);
  const { body: suspended } = await one.post('/v5/agents/call', callOf(logId));
  expect(suspended).toMatchObject({ log_status: 'incomplete' });
  await one.kill('SIGTERM');
  one = await servers.start({ dataDir, env, key });
  const [told, toldByTwo] = await Promise.all(
    [one, two].map(async (server) => (await server.get(`/v5/logs/${logId}`)).body),
  );
  expect(withoutCounters(told)).toEqual(withoutCounters(toldByTwo));
  const messages = [answerTo('call_asked', '42')];
  const { body } = await one.post('/v5/agents/continue', { log_id: logId, messages });
  expect(body).toMatchObject({ output: 'It is 42.', log_status: 'complete' });
  expect(model.asked(logId)).toEqual([0, 1]);
});

test('a server that sleeps while another takes its run over writes nothing when it wakes up', async () => {
  const logId = 'slept';
  const stale = Promise.withResolvers<FakeStep>();
  const last = Promise.withResolvers<FakeStep>();
  model.playFirst(0, () => stale.promise, [refused, last.promise]);
  const waiting = one.post('/v5/agents/call', callOf(logId));
  await expect.poll(() => model.asked(logId), patience).toEqual([0]);
  const stream = await streamed(one, '/v5/agents/call', callOf(logId));
  await expect.poll(() => stream.last, patience).toBe(2);

  process.kill(one.pid, 'SIGSTOP');
  try {
    await expect.poll(() => model.asked(logId), patience).toEqual([0, 0, 1]);
  } finally {
    // What it asked for has come when it wakes up, and would end the run.
    stale.resolve({ text: 'Of who slept.' });
    process.kill(one.pid, 'SIGCONT');
  }
  // By then it knows, and tells what the other does.
  const starts = () => stream.events.filter(({ type }) => type === 'agent_start').length;
  await expect.poll(starts, patience).toBe(3);
  last.resolve({ text: 'Of the other.' });
  const { status, body } = await waiting;
  expect(status).toBe(200);
  expect(body).toMatchObject({ output: 'Of the other.', log_status: 'complete' });
  expect(await stream.end).toBe('done');
  const ids = stream.events.map(({ id }) => id ?? 0);
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  expect(stream.events.at(-1)).toMatchObject({
    type: 'agent_turn_end',
    payload: { output: 'Of the other.' },
  });
  expect(model.asked(logId)).toEqual([0, 0, 1]);
  const turns = await two.sql(
    `SELECT message->>'content' AS said FROM turn WHERE log_id = '${logId}' ORDER BY number`,
  );
  expect(turns).toEqual([{ said: null }, { said: 'Of the other.' }]);
  const told = await rejoined(two, logId);
  expect(await told.end).toBe('done');
  expect(JSON.stringify(told.events)).not.toContain('Of who slept.');
  expect((await one.get('/readyz')).status).toBe(200);
});

test('a conversation of 5 MB is suspended and continued in seconds, and the server stays as small as it is', {
  timeout: 60_000,
}, async () => {
  const long = 'A sentence of fifty characters, over and over, it is. '.repeat(100_000);
  const conversation = (logId: string) => [...say(logId), ...say(long)];
  model.play([asking, asking, { text: 'I have read it.' }]);
  const whole = async (logId: string) => {
    const call = callOf(logId, conversation(logId));
    expect((await one.post('/v5/agents/call', call)).body).toMatchObject({ id: logId });
    const proceed = { log_id: logId, messages: [answerTo('call_asked', 'x')] };
    expect((await one.post('/v5/agents/continue', proceed)).body.run.state).toBe('suspended');
    return (await one.post('/v5/agents/continue', proceed)).body;
  };
  await whole('long-first');
  const before = megabytes(one);
  const began = performance.now();
  for (let n = 0; n < 2; n++) {
    const body = await whole(`long-${n}`);
    expect(body).toMatchObject({ output: 'I have read it.', log_status: 'complete' });
  }
  // Of both: 0.8 s each where nothing else runs. Were they kept, they would be 60 MB and more.
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(megabytes(one) - before).toBeLessThan(200);
});

describe('clients that read a byte a second', { timeout: 60_000 }, () => {
  const slow: Socket[] = [];
  afterAll(() => {
    for (const socket of slow) socket.destroy();
  });

  test('hold up nobody, and cost the server no memory', async () => {
    // 12 MB of events.
    model.play([{ text: Array.from({ length: 4_000 }, () => 'x'.repeat(3_000)) }]);
    let began = performance.now();
    const fast = await streamed(one, '/v5/agents/call', callOf('fast'));
    expect(await fast.end).toBe('done');
    const usual = performance.now() - began;
    const before = megabytes(one);

    began = performance.now();
    slow.push(await slowReader(one, '/v5/agents/call', { ...callOf('slow'), stream: true }));
    await expect.poll(async () => (await two.get('/v5/logs/slow')).status, patience).toBe(200);
    for (let n = 0; n < 23; n++) slow.push(await slowReader(one, '/v5/logs/slow/events'));
    await expect
      .poll(async () => (await two.sql("SELECT 1 FROM run WHERE log_id = 'slow'")).length, patience)
      .toBe(0);
    // Normal speed, on a machine that does other things, too.
    expect(performance.now() - began).toBeLessThan(5 * usual + 5_000);
    const read = () => slow.map(({ bytesRead }) => bytesRead);
    await expect.poll(() => Math.min(...read()), patience).toBeGreaterThan(0);
    expect(Math.max(...read())).toBeLessThan(1_000_000);
    const rejoin = await rejoined(two, 'slow');
    expect(await rejoin.end).toBe('done');
    expect(rejoin.events.map(({ id }) => id)).toEqual(fast.events.map(({ id }) => id));
    // Held for each of them, it would be 190 MB: the system's own buffers take 4 of their 12. The run's
    // end alone takes 60 to 120: the answer's text, its message and its raw body, as they are stored.
    expect(megabytes(one) - before).toBeLessThan(150);
  });
});

/** Memory of a server that is not swapped out. */
function megabytes({ pid }: Server): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024;
}

/** Asks, and reads the answer byte by byte, one a second. */
async function slowReader(server: Server, path: string, body?: object): Promise<Socket> {
  const socket = connect({ port: Number(server.port), host: '127.0.0.1' });
  await once(socket, 'connect');
  const content = body ? JSON.stringify(body) : '';
  socket.write(
    [
      `${body ? 'POST' : 'GET'} ${path} HTTP/1.1`,
      'Host: loopwright',
      `X-API-KEY: ${server.key}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(content)}`,
      '',
      content,
    ].join('\r\n'),
  );
  socket.pause();
  const reading = setInterval(() => socket.read(1), 1_000);
  socket.once('close', () => clearInterval(reading));
  return socket;
}
