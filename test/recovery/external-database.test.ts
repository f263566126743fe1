import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { beforeAll, expect, inject, test } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { hello } from '../support/agents.ts';
import { freePort } from '../support/free-port.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';
import { testServers } from '../support/server.ts';

const servers = testServers();
const dataDir = await servers.newFolder();
const postgres = inject('postgres');
const { host, port, user } = postgres;
const name = `external_${randomUUID().replaceAll('-', '')}`;
const env = {
  DATABASE_URL: `postgres://${user}@/${name}?host=${host}&port=${port}`,
  LOOPWRIGHT_SECRET_KEY: randomBytes(32).toString('base64'),
};

beforeAll(async () => {
  const admin = openDatabase(inject('postgres'), { max: 1 });
  await admin.pool.query(`CREATE DATABASE ${name}`);
  await admin.close();
});

test('servers that start at the same moment on an empty database make one organization, and one key', async () => {
  const both = await Promise.all([
    servers.start({ dataDir, env }),
    servers.start({ dataDir, env }),
  ]);
  const [key, ...others] = both.flatMap(({ printedKey }) => printedKey ?? []);
  expect(others).toEqual([]);

  const call = { path: 'Banking/Teller Agent', messages: hello };
  for (const server of both) {
    expect((await server.post('/v5/agents/call', call, key)).body).toMatchObject({
      log_status: 'complete',
      output: 'You said: Hello',
    });
    expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  }
});

test('create-key works on an external database, and the data folder keeps nothing but a snapshot of Python', async () => {
  const { code, stdout } = await servers.run('create-key', { dataDir, env });
  expect(code).toBe(0);
  const server = await servers.start({ dataDir, env });
  expect((await server.get('/v5/agents', stdout.trimEnd())).body).toMatchObject({ total: 1 });
  await server.kill('SIGTERM');
  const names = await readdir(dataDir);
  expect(names.filter((name) => name !== 'python')).toEqual([]);
});

test('DATABASE_URL without LOOPWRIGHT_SECRET_KEY is refused in one sentence', async () => {
  const { DATABASE_URL } = env;
  const refused = await servers.run('serve', { dataDir, env: { DATABASE_URL } });
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'Bad configuration.\n' +
      '  LOOPWRIGHT_SECRET_KEY must be set when DATABASE_URL is set; make one with `openssl rand -base64 32`\n',
  });
});

test('a migration that fails is told as what it may be, and not as a fault of the settings', async () => {
  const empty = `migrated_${randomUUID().replaceAll('-', '')}`;
  const admin = openDatabase(postgres, { max: 1 });
  await admin.pool.query(`CREATE DATABASE ${empty}`);
  await admin.close();
  const violated = {
    severity: 'ERROR',
    code: '23505',
    message: 'duplicate key value violates unique constraint "file_path"',
  } as const;
  const proxy = await startPostgresProxy(postgres, {
    onStatement: (text) => (text.includes('INSERT INTO migration') ? violated : undefined),
  });
  const DATABASE_URL = `postgres://${user}:secret@127.0.0.1:${proxy.port}/${empty}`;
  for (const command of ['serve', 'create-key']) {
    const { code, stderr } = await servers.run(command, { dataDir, env: { ...env, DATABASE_URL } });
    expect(code).toBe(1);
    const [logged = '', sentence] = stderr.split('\n');
    expect(JSON.parse(logged)).toMatchObject({
      level: 'error',
      error: violated.message,
      stack: expect.stringContaining('migrate.ts'),
    });
    expect(sentence).toBe(
      `The server could not start because of a database error (23505: ${violated.message}). This may be a ` +
        'bug in Loopwright; please report it with the line of the log that has the stack.',
    );
    expect(stderr).not.toContain('secret');
  }
  await proxy.close();
});

const unreachable = { ...env, DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/none' };

test.each([
  { command: 'serve', settings: { DATABASE_WAIT_SECONDS: '0' } },
  { command: 'create-key', settings: {} },
])('$command on a database that cannot be reached says so in one sentence', async (row) => {
  const refused = await servers.run(row.command, {
    dataDir,
    env: { ...unreachable, ...row.settings },
  });
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'DATABASE_URL points to 127.0.0.1:1, but nothing listens there. Start Postgres there, or correct ' +
      'the host and port.\n',
  });
});

test('a server waits for its database, says so once, and starts when it is there', async () => {
  const reach = await freePort();
  const url = `postgres://${user}:secret@127.0.0.1:${reach}/${name}`;
  const server = servers.launch({ dataDir, env: { ...env, DATABASE_URL: url } });
  await expect.poll(() => server.log()).toContain('Waiting up to 60 s for the database.');
  const proxy = await startPostgresProxy(postgres, { port: reach });
  await server.listening;
  expect((await server.get('/readyz')).status).toBe(200);
  expect(server.log().match(/Waiting up to 60 s/g)).toHaveLength(1);
  expect(server.log()).not.toContain('secret');
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  await proxy.close();
});

test('a signal ends a server that waits for its database, which is no failure', async () => {
  const settings = { ...unreachable, DATABASE_WAIT_SECONDS: '3600' };
  const server = servers.launch({ dataDir, env: settings });
  await expect.poll(() => server.log()).toContain('Waiting up to 3600 s for the database.');
  expect(await server.kill('SIGINT')).toEqual({ code: 0, signal: null });
  expect(server.output()).toBe('Stopping (SIGINT).\n');
  expect(server.log().trimEnd().split('\n')).toHaveLength(1);
});
