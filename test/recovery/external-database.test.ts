import { randomBytes, randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { beforeAll, expect, inject, test } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { hello } from '../agents.ts';
import { testServers } from '../server.ts';

const servers = testServers();
const dataDir = await servers.newFolder();
const { host, port, user } = inject('postgres');
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

test('create-key works on an external database, and nothing is kept in the data folder', async () => {
  const { code, stdout } = await servers.run('create-key', { dataDir, env });
  expect(code).toBe(0);
  const server = await servers.start({ dataDir, env });
  expect((await server.get('/v5/agents', stdout.trimEnd())).body).toMatchObject({ total: 1 });
  await server.kill('SIGTERM');
  expect(await readdir(dataDir)).toEqual([]);
});

test('DATABASE_URL without LOOPWRIGHT_SECRET_KEY is refused in one sentence', async () => {
  const { DATABASE_URL } = env;
  const refused = await servers.run('serve', { dataDir, env: { DATABASE_URL } });
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'Bad configuration.\n' +
      '  LOOPWRIGHT_SECRET_KEY must be set when DATABASE_URL is: `openssl rand -base64 32`\n',
  });
});

test('a database that cannot be reached is told with its reason', async () => {
  const unreachable = { ...env, DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/none' };
  const refused = await servers.run('serve', { dataDir, env: unreachable });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/ECONNREFUSED/);
  expect(refused.stderr).not.toContain('secret');
});
