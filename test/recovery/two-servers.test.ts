import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../support/agents.ts';
import { type EventReader, rejoined, streamed } from '../support/event-reader.ts';
import { isRunning } from '../support/processes.ts';
import type { Answer } from '../support/requests.ts';
import { type Server, testServers } from '../support/server.ts';

/** An agent whose model takes far longer than any test, and so does a run of it. */
const slow = scripted([{ content: 'At last.', delay_ms: 60_000 }]);

const patience = { timeout: 25_000, interval: 20 };

const servers = testServers();
const dataDir = await servers.newDataFolder();
const one = await servers.start({ dataDir });
const { key } = one;
const two = await servers.start({ dataDir, key });

test('a run that was suspended on one server is continued on another', async () => {
  const asking = scripted([{ tool_calls: [callOf('lookup')] }, { content: 'It is 42.' }]);
  const call = { path: 'asking', agent: asking, messages: hello };
  const { body: suspended } = await one.post('/v5/agents/call', call);
  expect(suspended).toMatchObject({ log_status: 'incomplete' });

  const answer = { log_id: suspended.id, messages: [answerTo('call_1_1', '42')] };
  const { body: finished } = await two.post('/v5/agents/continue', answer);
  expect(finished).toMatchObject({ log_status: 'complete', output: 'It is 42.' });
  expect((await one.get(`/v5/logs/${suspended.id}`)).body).toMatchObject({ output: 'It is 42.' });
});

test('a stream that was begun on one server is read on another while it goes on', async () => {
  const words = Array.from({ length: 20 }, (_, n) => `word${n}`).join(' ');
  const talking = scripted([{ content: words, word_delay_ms: 50 }]);
  const call = { path: 'talking', agent: talking, messages: hello, log_id: 'talking' };
  const stream = await streamed(one, '/v5/agents/call', call);
  await expect.poll(() => stream.last, patience).toBeGreaterThan(4);
  const seen = stream.last;
  const rest = await rejoined(two, 'talking', seen);
  expect([await stream.end, await rest.end]).toEqual(['done', 'done']);
  const told = stream.events.map(({ id, type, created_at }) => ({ id, type, created_at }));
  expect(told.map(({ id }) => id)).toEqual(told.map((_, index) => index + 1));
  expect(rest.events.map(({ id, type, created_at }) => ({ id, type, created_at }))).toEqual(
    told.slice(seen),
  );
  expect(rest.events.at(-1)).toMatchObject({ type: 'agent_turn_end', payload: { output: words } });
});

test('a server that stops hands its runs over at once, and tells those who wait for them to come back', async () => {
  const waiting = one.post('/v5/agents/call', slowCall('waiting'));
  const stream = await streamed(one, '/v5/agents/call', slowCall('streaming'));
  const follower = await rejoined(two, 'streaming');
  await expect.poll(() => leases(two), patience).toHaveLength(2);
  await expect.poll(() => startsIn(stream), patience).toHaveLength(1);

  // Had it taken longer than 8 s, it would have ended itself with 1.
  const ending = one.kill('SIGTERM');
  const refused = callsUntilGone(one);
  expect(await ending).toEqual({ code: 0, signal: null });

  const { status, headers, body } = await waiting;
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'server_stopping' });
  expect(headers.get('retry-after')).toBe('5');
  for (const answer of await refused) {
    expect(answer).toMatchObject({ status: 503, body: { code: 'server_stopping' } });
    expect(answer.headers.get('retry-after')).toBe('5');
  }
  expect(await stream.end).toBe('to_be_continued');
  const last = stream.events.at(-1);
  expect(last).toMatchObject({ id: undefined, type: 'error', payload: null });

  const rest = await rejoined(two, 'streaming', stream.last);
  for (const reader of [rest, follower]) {
    await expect
      .poll(() => startsIn(reader).filter(({ id }) => (id ?? 0) > stream.last), patience)
      .toHaveLength(1);
  }
  // A lease would have held for 15 s: it was given up.
  const [begun] = startsIn(rest);
  expect(Date.parse(begun?.created_at ?? '') - Date.parse(last?.created_at ?? '')).toBeLessThan(
    3_000,
  );
});

test('the other server works on, on the same Postgres', async () => {
  expect(isRunning(await two.postgresPid())).toBe(true);
  const call = { path: 'quick', agent: scripted([{ content: 'Good day.' }]), messages: hello };
  expect((await two.post('/v5/agents/call', call)).body).toMatchObject({ output: 'Good day.' });
});

test('the last server to stop takes Postgres along, though runs are in flight and Ctrl-C comes twice', async () => {
  const pid = await two.postgresPid();
  const waiting = two.post('/v5/agents/call', slowCall('waiting-too'));
  await expect
    .poll(async () => (await leases(two)).map(({ id }) => id), patience)
    .toContain('waiting-too');

  // As npm does it: a process that the terminal has told is told by npm again.
  process.kill(two.pid, 'SIGINT');
  expect(await two.kill('SIGINT')).toEqual({ code: 0, signal: null });
  expect(isRunning(pid)).toBe(false);
  expect((await waiting).status).toBe(503);
});

/** Calls until nobody listens any more: what was answered. */
async function callsUntilGone(server: Server): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let n = 0; ; n++) {
    const answer = await server
      .post('/v5/agents/call', slowCall(`late-${n}`))
      .catch(() => undefined);
    if (!answer) return answers;
    answers.push(answer);
  }
}

const startsIn = ({ events }: EventReader) => events.filter(({ type }) => type === 'agent_start');

function slowCall(logId: string) {
  return { path: 'slow', agent: slow, messages: hello, log_id: logId };
}

function leases(server: Server): Promise<{ readonly id: string }[]> {
  return server.sql("SELECT log_id AS id FROM run WHERE state = 'running'");
}
