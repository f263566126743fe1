import { readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PostgresFolder, postgresPort } from './folder.ts';

/** The process id of the Postgres that holds the folder, or held it until it was killed. */
export async function readPid(folder: PostgresFolder): Promise<number | undefined> {
  return Number.parseInt(await readIfExists(pidFile(folder)), 10) || undefined;
}

/**
 * Frees locks whose process is not Postgres.
 *
 * After a power cut or a container restart, another process of the same account may have the
 * process id of the old Postgres, and the new Postgres would refuse to start because of it.
 * Postgres ignores a lock that its own parent holds, so we write our own id into it. Deleting the
 * file instead would also disable Postgres's second check, for the shared memory of the old
 * process.
 */
export async function takeOverLocks(folder: PostgresFolder): Promise<void> {
  for (const path of [
    pidFile(folder),
    join(folder.socketFolder, `.s.PGSQL.${postgresPort}.lock`),
  ]) {
    const text = await readIfExists(path);
    const [pid, ...others] = text.split('\n');
    if (!Number(pid) || (await findHolder(folder, Number(pid))) !== 'another') continue;
    // Another server may have done the same in the meantime, and its Postgres may hold the lock
    // now.
    if ((await readIfExists(path)) === text)
      await writeFile(path, [process.pid, ...others].join('\n'));
  }
}

/**
 * What a process id belongs to now: Postgres, another program (or a zombie), or nothing. Without
 * /proc, every process counts as Postgres.
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

/** The content of a file; empty when the file does not exist. */
async function readIfExists(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
