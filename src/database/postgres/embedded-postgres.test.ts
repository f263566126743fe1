import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, chownSync, constants, existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { isRoot, isRunning, nobody } from '../../../test/support/processes.ts';
import { asSuperuser } from './connection.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { couldNotStart } from './failures.ts';

const source = new URL('./embedded-postgres.ts', import.meta.url);

// Far longer than the tests take, so that they do not fail on a slow machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let folder: string;
let sharedDataDir: string;
let dataDir: string;
const started: EmbeddedPostgres[] = [];
const servers: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lw-pg-'));
  chmodSync(folder, 0o755);
  sharedDataDir = join(folder, 'shared');
});

// Most tests leave a database that the next one can use, and making one takes half a second.
beforeEach(() => {
  dataDir = sharedDataDir;
});

afterEach(async () => {
  for (const server of servers.splice(0)) server.kill('SIGKILL');
  await Promise.allSettled(started.splice(0).map((postgres) => postgres.stop()));
  const pid = await postmaster();
  if (pid !== undefined && isRunning(pid)) {
    process.kill(pid, 'SIGQUIT');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5_000 });
  }
});

afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test('starts on an empty data folder, durable, and leaves neither process nor socket behind', async () => {
  dataDir = join(folder, 'empty');
  const postgres = await start({ durable: true });
  expect(postgres.isAdopted).toBe(false);
  expect(await query(postgres, 'SHOW fsync')).toBe('on');
  expect(await query(postgres, 'SHOW synchronous_commit')).toBe('on');
  expect(await query(postgres, 'SHOW listen_addresses')).toBe('');
  expect(await query(postgres, 'SHOW timezone')).toBe('UTC');
  const pid = await postmaster();

  await postgres.stop();
  await postgres.stop();
  expect(isRunning(pid)).toBe(false);
  const left = await readdir(postgres.connection.host);
  expect(left.filter((name) => name.startsWith('.s.PGSQL'))).toEqual([]);
});

test('lets nobody else into the folder of its socket', async () => {
  const postgres = await start();
  const { mode, uid } = statSync(postgres.connection.host);
  expect(mode & 0o777).toBe(0o700);
  expect(uid).toBe(isRoot ? nobody.uid : process.getuid?.());
});

test('lets in nobody without the password, whoever may open its socket', async () => {
  const { connection } = await start();
  for (const user of ['postgres', connection.user, 'somebody']) {
    await expect(enter({ ...connection, user, password: '' })).rejects.toThrow(/password/);
    await expect(enter({ ...connection, user, password: 'guessed' })).rejects.toThrow(
      `password authentication failed for user "${user}"`,
    );
  }
  const { mode, uid } = statSync(join(dataDir, 'postgres', 'password'));
  expect(mode & 0o777).toBe(0o600);
  // Other programs may run as the account that Postgres runs as where we are root.
  expect(uid).toBe(process.getuid?.());
});

test('is used by a role that owns the database, and may do nothing beyond it', async () => {
  const postgres = await start();
  expect(
    await query(
      postgres,
      'SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $$postgres$$',
    ),
  ).toBe(postgres.connection.user);
  expect(
    await query(postgres, "SELECT string_agg(DISTINCT usename, ',') FROM pg_stat_activity"),
  ).toBe(postgres.connection.user);
  await query(postgres, 'CREATE EXTENSION IF NOT EXISTS pg_trgm');
  for (const forbidden of [
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SELECT pg_read_file('/etc/passwd')",
    'CREATE ROLE another',
    'ALTER SYSTEM SET work_mem = 1000',
    'CREATE DATABASE another',
    'SET ROLE postgres',
  ]) {
    await expect(query(postgres, forbidden)).rejects.toThrow(/permission denied/);
  }
});

