import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hello, scripted } from '../support/agents.ts';
import { testServers } from '../support/server.ts';

// As behind a network that swallows everything: connections stay as they are, and nobody answers.

const servers = testServers();
const dataDir = await servers.newDataFolder();
const server = await servers.start({ dataDir });
const postgres = (await server.postgresPid()) ?? 0;

beforeAll(async () => {
  const agent = { path: 'quick', ...scripted([{ content: 'Good day.' }]) };
  expect((await server.post('/v5/agents', agent)).status).toBe(200);
});

afterAll(() => signalAll('SIGCONT'));

test('while its database is silent a server refuses requests instead of letting them hang, and then goes on', async () => {
  const call = () => server.post('/v5/agents/call', { path: 'quick', messages: hello });
  expect((await call()).status).toBe(200);
  signalAll('SIGSTOP');

  const refused = await Promise.all([
    call(),
    call(),
    server.get('/v5/agents'),
    server.get('/readyz'),
  ]);
  for (const { status, headers, body } of refused) {
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'database_unavailable' });
    expect(headers.get('retry-after')).toBe('2');
  }
  const askedAt = performance.now();
  expect((await call()).status).toBe(503);
  expect(performance.now() - askedAt).toBeLessThan(2_000);

  signalAll('SIGCONT');
  await expect.poll(async () => (await call()).status, { timeout: 20_000 }).toBe(200);
  expect(server.log()).toContain('The database does not answer');
});

/** Sends a signal to Postgres and to each of its processes. */
function signalAll(signal: NodeJS.Signals): void {
  const children = execFileSync('pgrep', ['-P', `${postgres}`], { encoding: 'utf8' });
  for (const pid of [postgres, ...children.trim().split('\n').map(Number)]) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // One that was just ending.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
