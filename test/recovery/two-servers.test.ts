import { expect, test } from 'vitest';
import { answerTo, callOf, hello, scripted } from '../agents.ts';
import { eventsOf } from '../app.ts';
import { isRunning } from '../processes.ts';
import { type Server, testServers } from '../server.ts';

/** An agent whose model takes far longer than any test, and so does a run of it. */
const slow = scripted([{ content: 'At last.', delay_ms: 60_000 }]);

const servers = testServers();
const dataDir = await servers.newFolder();
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

test('a server that stops gives up its runs, and tells those who wait for them to come back', async () => {
  const waiting = one.post('/v5/agents/call', slowCall('waiting'));
  const streaming = one.fetch('/v5/agents/call', {
    method: 'POST',
    body: JSON.stringify({ ...slowCall('streaming'), stream: true }),
  });
  await expect.poll(() => leases(two), { timeout: 10_000 }).toHaveLength(2);
  const stream = await streaming;
  const held = await leases(two);

  // Had it taken longer than 4.5 s, it would have ended itself with 1.
  expect(await one.kill('SIGTERM')).toEqual({ code: 0, signal: null });

  const { status, headers, body } = await waiting;
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'server_stopping' });
  expect(headers.get('retry-after')).toBe('5');
  const events = eventsOf(await stream.text());
  expect(events.at(-1)).toMatchObject({ type: 'error', log_id: 'streaming' });

  const left = await leases(two);
  for (const { id, owner, token } of held) {
    const now = left.find((lease) => lease.id === id);
    expect(now?.owner).not.toBe(owner);
    expect(now?.token).toBeGreaterThan(token);
  }
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
    .poll(async () => (await leases(two)).map(({ id }) => id), { timeout: 10_000 })
    .toContain('waiting-too');

  // As npm does it: a process that the terminal has told is told by npm again.
  process.kill(two.pid, 'SIGINT');
  expect(await two.kill('SIGINT')).toEqual({ code: 0, signal: null });
  expect(isRunning(pid)).toBe(false);
  expect((await waiting).status).toBe(503);
});

function slowCall(logId: string) {
  return { path: 'slow', agent: slow, messages: hello, log_id: logId };
}

interface HeldLease {
  readonly id: string;
  readonly owner: string | null;
  readonly token: number;
}

function leases(server: Server): Promise<HeldLease[]> {
  return server.sql(`SELECT log_id AS id, lease_owner AS owner, lease_token AS token
    FROM run WHERE state = 'running'`);
}
