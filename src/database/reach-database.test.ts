import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freePort } from '../../test/support/free-port.ts';
import { startPostgresProxy, type WireError } from '../../test/support/postgres-proxy.ts';
import { openDatabase } from './database.ts';
import { reachDatabase } from './reach-database.ts';
import { databaseStartError } from './start-errors.ts';

const postgres = inject('postgres');
const socket = `host=${postgres.host}&port=${postgres.port}`;
const suffix = randomUUID().slice(0, 8);
const [guarded, rejected, narrow] = [`guarded_${suffix}`, `rejected_${suffix}`, `narrow_${suffix}`];
const ascii = `ascii_${suffix}`;
const password = 'a-secret-of-mine';
const admin = openDatabase(postgres, { max: 1 });
const closing: (() => Promise<void>)[] = [];
const proxied = async (options: Parameters<typeof startPostgresProxy>[1]) => {
  const { port, close } = await startPostgresProxy(postgres, options);
  closing.push(close);
  return { port, url: `postgres://${postgres.user}:${password}@127.0.0.1:${port}/postgres` };
};

beforeAll(async () => {
  await admin.pool.query(`CREATE DATABASE ${ascii} ENCODING 'SQL_ASCII' TEMPLATE template0`);
  await admin.pool.query(`REVOKE CONNECT ON DATABASE ${ascii} FROM PUBLIC`);
  for (const user of [guarded, rejected, narrow]) {
    await admin.pool.query(`CREATE USER ${user} PASSWORD '${password}'`);
  }
  const { rows } = await admin.pool.query('SHOW data_directory');
  const file = join(rows[0].data_directory, 'pg_hba.conf');
  const rules = [`local all ${guarded} scram-sha-256`, `local all ${rejected} reject`];
  await writeFile(file, [...rules, await readFile(file, 'utf8')].join('\n'));
  await admin.pool.query('SELECT pg_reload_conf()');
});

afterAll(async () => {
  for (const close of closing) await close();
  await admin.pool.query(`DROP DATABASE ${ascii}`);
  await admin.close();
});

test('a database that can be used is reached', async () => {
  await reachDatabase(`postgres://${postgres.user}@/postgres?${socket}`, { waitMs: 0 });
});

