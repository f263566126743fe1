import { expect, test } from 'vitest';
import { type Server, testServers } from '../support/server.ts';
import { runInShell } from '../support/shell.ts';

const servers = testServers();
const dataDir = await servers.newFolder();
const first = await servers.start({ dataDir });
const { key } = first;

test('a first start prints a key, and commands that run the example agent to its end', async () => {
  expect(first.output().split(key)).toHaveLength(5);
  const [call, goOn, read, ...others] = await bash(first);
  expect(others).toEqual([]);
  expect(call).toMatchObject({
    id: 'first-run',
    log_status: 'incomplete',
    previous_agent_message: { tool_calls: [{ id: 'call_1_1' }] },
  });
  const outcome = {
    id: 'first-run',
    log_status: 'complete',
    output: expect.stringContaining('1250.75'),
    agent: { path: 'Banking/Teller Agent' },
  };
  expect(goOn).toMatchObject(outcome);
  expect(read).toMatchObject(outcome);
});

test('a later start prints no key, and everything is still there', async () => {
  expect(await first.kill('SIGINT')).toEqual({ code: 0, signal: null });
  const second = await servers.start({ dataDir, key });
  expect(second.output()).not.toMatch(/lw_sk_|curl/);
  const { body } = await second.get('/v5/logs/first-run');
  expect(body).toMatchObject({ log_status: 'complete', turns: [{}, {}] });
  expect((await second.get('/v5/agents')).body).toMatchObject({ total: 1 });
  // The ready-made ones, once.
  expect((await second.get('/v5/evaluators')).body).toMatchObject({ total: 18 });
  await second.kill('SIGTERM');
});

test('LOOPWRIGHT_API_KEY is accepted, and replaces the one given before, but not a made one', async () => {
  const given = (value: string) => servers.start({ dataDir, env: { LOOPWRIGHT_API_KEY: value } });
  const statusOf = async (server: Server, by: string) =>
    (await server.get('/v5/agents', by)).status;

  const former = await given('the-former-key-of-all');
  expect(await statusOf(former, 'the-former-key-of-all')).toBe(200);
  await former.kill('SIGTERM');

  const changed = await given('the-changed-key-of-all');
  expect(await statusOf(changed, 'the-changed-key-of-all')).toBe(200);
  expect(await statusOf(changed, 'the-former-key-of-all')).toBe(401);
  expect(await statusOf(changed, key)).toBe(200);
  await changed.kill('SIGTERM');
});

test('a first start with LOOPWRIGHT_API_KEY prints no key, and commands that take it from the environment', async () => {
  const env = { LOOPWRIGHT_API_KEY: 'given before the first start' };
  const server = await servers.start({ dataDir: await servers.newFolder(), env });
  expect(server.output()).not.toMatch(/lw_sk_|given before/);
  const [, , read] = await bash(server, env);
  expect(read).toMatchObject({ log_status: 'complete' });
  await server.kill('SIGTERM');
});

/** Runs what a server printed, one command after the other, as somebody would who pastes it. */
async function bash(
  server: Server,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const command of server.printedCommands) {
    const { stdout } = await runInShell(command, {}, env);
    answers.push(JSON.parse(stdout));
  }
  return answers;
}
