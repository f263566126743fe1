import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, unlessThere } from '../../kernel/system/make-whole.ts';
import { isWindows, nobody, type PostgresFolder, postgresPort } from './folder.ts';

/** How to connect to an embedded Postgres. */
export interface EmbeddedConnection {
  /** The folder of the socket; on Windows the loopback address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly password: string;
}

/** The role of servers: it owns the database, and is no superuser. */
export const serverRole = 'loopwright';

/** How to connect to the Postgres of a folder; works whether it is running or not. */
export async function connectionTo(folder: PostgresFolder): Promise<EmbeddedConnection> {
  const shared = {
    user: serverRole,
    database: 'postgres',
    password: await ensurePassword(folder),
  };
  if (!isWindows) return { ...shared, host: folder.socketFolder, port: postgresPort };
  // Node has no Unix sockets on Windows, so all servers on this folder derive the same port.
  const hash = createHash('sha256').update(folder.home).digest();
  const port = 20_000 + (hash.readUInt16BE() % 20_000);
  return { ...shared, host: '127.0.0.1', port };
}

/** The same Postgres, as its superuser: for what prepares or fills a database, never for a server. */
export function asSuperuser<Given extends { readonly user?: string }>(connection: Given): Given {
  return { ...connection, user: superuser };
}

/** The role that `initdb` makes. */
export const superuser = 'postgres';

/** The password of both roles, in hexadecimal digits. */
async function ensurePassword({ home, account }: PostgresFolder): Promise<string> {
  const path = join(home, 'password');
  const found = await readIfThere(path);
  if (found !== undefined) return found;
  // Complete and on disk before it has its name: a server that starts at the same moment reads it,
  // and after a power cut nobody could enter a database whose password is lost.
  const temporary = `${path}.new-${randomUUID().slice(0, 8)}`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(24).toString('hex'));
    // Root keeps it to itself where Postgres runs as `nobody`, who may be other programs too. A home
    // that belongs to a real account may be used by that account later.
    if (account && account.uid !== nobody.uid) await file.chown(account.uid, account.gid);
    await file.sync();
  } finally {
    await file.close();
  }
  await unlessThere(link(temporary, path));
  await rm(temporary);
  await syncFolder(home);
  return readFile(path, 'utf8');
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
