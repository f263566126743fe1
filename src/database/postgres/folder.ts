import { createHash } from 'node:crypto';
import {
  access,
  chown,
  constants,
  lstat,
  mkdir,
  mkdtemp,
  readlink,
  realpath,
  rmdir,
  stat,
  symlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartFailure } from '../../kernel/start-failure.ts';
import { type Account, canEnter, systemHome } from '../../kernel/system/account.ts';
import { exists, unlessThere } from '../../kernel/system/make-whole.ts';

/** Only a part of the socket's name; on Windows a real port is used instead. */
export const postgresPort = 5432;

export const isWindows = process.platform === 'win32';

/** The folders in which the database of one data folder is kept. */
export interface PostgresFolder {
  /** Absolute, without symbolic links, mode 0700; contains everything else. */
  readonly home: string;
  /** Postgres's data directory; does not exist before the first start. */
  readonly data: string;
  /** The folder of the socket, the same for every server on this data folder. */
  readonly socketFolder: string;
  /** Undefined: Postgres runs under our own account. */
  readonly account: Account | undefined;
}

/** The account `nobody`, because Postgres refuses to run as root. */
export const nobody: Account = { uid: 65_534, gid: 65_534 };

/** The longest address of a Unix socket in bytes, and what Postgres adds to its folder. */
const addressLimit = 107;
const socketName = `/.s.PGSQL.${postgresPort}`;

/**
 * Finds or makes `<dataDir>/postgres`, the home of the database.
 *
 * Under root the home is given to `nobody`, or stays with the account that owns it. When that
 * account cannot enter `dataDir`, `postgres` becomes a symbolic link to a new folder in
 * `/var/lib/loopwright`. The link moves with the data folder; when the data folder is deleted, the
 * database remains there unused.
 */
export async function openPostgresFolder(dataDir: string): Promise<PostgresFolder> {
  await mkdir(dataDir, { recursive: true });
  const path = join(await realpath(dataDir), 'postgres');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await makeHomeForNobody(path);
  // Not recursive, because that would give new parent folders the same mode.
  else await unlessThere(mkdir(path, { mode: 0o700 }));

  const home = await realpath(path).catch(async () => {
    throw new StartFailure(
      `LOOPWRIGHT_DATA_DIR has lost its database: ${path} points to ${await readlink(path)}, which does not exist`,
      `restore that folder, or delete ${path} to start with an empty database`,
    );
  });
  if (!(await stat(home)).isDirectory()) {
    throw new StartFailure(
      `LOOPWRIGHT_DATA_DIR cannot have a database, because ${home} is a file`,
      'move that file away, or set LOOPWRIGHT_DATA_DIR to another folder',
    );
  }
  const account = isRoot ? await ownerOf(home) : undefined;
  if (account && !(await canEnter(home, account))) {
    throw new StartFailure(
      `LOOPWRIGHT_DATA_DIR has its database in ${home}. Postgres does not run as root but as uid ${account.uid}, which cannot enter that folder`,
      'make the folders above it accessible (chmod o+x), set LOOPWRIGHT_DATA_DIR to another folder, or set DATABASE_URL',
    );
  }
  if (!account) await requireOwnership(home);
  return { home, data: join(home, 'data'), socketFolder: socketFolderOf(home), account };
}

/** Makes the folder of the socket; refuses one that belongs to another account. */
export async function prepareSocketFolder({ home, socketFolder, account }: PostgresFolder) {
  if (isWindows || socketFolder === home) return;
  await unlessThere(mkdir(socketFolder, { mode: 0o700 }));
  const { uid } = await lstat(socketFolder);
  if (account && uid === 0) await chown(socketFolder, account.uid, account.gid);
  const found = await lstat(socketFolder);
  const expected = account?.uid ?? process.getuid?.();
  // The owner of this folder in /tmp could pose as Postgres.
  if (!found.isDirectory() || found.uid !== expected || (found.mode & 0o077) !== 0) {
    throw new StartFailure(
      `LOOPWRIGHT_DATA_DIR gives the path ${home}, which is too long for a socket. The folder ${socketFolder}, which is used instead, belongs to another account`,
      'set LOOPWRIGHT_DATA_DIR to a shorter path, or set DATABASE_URL',
    );
  }
}

/** Removes the folder that {@link prepareSocketFolder} made, unless it contains a socket again. */
export async function removeSocketFolder({ home, socketFolder }: PostgresFolder): Promise<void> {
  if (!isWindows && socketFolder !== home) await rmdir(socketFolder).catch(() => undefined);
}

async function makeHomeForNobody(path: string): Promise<void> {
  if (await exists(path)) {
    // Still root's: its maker was killed before it changed the owner, or is about to change it.
    if ((await stat(path)).uid === 0) await giveTo(nobody, path);
    return;
  }
  if (await lstat(path).catch(() => undefined)) return; // The link is broken.
  if (await canEnter(dirname(path), nobody)) {
    await unlessThere(mkdir(path, { mode: 0o700 }));
    await giveTo(nobody, path);
    return;
  }
  await mkdir(systemHome, { recursive: true });
  const home = await mkdtemp(join(systemHome, 'database-'));
  await giveTo(nobody, home);
  await symlink(home, path).catch(async (error: NodeJS.ErrnoException) => {
    await rmdir(home);
    if (error.code !== 'EEXIST') throw error;
  });
}

async function giveTo({ uid, gid }: Account, path: string): Promise<void> {
  await chown(path, uid, gid).catch((error: unknown) => {
    throw new StartFailure(
      `LOOPWRIGHT_DATA_DIR has its database in ${path}. Postgres does not run as root but as uid ${uid}, and the folder could not be given to that account (${(error as Error).message})`,
      'start Loopwright as an ordinary user, set LOOPWRIGHT_DATA_DIR to a folder on another file system, or set DATABASE_URL',
      error,
    );
  });
}

async function ownerOf(path: string): Promise<Account> {
  const { uid, gid } = await stat(path);
  return { uid, gid };
}

async function requireOwnership(home: string): Promise<void> {
  const uid = process.getuid?.();
  const owner = (await stat(home)).uid;
  const isOurs = uid === undefined || owner === uid;
  if (isOurs && (await isWritable(home))) return;
  throw new StartFailure(
    isOurs
      ? `LOOPWRIGHT_DATA_DIR has its database in ${home}, which this account cannot write to`
      : `LOOPWRIGHT_DATA_DIR has its database in ${home}, which belongs to another account (uid ${owner})`,
    'start Loopwright as the account that owns it or as root, set LOOPWRIGHT_DATA_DIR to another folder, or set DATABASE_URL',
  );
}

function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function socketFolderOf(home: string): string {
  if (Buffer.byteLength(home + socketName) <= addressLimit) return home;
  const hash = createHash('sha256').update(home).digest('hex').slice(0, 16);
  // Not os.tmpdir(), which depends on the environment: all servers must find the same folder.
  return `/tmp/loopwright-${hash}`;
}
