import { execFile } from 'node:child_process';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonFolder } from './python.ts';

/**
 * Copies the database of a data folder that no Postgres runs on. It takes a tenth of the time of making
 * one (`initdb` and the migrations).
 *
 * @param to a folder, made when it is not there.
 */
export async function copyDataFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  // Postgres's own account has to enter it.
  await chmod(to, 0o755);
  // Not by `fs.cp`, which gives the files to us: they are of that account.
  await promisify(execFile)('cp', ['-a', join(from, 'postgres'), to]);
}

/**
 * Gives a data folder the snapshot of Python that all tests share: it takes seconds to make, and a
 * server whose folder has none makes one.
 */
export async function sharePythonSnapshot(dataDir: string): Promise<void> {
  const shared = join(pythonFolder, 'python');
  await mkdir(shared, { recursive: true, mode: 0o700 });
  await symlink(shared, join(dataDir, 'python'), 'junction').catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
