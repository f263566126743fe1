import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testServers } from '../support/server.ts';

const servers = testServers();
const dataDir = await servers.newDataFolder();
const file = join(dataDir, 'a-file');
await writeFile(file, 'Not a folder.');
const server = await servers.start({ dataDir });

test.each([
  {
    title: 'a data folder that is a file',
    env: { LOOPWRIGHT_DATA_DIR: file },
    sentence: `LOOPWRIGHT_DATA_DIR is ${file}, but ${file} cannot be created, because a file is in the way. Set LOOPWRIGHT_DATA_DIR to a folder, or to a path where nothing exists yet.`,
  },
  {
    title: 'a data folder below a file',
    env: { LOOPWRIGHT_DATA_DIR: join(file, 'data') },
    sentence: `LOOPWRIGHT_DATA_DIR is ${file}/data, but ${file}/data cannot be created, because a file is in the way. Set LOOPWRIGHT_DATA_DIR to a folder, or to a path where nothing exists yet.`,
  },
  {
    title: 'an address of another machine',
    env: { HOST: '192.0.2.1', LOOPWRIGHT_ALLOW_UNCLAIMED: 'true' },
    sentence:
      'HOST 192.0.2.1 is not an address of this machine (EADDRNOTAVAIL). Set HOST to 127.0.0.1 to be reachable from this machine only, or to 0.0.0.0 to be reachable from others.',
  },
  {
    title: 'an address that others reach, without an owner',
    env: { HOST: '0.0.0.0' },
    sentence:
      'HOST 0.0.0.0 lets other machines reach this server, and it has no owner yet. Start it once with HOST=127.0.0.1 and open the link that it prints, or set LOOPWRIGHT_OWNER_EMAIL and LOOPWRIGHT_OWNER_PASSWORD_FILE, or set LOOPWRIGHT_ALLOW_UNCLAIMED=true.',
  },
])('$title: the start ends with a sentence that says so', async ({ env, sentence }) => {
  const refused = await servers.run('serve', { dataDir, env: { LOG_LEVEL: 'error', ...env } });
  expect(refused).toEqual({ code: 1, signal: null, stdout: '', stderr: `${sentence}\n` });
  expect((await server.get('/readyz')).status).toBe(200);
});

test('with an owner of its settings it starts where others reach it', {
  timeout: 60_000,
}, async () => {
  const folder = await servers.newDataFolder();
  const password = join(folder, 'password');
  const email = 'ada@example.com';
  const env = {
    HOST: '0.0.0.0',
    LOOPWRIGHT_OWNER_EMAIL: email,
    LOOPWRIGHT_OWNER_PASSWORD_FILE: password,
  };
  await writeFile(password, 'password1234\n');
  const refused = await servers.run('serve', { dataDir: folder, env });
  expect(refused.stderr).toBe(
    `LOOPWRIGHT_OWNER_PASSWORD_FILE ${password}: This password is among those that are guessed first. Choose another one, such as four random words. Write another password into the first line of the file.\n`,
  );
  expect(refused.stderr).not.toContain('password1234');
  await writeFile(password, 'violet umbrella 4711\n');
  const started = await servers.start({ dataDir: folder, env });
  expect(started.output()).not.toContain('Set up:');
  const credentials = { email_address: email, password: 'violet umbrella 4711' };
  const { status, body } = await started.post('/v5/auth/sign-in', credentials, '');
  expect(status).toBe(200);
  expect(body.member).toMatchObject({ email_address: email, role: 'owner' });
  await started.kill('SIGTERM');
  // From now on it needs none of these settings.
  const again = await servers.start({ dataDir: folder, env: { HOST: '0.0.0.0' } });
  expect((await again.get('/readyz')).status).toBe(200);
});

test('a DATABASE_URL that is none is told with its form, and without its password', async () => {
  const env = {
    DATABASE_URL: 'postgres://me:s#cret@localhost/db',
    LOOPWRIGHT_SECRET_KEY: Buffer.alloc(32).toString('base64'),
  };
  expect(await servers.run('serve', { dataDir, env })).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'Bad configuration.\n  DATABASE_URL must be the URL of a Postgres, such as ' +
      'postgres://user:password@host:5432/database. In the password, write # / ? @ % as ' +
      '%23 %2F %3F %40 %25\n',
  });
});

test('a lost secret key ends the start until it is back, or is said to be lost', async () => {
  const folder = await servers.newDataFolder();
  const first = await servers.start({ dataDir: folder });
  const { key } = first;
  await first.post('/v5/provider-keys', { provider: 'openai', api_key: 'sk-of-mine' });
  await first.kill('SIGTERM');
  const path = join(folder, 'secret-key');
  const kept = await readFile(path, 'utf8');
  await rm(path);

  const refused = await servers.run('serve', { dataDir: folder });
  expect(refused).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr:
      `LOOPWRIGHT_DATA_DIR lacks the file ${path} with the key that encrypted 1 provider key in ` +
      'this database. Restore the file, or set LOOPWRIGHT_SECRET_KEY_PREVIOUS to the key that was in ' +
      'it. If that key is lost for good, start once with LOOPWRIGHT_SECRET_KEY_PREVIOUS=lost and set ' +
      'the values again.\n',
  });
  await writeFile(path, kept);
  const again = await servers.start({ dataDir: folder, key });
  expect((await again.get('/v5/provider-keys')).body).toMatchObject([{ usable: true }]);
  await again.kill('SIGTERM');

  await rm(path);
  const env = { LOOPWRIGHT_SECRET_KEY_PREVIOUS: 'lost' };
  const without = await servers.start({ dataDir: folder, key, env });
  expect((await without.get('/v5/provider-keys')).body).toMatchObject([{ usable: false }]);
  await without.kill('SIGTERM');
});