test.each<readonly [string, () => Promise<string> | string, string]>([
  [
    'a port on which nothing listens',
    async () => `postgres://me:${password}@127.0.0.1:${await freePort()}/db`,
    'DATABASE_URL points to 127.0.0.1:…, but nothing listens there. Start Postgres there, or correct the host and port.',
  ],
  [
    'a folder without a socket',
    () => `postgres://me:${password}@/db?host=/nowhere`,
    'DATABASE_URL points to /nowhere, but nothing listens there. Start Postgres there, or correct the host and port.',
  ],
  [
    'a host that there is not',
    () => `postgres://me:${password}@no-such-host.invalid/db`,
    'DATABASE_URL names the host no-such-host.invalid, which cannot be found. Correct the name, or check that this machine can resolve host names.',
  ],
  [
    'a wrong password',
    () => `postgres://${guarded}:wrong-${password}@/postgres?${socket}`,
    `DATABASE_URL names the user ${guarded}, but ${postgres.host} does not accept this user and password. Correct the user or password.`,
  ],
  [
    'no password where one is asked for',
    () => `postgres://${guarded}@/postgres?${socket}`,
    `DATABASE_URL has no password, but ${postgres.host} requires one. Write it as postgres://user:password@host:5432/database.`,
  ],
  [
    'a user that there is not',
    () => `postgres://stranger:${password}@/postgres?${socket}`,
    `DATABASE_URL names the user stranger, but ${postgres.host} does not let that user connect to the database postgres (role "stranger" does not exist). Correct the user, or allow the connection in the pg_hba.conf of that Postgres.`,
  ],
  [
    'a user who is let in with TLS alone',
    () => `postgres://${rejected}:${password}@/postgres?${socket}`,
    `DATABASE_URL connects without TLS, but ${postgres.host} does not let the user ${rejected} connect to the database postgres that way. Add sslmode=verify-full to it, or allow the connection in the pg_hba.conf of that Postgres.`,
  ],
  [
    'a database that there is not',
    () => `postgres://${postgres.user}@/Not-There?${socket}`,
    `DATABASE_URL names the database Not-There, which does not exist on ${postgres.host}. Create it with CREATE DATABASE "Not-There", or correct its name.`,
  ],
  [
    'a database that the user may not use',
    () => `postgres://${narrow}:${password}@/${ascii}?${socket}`,
    `DATABASE_URL names the user ${narrow}, who lacks permissions in the database ${ascii} (permission denied for database "${ascii}"). Make the user its owner with ALTER DATABASE ${ascii} OWNER TO ${narrow}.`,
  ],
  [
    'TLS where it is not spoken',
    async () => `${(await proxied({})).url}?sslmode=verify-full`,
    'DATABASE_URL requires TLS through its sslmode, but 127.0.0.1:… does not support TLS. Remove sslmode from it, or turn on TLS in that Postgres.',
  ],
  [
    'another encoding than UTF8',
    () => `postgres://${postgres.user}@/${ascii}?${socket}`,
    `DATABASE_URL names the database ${ascii}, whose encoding is SQL_ASCII instead of UTF8. Use one that you create with CREATE DATABASE ${ascii} ENCODING 'UTF8' TEMPLATE template0.`,
  ],
  [
    'a Postgres that is too old',
    async () => (await proxied({ answer: asPostgres14 })).url,
    'DATABASE_URL points to Postgres 14.4, which is too old. Upgrade it to 15 or newer, or use another Postgres.',
  ],
  [
    'a Postgres whose connections are all taken',
    async () => (await proxied({ onConnect: () => tooMany })).url,
    'DATABASE_URL points to 127.0.0.1:…, which is overloaded (sorry, too many clients already). Raise its max_connections, or lower DATABASE_POOL_SIZE on the servers that use it.',
  ],
  [
    'something that is no Postgres',
    async () => `postgres://me:${password}@127.0.0.1:${await rudePort()}/db`,
    'DATABASE_URL points to 127.0.0.1:…, which closes connections at once. Check that it is a Postgres, and read its log.',
  ],
])('%s: a sentence says so, and does not tell the password', async (_, url, sentence) => {
  const failure = await reachDatabase(await url(), { waitMs: 0 }).catch((error: Error) => error);
  expect(failure?.message.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:…')).toBe(sentence);
  expect(failure?.message).not.toContain(password);
});

test('a database that is just starting is waited for, which is told once', async () => {
  const answers = [startingUp, startingUp, startingUp];
  const { url } = await proxied({ onConnect: () => answers.pop() });
  const told: string[] = [];
  await reachDatabase(url, { waitMs: 60_000, onWait: (reason) => told.push(reason) });
  expect(answers).toEqual([]);
  expect(told).toEqual([
    expect.stringContaining('is not ready (the database system is starting up)'),
  ]);
});

test('a database that does not come is waited for no longer than was said', async () => {
  const url = `postgres://me@127.0.0.1:${await freePort()}/db`;
  await expect(reachDatabase(url, { waitMs: 300 })).rejects.toThrow('nothing listens there');
});

test('a database that lets us in and then says nothing is waited for no longer than was said', async () => {
  let isFrozen = false;
  const { url } = await proxied({
    onStatement: () => {
      isFrozen = true;
      return undefined;
    },
    answer: (bytes) => (isFrozen ? Buffer.alloc(0) : bytes),
  });
  await expect(reachDatabase(url, { waitMs: 300, attemptMs: 300 })).rejects.toThrow(
    'which does not answer',
  );
  expect(isFrozen).toBe(true);
});

test('a wrong password is not waited for', async () => {
  let attempts = 0;
  const onConnect = () => {
    attempts += 1;
    return wrongPassword;
  };
  const { url } = await proxied({ onConnect });
  const waiting = reachDatabase(url, { waitMs: 3_600_000 });
  await expect(waiting).rejects.toThrow('does not accept this user and password');
  expect(attempts).toBe(1);
});

test('whoever is told to stop while it waits stops', async () => {
  const told = new AbortController();
  const url = `postgres://me@127.0.0.1:${await freePort()}/db`;
  const waiting = reachDatabase(url, {
    waitMs: 3_600_000,
    signal: told.signal,
    onWait: () => told.abort(),
  });
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test.each([
  [
    { code: 'SELF_SIGNED_CERT_IN_CHAIN', message: 'self-signed certificate in certificate chain' },
    'points to db:5432, whose certificate is not trusted (self-signed certificate in certificate chain). ' +
      'Add sslrootcert=<file of the certificate authority> to it, or sslmode=no-verify to skip the check.',
  ],
  [
    { code: '53100', message: 'could not extend file' },
    'points to db:5432, whose disk is full. Free some space on it.',
  ],
  [
    { code: 'EHOSTUNREACH', message: 'connect EHOSTUNREACH 10.0.0.1:5432' },
    'points to db:5432, which does not answer. Correct the host and port, or check for a firewall in between.',
  ],
  [
    { code: '', message: 'Received unexpected\nmessage' },
    'points to db:5432, which cannot be used (Received unexpected message). Fix the problem there, or use another database.',
  ],
])('what a database or its driver says becomes a sentence: %o', (said, sentence) => {
  const error = Object.assign(new Error(said.message), said.code ? { code: said.code } : {});
  const { failure } = databaseStartError(`postgres://me:${password}@db/name`, error);
  expect(failure.message).toBe(`DATABASE_URL ${sentence}`);
});

const startingUp: WireError = {
  severity: 'FATAL',
  code: '57P03',
  message: 'the database system is starting up',
};
const tooMany: WireError = {
  severity: 'FATAL',
  code: '53300',
  message: 'sorry, too many clients already',
};
const wrongPassword: WireError = {
  severity: 'FATAL',
  code: '28P01',
  message: 'password authentication failed for user "me"',
};

/** Makes Postgres report version 14 in every place, with the same number of bytes. */
function asPostgres14(bytes: Buffer): Buffer {
  return Buffer.from(
    bytes.toString('latin1').replaceAll('180004', '140004').replaceAll('18.4', '14.4'),
    'latin1',
  );
}

/** The port of a server that hangs up on every client. */
async function rudePort(): Promise<number> {
  const server = createServer((client) => client.destroy());
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => void server.close(() => resolve())));
  return port;
}