test('locks a database of an earlier release, to which everybody had access, and keeps what is in it', async () => {
  dataDir = join(folder, 'earlier');
  const earlier = await start();
  const administrator = asSuperuser(earlier.connection);
  await enter(administrator, [
    'CREATE TABLE kept (id int GENERATED ALWAYS AS IDENTITY, text text)',
    "INSERT INTO kept (text) VALUES ('still here')",
    'CREATE SEQUENCE apart',
    'CREATE FUNCTION one() RETURNS int RETURN 1',
    'CREATE EXTENSION pg_trgm',
    'CREATE INDEX kept_text ON kept USING gin (text gin_trgm_ops)',
    'REASSIGN OWNED BY loopwright TO postgres',
    'DROP OWNED BY loopwright',
    'DROP ROLE loopwright',
    'ALTER ROLE postgres PASSWORD NULL',
  ]).finally(() => earlier.stop());
  const home = join(dataDir, 'postgres');
  await rm(join(home, 'password'));
  await writeFile(join(home, 'data', 'pg_hba.conf'), 'local all all trust\n');

  const both = await Promise.all([start(), startServer()]);
  const { connection } = both[0];
  await expect(enter({ ...connection, user: 'postgres', password: '' })).rejects.toThrow(
    /password/,
  );
  await enter(connection, [
    'ALTER TABLE kept ADD more int',
    "INSERT INTO kept (text) VALUES ('more')",
    'DROP SEQUENCE apart',
    'CREATE OR REPLACE FUNCTION one() RETURNS int RETURN 2',
  ]);
  expect(await query(both[0], 'SELECT string_agg(text, $$, $$ ORDER BY id) FROM kept')).toBe(
    'still here, more',
  );
});

test('keeps rules that an operator wrote above its own', async () => {
  dataDir = join(folder, 'ruled');
  const first = await start();
  const rules = join(dataDir, 'postgres', 'data', 'pg_hba.conf');
  const text = `local all backup reject\n${await readFile(rules, 'utf8')}`;
  await first.stop();
  await writeFile(rules, text);
  await start();
  expect(await readFile(rules, 'utf8')).toBe(text);
});

test('says what to do when the password is not the one of the database', async () => {
  dataDir = join(folder, 'changed');
  await (await start()).stop();
  const home = join(dataDir, 'postgres');
  await writeFile(join(home, 'password'), 'another');
  await expect(start()).rejects.toThrow(
    `LOOPWRIGHT_DATA_DIR has a database in ${home} that does not accept the password in ${home}/password. ` +
      'Restore that file from where the database came from, or empty pg_hba.conf but for the line "local all ' +
      'all trust" and start again: a password is then set anew.',
  );
  await writeFile(join(home, 'data', 'pg_hba.conf'), 'local all all trust\n');
  expect(await query(await start(), 'SELECT 1')).toBe(1);
});

test('keeps what was written when it is started again', async () => {
  const first = await start();
  await query(first, "CREATE TABLE kept AS SELECT 'still here' AS text");
  await first.stop();

  const second = await start();
  expect(second.isAdopted).toBe(false);
  expect(await query(second, 'SELECT text FROM kept')).toBe('still here');
});

test('is adopted after its server was killed, and stopped by the one that adopted it', async () => {
  const server = await startServer();
  const pid = await postmaster();
  server.kill('SIGKILL');
  await once(server, 'exit');
  expect(isRunning(pid)).toBe(true);

  const postgres = await start();
  expect(postgres.isAdopted).toBe(true);
  expect(await postmaster()).toBe(pid);
  await postgres.stop();
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
});

test('is one Postgres for servers that start at the same moment on an empty folder', async () => {
  dataDir = join(folder, 'raced');
  const both = await Promise.all([startServer(), startServer(), start()]);
  const postgres = both[2];
  expect(
    await query(
      postgres,
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'loopwright presence'",
    ),
  ).toBe('3');
  expect(
    (await readdir(join(dataDir, 'postgres'))).filter((name) => name.includes('.new')),
  ).toEqual([]);
});

test('goes on while another server uses it, whoever started it, and ends with the last', async () => {
  const owner = await start();
  const server = await startServer();
  const pid = await postmaster();

  await owner.stop();
  expect(isRunning(pid)).toBe(true);

  server.send('stop');
  await once(server, 'exit');
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
});

test('ends when its last two servers stop at the same moment', async () => {
  const postgres = await Promise.all([start(), start()]);
  const pid = await postmaster();
  await Promise.all(postgres.map((each) => each.stop()));
  // A server that adopted Postgres sees the folder released a moment before the process is gone.
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
});

