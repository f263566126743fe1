import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connectionTo } from '../../src/database/postgres/connection.ts';
import { openPostgresFolder } from '../../src/database/postgres/folder.ts';
import { oneTurnAgent, storeAgent } from '../agents.ts';
import { apiClient } from '../api-client.ts';
import { lostLogs, otherFailures, secondsUntilSuccess, startAsking } from '../asking.ts';
import { type Bench, type Figure, quantile } from '../figure.ts';
import { startServer, withFolder } from '../server.ts';
import { readUsage } from '../usage.ts';

const run = promisify(execFile);

const clients = 8;
/** Enough for an empty database, its WAL, and up to a minute of calls. */
const diskMb = 400;
/** How much space is left when the disk is filled. */
const restMb = 16;
const patienceMs = 120_000;
const fullMs = 20_000;

/**
 * How a server behaves when the disk of its database is full, and when it has space again. The disk
 * is a tmpfs, which only root may mount, on Linux.
 */
export function measureFullDisk({ profileDir }: Bench): Promise<readonly Figure[]> {
  return withFolder(async (folder) => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', `size=${diskMb}m`, 'tmpfs', disk]);
    try {
      await chmod(disk, 0o755);
      return await fillAndFree(disk, profileDir);
    } finally {
      await run('umount', [disk]);
    }
  });
}

async function fillAndFree(disk: string, profileDir: string | undefined): Promise<Figure[]> {
  const dataDir = join(disk, 'data');
  const server = await startServer({ dataDir, profileDir, env: { LOG_LEVEL: 'error' } });
  const client = apiClient(server, clients);
  try {
    await storeAgent(client, oneTurnAgent);
    const filler = join(disk, 'filler');
    await writeFile(filler, Buffer.alloc((await freeMb(disk)) * 2 ** 20 - restMb * 2 ** 20));

    const asking = startAsking(client, oneTurnAgent.path, clients);
    const startedAt = performance.now();
    while (asking.asked.every(({ status }) => status === 200)) {
      if (performance.now() - startedAt > patienceMs) throw new Error('The disk did not fill up.');
      await sleep(50);
    }
    const fullAt = performance.now();
    await sleep(fullMs);
    const { memory } = await readUsage(server);
    await rm(filler);
    const freeAt = performance.now();
    while (Number.isNaN(secondsUntilSuccess(asking.asked, freeAt))) {
      if (performance.now() - freeAt > patienceMs) break;
      await sleep(50);
    }
    const asked = await asking.stop();
    const whileFull = asked.filter(({ sentAt }) => sentAt > fullAt && sentAt < freeAt);
    const times = whileFull.map(({ tookMs }) => tookMs);
    return [
      {
        what: 'calls until the disk was full',
        value: asked.filter(({ sentAt }) => sentAt < fullAt).length,
        unit: '',
      },
      { what: 'requests while it was', value: whileFull.length, unit: '' },
      {
        what: 'of these, answered 200',
        value: whileFull.filter(({ status }) => status === 200).length,
        unit: '',
      },
      { what: 'answered in, p50', value: quantile(times, 0.5), unit: 'ms' },
      {
        what: 'answered in, at most',
        value: Math.max(...times),
        unit: 'ms',
        target: { atMost: 6_000 },
      },
      otherFailures(asked),
      { what: 'server memory meanwhile', value: memory.server, unit: 'MB' },
      {
        what: 'well again after',
        value: secondsUntilSuccess(asked, freeAt),
        unit: 's',
        target: { atMost: 60 },
      },
      await lostLogs(await connectionTo(await openPostgresFolder(dataDir)), asked),
    ];
  } finally {
    await client.close();
    await server.stop();
  }
}

async function freeMb(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return Math.floor((bavail * bsize) / 2 ** 20);
}
