import { expect, test } from 'vitest';
import { testServers } from '../server.ts';

const servers = testServers();
const dataDir = await servers.newFolder();
const server = await servers.start({ dataDir });
const env = { PORT: server.port };

test('create-key prints a key that works, and nothing else', async () => {
  const { code, stdout, stderr } = await servers.run('create-key', { dataDir });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const key = stdout.trimEnd();
  expect(key).toMatch(/^lw_sk_\w{38}$/);
  expect((await server.get('/v5/agents', key)).status).toBe(200);
});

test('demo prints the events of a run as they come, and the agent’s answer, with a key of its own', async () => {
  const { code, stdout, stderr } = await servers.run('demo', { dataDir, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expectDemo(stdout);
  const logId = /GET \S+(\/v5\/logs\/\S+)/.exec(stdout)?.[1] ?? '';
  expect((await server.get(logId)).body).toMatchObject({ log_status: 'complete' });
});

test('demo uses LOOPWRIGHT_API_KEY where that is set, and then needs no database', async () => {
  const { code, stdout } = await servers.run('demo', {
    dataDir: await servers.newFolder(),
    env: { ...env, LOOPWRIGHT_API_KEY: server.key },
  });
  expect(code).toBe(0);
  expectDemo(stdout);
});

test('demo says so when there is no server', async () => {
  const ending = await servers.run('demo', { dataDir, env: { PORT: '1' } });
  expect(ending).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'No server answers at http://127.0.0.1:1. Start it first, with npm start.\n',
  });
});

test('a command that there is not is answered with those that there are', async () => {
  expect(await servers.run('sevre', { dataDir })).toMatchObject({
    code: 1,
    stderr: 'There is no command sevre. Commands: serve, demo, create-key, reprice.\n',
  });
});

function expectDemo(stdout: string): void {
  const events = stdout.match(/^agent_\w+/gm);
  const begin = ['agent_start', 'agent_end'];
  expect(events).toEqual([
    'agent_turn_start',
    ...begin,
    'agent_turn_suspend',
    'agent_turn_continue',
    ...begin,
    'agent_turn_end',
  ]);
  expect(stdout).toMatch(/\n\ncheck_balance says: .*1250\.75.*\n\nThe whole run: GET /);
}
