import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { dataFolderFailure } from './data-folder-failure.ts';
import { StartFailure } from './start-failure.ts';

/** The path of the file that holds the secret key of a data folder. */
export function secretKeyPath(dataDir: string): string {
  return resolve(dataDir, 'secret-key');
}

/**
 * Reads the secret key of a data folder; undefined when it has none.
 *
 * @throws StartFailure when the file cannot be read or holds no key.
 */
export async function findSecretKey(dataDir: string): Promise<Buffer | undefined> {
  const path = secretKeyPath(dataDir);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw dataFolderFailure(dataDir, error);
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  if (key.length === 32) return key;
  throw new StartFailure(
    `LOOPWRIGHT_DATA_DIR has a secret key in ${path} that is not 32 bytes in base64`,
    'restore the file, or delete it if nothing was encrypted with it',
  );
}

/**
 * The secret key of a data folder; makes one when there is none. Only the file's owner can read it.
 *
 * Two servers that start at the same time end up with the same key.
 *
 * @throws StartFailure when the folder or the file cannot be used.
 */
export async function ensureSecretKey(dataDir: string): Promise<Buffer> {
  const found = await findSecretKey(dataDir);
  if (found) return found;
  await makeSecretKey(dataDir).catch((error: unknown) => {
    throw dataFolderFailure(dataDir, error);
  });
  return ensureSecretKey(dataDir);
}

async function makeSecretKey(dataDir: string): Promise<void> {
  const path = secretKeyPath(dataDir);
  await mkdir(dataDir, { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    // A link, not a rename: a rename would replace the key of a server that was faster.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