test('ends although a pool was closed only a moment before', async () => {
  const postgres = await start();
  const pool = new pg.Pool(postgres.connection);
  await Promise.all(Array.from({ length: 5 }, () => pool.query('SELECT pg_sleep(0.01)')));
  await pool.end();
  const pid = await postmaster();
  await postgres.stop();
  expect(isRunning(pid)).toBe(false);
});

test('goes on while anybody else is connected', async () => {
  const postgres = await start();
  const other = new pg.Client(postgres.connection);
  await other.connect();
  await postgres.stop();
  expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await other.end();
});

test('comes back when it was killed while its server lives', async () => {
  const messages: string[] = [];
  const postgres = await start({ log: (message) => messages.push(message) });
  const pid = await postmaster();
  process.kill(pid ?? 0, 'SIGKILL');

  await vi.waitFor(async () => expect(await query(postgres, 'SELECT 1')).toBe(1), {
    timeout: 10_000,
  });
  expect(await postmaster()).not.toBe(pid);
  await expect
    .poll(() => messages)
    .toEqual(['Postgres stopped unexpectedly. Starting it again.', 'Postgres is running again.']);
});

test('is started again by a server that had adopted it, when the one that started it is dead', async () => {
  const server = await startServer();
  const postgres = await start();
  server.kill('SIGKILL');
  await once(server, 'exit');
  process.kill((await postmaster()) ?? 0, 'SIGKILL');
  await vi.waitFor(async () => expect(await query(postgres, 'SELECT 1')).toBe(1), {
    timeout: 10_000,
  });
});

test('starts although the number in its lock file has gone to another program', async () => {
  const first = await start();
  const lock = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const [, ...lines] = (await readFile(lock, 'utf8')).split('\n');
  await first.stop();

  const other = spawn('sleep', ['60'], isRoot ? nobody : {});
  servers.push(other);
  await writeFile(lock, [other.pid, ...lines].join('\n'), { mode: 0o600 });
  if (isRoot) chownSync(lock, nobody.uid, nobody.gid);

  const second = await start();
  expect(second.isAdopted).toBe(false);
  expect(isRunning(other.pid)).toBe(true);
});

test('is not adopted with less durability than was asked for', async () => {
  await start({ durable: false });
  await expect(start({ durable: true })).rejects.toThrow(
    /was started for tests and does not keep its data/,
  );
});

test('puts the socket elsewhere when the path of the data folder is too long for one', async () => {
  dataDir = join(folder, 'x'.repeat(100));
  const [one, two] = await Promise.all([start(), startServer()]);
  expect(one.connection.host).toMatch(/^\/tmp\/loopwright-[0-9a-f]{16}$/);
  two.send('stop');
  await once(two, 'exit');
  await one.stop();
  expect(existsSync(one.connection.host)).toBe(false);
});

