import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { canEnter } from '../../src/kernel/system/account.ts';
import { isRoot, isRunning, nobody } from '../support/processes.ts';
import { testServers } from '../support/server.ts';

const servers = testServers();
const dataDir = await servers.newFolder();
const [one, two] = await Promise.all([servers.start({ dataDir }), servers.start({ dataDir })]);

test('two servers that start at the same moment on an empty folder make one organization, and one key', async () => {
  const keys = [one, two].flatMap(({ printedKey }) => printedKey ?? []);
  expect(keys).toHaveLength(1);
  for (const server of [one, two]) {
    expect((await server.get('/v5/agents', keys[0])).body).toMatchObject({ total: 1 });
  }
  expect(await one.sql('SELECT count(*) FROM organization')).toEqual([{ count: 1 }]);
  expect(await one.sql('SELECT count(*) FROM environment')).toEqual([{ count: 3 }]);
});

test('a server whose port is taken says so, and harms nothing', async () => {
  const env = { PORT: one.port };
  const refused = await servers.run('serve', { dataDir, env });
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(
    `PORT ${one.port} is already in use, perhaps by another Loopwright. Choose another port, such as PORT=5006.\n`,
  );
  expect((await two.get('/readyz')).status).toBe(200);
});

test('a first start whose port is taken leaves neither a key nor a Postgres behind', async () => {
  const folder = await servers.newFolder();
  const refused = await servers.run('serve', { dataDir: folder, env: { PORT: one.port } });
  expect(refused).toMatchObject({ code: 1, stdout: '' });

  const server = await servers.start({ dataDir: folder });
  expect(server.log()).not.toContain('already runs');
  expect(server.printedKey).toBeDefined();
  const pid = await server.postgresPid();
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(isRunning(pid)).toBe(false);
});

test('bad settings are all named in one message', async () => {
  const env = {
    PORT: 'many',
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://localhost',
    DATABASE_POOL_SIZE: '1',
    LOOPWRIGHT_API_KEY: 'short',
    LOOPWRIGHT_SECRET_KEY_PREVIOUS: 'c2hvcnQ=',
  };
  const { code, stdout, stderr } = await servers.run('serve', { dataDir, env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const [title, ...complaints] = stderr.trimEnd().split('\n');
  expect(title).toBe('Bad configuration.');
  const named = complaints.map((line) => line.trim().split(' ')[0]);
  expect(named.sort()).toEqual([...Object.keys(env), 'LOOPWRIGHT_SECRET_KEY'].sort());
  expect(stderr).toContain('LOG_LEVEL must be equal to one of the allowed values: silent, error');
});

test('settings may stand in the file .env of the working folder; those of the environment win', async () => {
  const folder = await servers.newFolder();
  await writeFile(join(folder, '.env'), 'LOG_LEVEL=loud\nDATABASE_POOL_SIZE=1\n');
  const env = { LOG_LEVEL: 'info' };
  const { stderr } = await servers.run('serve', { dataDir: folder, env });
  expect(stderr).toMatch(/^Bad configuration\.\n {2}DATABASE_POOL_SIZE must be .*\n$/);
});

test('a .env that is no file is told as that', async () => {
  const folder = await servers.newFolder();
  await mkdir(join(folder, '.env'));
  const { code, stderr } = await servers.run('serve', { dataDir: folder });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^The file \.env with the settings cannot be read \(.+\). Make it readable for this account, or remove it\.\n$/,
  );
});

test('a server runs as an ordinary user, and all that it keeps is that user’s', async () => {
  // Where nobody may read this checkout, as below /root, the server runs as we do.
  const checkout = fileURLToPath(new URL('../..', import.meta.url));
  const account = isRoot && (await canEnter(checkout, nobody)) ? nobody : undefined;
  const folder = await servers.newFolder(account);
  const server = await servers.start({ dataDir: folder, account });
  expect((await server.get('/v5/agents')).status).toBe(200);

  const ownerOf = async (name: string) => (await stat(join(folder, name))).uid;
  expect(await ownerOf('secret-key')).toBe(account?.uid ?? process.getuid?.());
  expect(await ownerOf('postgres')).toBe(isRoot ? nobody.uid : process.getuid?.());
  expect(await server.kill('SIGINT')).toEqual({ code: 0, signal: null });
});
