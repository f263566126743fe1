import { readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PostgresFolder, postgresPort } from './folder.ts';

/** The process of the Postgres that holds the folder, or did until it was killed. */
export async function readPid(folder: PostgresFolder): Promise<number | undefined> {
  return Number.parseInt(await textOf(pidFile(folder)), 10) || undefined;
}

/**
 * Frees locks whose process is not Postgres.
 *
 * After a power cut, or in a container started again, the number of the old Postgres may have gone
 * to any other process of the same account, and Postgres would refuse to start because of that one.
 * It ignores a lock held by its own parent, which is what we enter; removing the file instead would
 * take away Postgres's second check, of the old one's shared memory.
 */
export async function takeOverLocks(folder: PostgresFolder): Promise<void> {
  for (const path of [
    pidFile(folder),
    join(folder.socketFolder, `.s.PGSQL.${postgresPort}.lock`),
  ]) {
    const text = await textOf(path);
    const [pid, ...others] = text.split('\n');
    if (!Number(pid) || (await findHolder(folder, Number(pid))) !== 'another') continue;
    // Another server may have done the same, and its Postgres may hold the lock by now.
    if ((await textOf(path)) === text) await writeFile(path, [process.pid, ...others].join('\n'));
  }
}

/**
 * What a process number stands for now: Postgres, or another program (or the remains of one that
 * its parent has not buried), or nothing. Where there is no /proc, any process passes for Postgres.
 */
export async function findHolder(
  { data }: PostgresFolder,
  pid: number,
): Promise<'postgres' | 'another' | 'nobody'> {
  if (!isAlive(pid)) return 'nobody';
  if (process.platform !== 'linux') return 'postgres';
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return workingFolder === data ? 'postgres' : 'another';
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const pidFile = ({ data }: PostgresFolder) => join(data, 'postmaster.pid');

/** Empty when there is no such file. */
async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