test('says what is wrong with a database that it cannot start, in one sentence', async () => {
  dataDir = join(folder, 'broken');
  const home = join(dataDir, 'postgres');
  const data = join(home, 'data');
  await (await start()).stop();

  await writeFile(join(data, 'PG_VERSION'), '16\n');
  await expect(start()).rejects.toThrow(
    `LOOPWRIGHT_DATA_DIR has a database in ${home} that was created by Postgres 16, but this ` +
      'Loopwright comes with another version. Start the release of Loopwright that created it, or set LOOPWRIGHT_DATA_DIR to another folder.',
  );
  await writeFile(join(data, 'PG_VERSION'), '18\n');
  await rm(join(data, 'global', 'pg_control'));
  await expect(start()).rejects.toThrow(
    /^LOOPWRIGHT_DATA_DIR has a database in \S+ that is damaged \(could not open file .*global\/pg_control.*$/,
  );
  await rm(home, { recursive: true });
  await writeFile(home, 'Not a folder.');
  await expect(start()).rejects.toThrow(
    `LOOPWRIGHT_DATA_DIR cannot have a database, because ${home} is a file. Move that file away, or set LOOPWRIGHT_DATA_DIR to another folder.`,
  );
});

test('tells root when the account that Postgres runs as cannot reach its database', async () => {
  // An ordinary user runs Postgres under its own account.
  if (!isRoot) return;
  dataDir = join(folder, 'closed');
  const home = join(dataDir, 'postgres');
  await mkdir(home, { recursive: true });
  chownSync(home, nobody.uid, nobody.gid);
  chmodSync(dataDir, 0o700);
  await expect(start()).rejects.toThrow(
    `LOOPWRIGHT_DATA_DIR has its database in ${home}. Postgres does not run as root but as uid 65534, which ` +
      'cannot enter that folder. Make the folders above it accessible (chmod o+x), set LOOPWRIGHT_DATA_DIR to ' +
      'another folder, or set DATABASE_URL.',
  );
});

test.each([
  [
    'FATAL:  could not resize shared memory segment "/PostgreSQL.1" to 8388608 bytes: No space left on device',
    'whose Postgres cannot get shared memory',
  ],
  [
    'FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device',
    'on a disk that is full',
  ],
  ['FATAL:  lock file "postmaster.pid" already exists', 'that another Postgres is using'],
  [
    'LOG:  invalid checkpoint record\nPANIC:  could not locate a valid checkpoint record at 0/1\nLOG:  database system is shut down',
    'that is damaged (could not locate a valid checkpoint record at 0/1)',
  ],
  ['spawn /x/postgres ENOENT', 'whose Postgres does not run on this machine'],
  ['FATAL:  something new', 'whose Postgres could not be started (something new)'],
])('makes a sentence of what Postgres said: %s', (said, told) => {
  const home = '/data/postgres';
  const { message } = couldNotStart(
    { home, data: `${home}/data`, socketFolder: home, account: undefined },
    said,
  );
  expect(message).toContain(`LOOPWRIGHT_DATA_DIR has a database in ${home} ${told}`);
  expect(message).toMatch(/^[^\n]+\. [A-Z][^\n]+\.$/);
});

test('runs for an ordinary user, who is told when the database belongs to another account', async () => {
  dataDir = join(folder, 'ordinary');
  await mkdir(dataDir);
  // When we are an ordinary user, or the checkout is readable by nobody else, Postgres runs under
  // our own account.
  const account = isRoot && canAnyoneRead(fileURLToPath(source)) ? nobody : undefined;
  if (account) chownSync(dataDir, account.uid, account.gid);
  const server = await startServer(account);
  server.send('stop');
  await once(server, 'exit');
  expect(statSync(join(dataDir, 'postgres')).uid).toBe(isRoot ? nobody.uid : process.getuid?.());

  // Only root can change the owner of a folder.
  if (!account) return;
  chownSync(join(dataDir, 'postgres'), 12_345, 12_345);
  await expect(startServer(account)).rejects.toThrow(/belongs to another account \(uid 12345\)/);
  chownSync(join(dataDir, 'postgres'), account.uid, account.gid);
});

async function start(
  options: { durable?: boolean; log?: (message: string) => void } = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false, ...options });
  started.push(postgres);
  return postgres;
}

/** Starts a process that uses the data folder until it is told to stop, or is killed. */
async function startServer(account: { uid?: number; gid?: number } = {}): Promise<ChildProcess> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(source)};
    const dataDir = process.argv[1];
    const postgres = await startEmbeddedPostgres({ dataDir, durable: false }).catch((error) => {
      process.send(error.message, () => process.exit(1));
      return new Promise(() => undefined);
    });
    process.once('message', async () => {
      await postgres.stop();
      process.disconnect();
    });
    process.send('started');`;
  const server = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir], {
    ...account,
    cwd: folder,
    env: {},
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  servers.push(server);
  const [message] = await Promise.race([once(server, 'message'), once(server, 'exit')]);
  if (message !== 'started') throw new Error(String(message));
  return server;
}

async function query({ connection }: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client(connection);
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** Connects, runs statements, and leaves. */
async function enter(config: pg.ClientConfig, statements: readonly string[] = []): Promise<void> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function postmaster(): Promise<number | undefined> {
  const path = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  return Number.parseInt(text, 10) || undefined;
}

function canAnyoneRead(path: string): boolean {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    if ((statSync(at).mode & 0o004) === 0) return false;
  }
  accessSync(path, constants.R_OK);
  return true;
}
