import { execFileSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { hello } from '../support/agents.ts';
import { sharePythonSnapshot } from '../support/data-folder.ts';
import { startPostgresProxy, type WireError } from '../support/postgres-proxy.ts';
import { isRoot } from '../support/processes.ts';
import { type Server, testServers } from '../support/server.ts';

/** A server whose disk can be filled, and freed again. */
interface Filled {
  readonly server: Server;
  /** @param left bytes that stay free. */
  fill(left?: number): Promise<void>;
  free(): Promise<void>;
}

const servers = testServers();
/** What ends a server and then takes its disk away. */
const unmounting: (() => Promise<void>)[] = [];
const key = 'the-key-of-a-full-disk';

afterAll(async () => {
  for (const unmount of unmounting) await unmount();
});

// Only root can have a disk of its own.
const realDisks = canMount() ? [{ disk: 'in fact', open: onASmallDisk }] : [];

describe.each([{ disk: 'as it says on the wire', open: onTheWire }, ...realDisks])(
  'a database whose disk is full, $disk',
  ({ open }) => {
    let filled: Filled;
    beforeAll(async () => {
      filled = await open();
    });

    test('refuses what would be stored with `database_full`, says why in the log and in /readyz, and goes on when there is room', async () => {
      const { server, fill, free } = filled;
      for (const write of writesTo(server)) expect(await write()).toMatchObject({ status: 200 });
      await fill();
      for (const write of writesTo(server)) {
        const { status, body, headers } = await write();
        expect({ status, code: body.code }).toEqual({ status: 503, code: 'database_full' });
        expect(headers.get('retry-after')).toBe('30');
      }
      expect(await server.get('/readyz')).toMatchObject({
        status: 503,
        body: {
          code: 'database_full',
          detail:
            'The disk of the database is full. Nothing can be stored until it has room again.',
        },
      });
      expect((await server.get('/v5/agents')).status).toBe(200);
      expect(server.log()).toMatch(/The disk of the database is full.*No space left on device/);
      expect(server.log().match(/is full\. Nothing can be stored\./g)).toHaveLength(1);

      await free();
      await expect.poll(async () => (await server.get('/readyz')).status).toBe(200);
      expect(server.log()).toContain('The disk of the database has room again.');
      for (const write of writesTo(server)) expect(await write()).toMatchObject({ status: 200 });
    });
  },
);

test.each(realDisks)(
  'a Postgres that dies of its full disk is the same to a client, and loses nothing that it had taken',
  async ({ open }) => {
    const { server, fill, free } = await open();
    // Less than Postgres wants for the next file of its log, without which it ends.
    await fill(15_000_000);
    const stored: string[] = [];
    const refused = new Set<string>();
    while (!server.log().includes('Postgres stopped unexpectedly')) {
      const { status, body } = await server.post('/v5/agents/log', {
        path: 'logged',
        agent: { provider: 'mock', model: 'any' },
        output: randomBytes(100_000).toString('hex'),
      });
      if (status === 200) stored.push(body.id);
      else refused.add(`${status} ${body.code}`);
    }
    expect(stored.length).toBeGreaterThan(10);
    // In the moment in which it dies nobody knows yet of what.
    expect(['503 database_full', '503 database_unavailable']).toEqual(
      expect.arrayContaining([...refused]),
    );
    await expect
      .poll(async () => (await server.get('/readyz')).body)
      .toMatchObject({ code: 'database_full' });
    expect((await server.get(`/v5/logs/${stored[0]}`)).body).toMatchObject({
      code: 'database_full',
    });
    await expect
      .poll(() => server.log())
      .toMatch(
        /LOOPWRIGHT_DATA_DIR has a database in \S+ on a disk that is full\. Free some space on it/,
      );

    await free();
    await expect.poll(async () => (await server.get('/readyz')).status).toBe(200);
    for (const id of stored) expect((await server.get(`/v5/logs/${id}`)).status).toBe(200);
    for (const write of writesTo(server)) expect(await write()).toMatchObject({ status: 200 });
  },
  60_000,
);

/** A call, a log and an upsert, each with more than fits where there is no room. */
function writesTo(server: Server) {
  const text = randomBytes(150_000).toString('hex');
  const agent = { provider: 'mock', model: 'any' };
  const messages = [...hello, { role: 'user', content: text }];
  return [
    () => server.post('/v5/agents/call', { path: 'called', agent, messages }),
    () => server.post('/v5/agents/log', { path: 'logged', agent, messages, output: 'Good day.' }),
    () => server.post('/v5/prompts', { path: `stored/${randomUUID()}`, ...agent, template: text }),
  ];
}

/** A Postgres that says on the wire what one says whose disk is full. */
async function onTheWire(): Promise<Filled> {
  const postgres = inject('postgres');
  const name = `full_${randomUUID().replaceAll('-', '')}`;
  const admin = openDatabase(postgres, { max: 1 });
  await admin.pool.query(`CREATE DATABASE ${name}`);
  await admin.close();
  let isFull = false;
  const writes = /^\s*(\/\* hot \*\/)?\s*(INSERT|UPDATE|WITH .*INSERT)|generate_series/is;
  const { port, close } = await startPostgresProxy(postgres, {
    onStatement: (text) => (isFull && writes.test(text) ? diskFull : undefined),
  });
  afterAll(close);
  const server = await servers.start({
    dataDir: await servers.newFolder(),
    env: {
      DATABASE_URL: `postgres://${postgres.user}@127.0.0.1:${port}/${name}`,
      LOOPWRIGHT_SECRET_KEY: randomBytes(32).toString('base64'),
      LOOPWRIGHT_API_KEY: key,
    },
  });
  return {
    server,
    async fill() {
      isFull = true;
    },
    async free() {
      isFull = false;
    },
  };
}

/** Postgres in a folder that is a disk of its own, of 100 MB. */
async function onASmallDisk(): Promise<Filled> {
  const dataDir = join(await servers.newFolder(), 'disk');
  await mkdir(dataDir);
  execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=100m,mode=755', 'tmpfs', dataDir]);
  // Otherwise the server makes one, and takes 31 MB of the disk while we fill it.
  await sharePythonSnapshot(dataDir);
  const server = servers.launch({ dataDir, env: { LOOPWRIGHT_API_KEY: key } });
  unmounting.push(async () => {
    // Its Postgres stops with it, and could not be found once the disk is gone.
    await server.kill('SIGTERM');
    execFileSync('/bin/umount', ['--lazy', dataDir]);
  });
  await server.listening;
  const ballast = join(dataDir, 'ballast');
  return {
    server,
    async fill(left = 0) {
      const { bavail, bsize } = await statfs(dataDir);
      await writeFile(ballast, Buffer.alloc(bavail * bsize - left)).catch(
        (error: NodeJS.ErrnoException) => {
          // Postgres has taken some of it meanwhile. The disk is full, which is what is wanted.
          if (error.code !== 'ENOSPC') throw error;
        },
      );
    },
    free: () => rm(ballast),
  };
}

function canMount(): boolean {
  if (!isRoot || process.platform !== 'linux') return false;
  const folder = mkdtempSync(join(tmpdir(), 'lw-mount-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('/bin/umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

const diskFull: WireError = {
  severity: 'ERROR',
  code: '53100',
  message: 'could not extend file "base/5/16400": No space left on device',
};
