import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { advisoryLocks } from '../advisory-locks.ts';
import { isWindows, type PostgresFolder, postgresPort, unlessThere } from './folder.ts';

/** How to connect to an embedded Postgres. */
export interface EmbeddedConnection {
  /** The folder of the socket; on Windows the loopback address. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Only on Windows: elsewhere, access to the socket is enough. */
  readonly password?: string;
}

/**
 * A connection that a server keeps open while it uses an embedded Postgres. It shows the other
 * servers that this one is there even when its pool is idle, and shows this one when Postgres ends.
 */
export interface Presence {
  readonly client: pg.Client;
  readonly socket: Socket;
  /** False when Postgres was started for tests, without flushing commits. */
  readonly isDurable: boolean;
  /** Resolves when the connection has ended, on either side. */
  readonly ended: Promise<void>;
}

const presenceName = 'loopwright presence';
const leavingName = 'loopwright leaving';

/** Milliseconds to wait for our own pool's connections: Postgres sees them close a little later. */
const closingMs = 1_000;

/** How to connect to the Postgres of a folder; works whether it is running or not. */
export async function connectionTo({
  home,
  socketFolder,
}: PostgresFolder): Promise<EmbeddedConnection> {
  const shared = { user: 'postgres', database: 'postgres' };
  if (!isWindows) return { ...shared, host: socketFolder, port: postgresPort };
  // Node has no Unix sockets on Windows, so all servers on this folder derive the same port.
  const hash = createHash('sha256').update(home).digest();
  const port = 20_000 + (hash.readUInt16BE() % 20_000);
  const secret = randomBytes(24).toString('hex');
  await unlessThere(writeFile(passwordFile(home), secret, { flag: 'wx', mode: 0o600 }));
  const password = await readFile(passwordFile(home), 'utf8');
  return { ...shared, host: '127.0.0.1', port, password };
}

/** Exists only on Windows. */
export const passwordFile = (home: string) => join(home, 'password');

/**
 * Connects to a Postgres that may or may not be running.
 *
 * @returns `busy` when it is starting, recovering or shutting down; `silent` when nothing answers.
 * @throws the error of a Postgres that answers but refuses the connection.
 */
export async function announcePresence(
  connection: EmbeddedConnection,
): Promise<Presence | 'busy' | 'silent'> {
  const socket = new Socket();
  const client = new pg.Client({
    ...connection,
    stream: () => socket,
    ssl: false,
    application_name: presenceName,
    connectionTimeoutMillis: 5_000,
  });
  // The error also rejects the promises below, or `ended`. Without this listener it would end the
  // process.
  client.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [advisoryLocks.leavePostgres]);
    const { rows } = await client.query(
      "SELECT pg_advisory_unlock_shared($1), current_setting('fsync') AS fsync",
      [advisoryLocks.leavePostgres],
    );
    return { client, socket, isDurable: rows[0].fsync === 'on', ended };
  } catch (error) {
    client.end().catch(() => undefined);
    return busyOrSilent(error);
  }
}

/**
 * Closes a presence.
 *
 * @param stopPostgres called when no other client is connected. Servers that arrive meanwhile wait;
 *   they then find Postgres shutting down, instead of getting a connection that is about to break.
 * @returns what has become of Postgres; `ending` when another server has just stopped it.
 */
export async function leave(
  { client, ended }: Presence,
  stopPostgres: () => Promise<void>,
): Promise<'stopped' | 'in use' | 'ending'> {
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLocks.leavePostgres]);
    if (await isLast(client)) {
      await stopPostgres();
      return 'stopped';
    }
    await client.query("SELECT set_config('application_name', $1, false)", [leavingName]);
    return 'in use';
  } catch (error) {
    if (!isConnectionLost(error)) throw error;
    return 'ending';
  } finally {
    client.end().catch(() => undefined);
    await ended;
  }
}

async function isLast(client: pg.Client): Promise<boolean> {
  const giveUpAt = performance.now() + closingMs;
  for (;;) {
    const { rows } = await client.query(
      `SELECT application_name FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
         AND application_name <> $1`,
      [leavingName],
    );
    if (rows.length === 0) return true;
    const others = rows.some(({ application_name }) => application_name === presenceName);
    if (others || performance.now() > giveUpAt) return false;
    await sleep(20);
  }
}

function busyOrSilent(error: unknown): 'busy' | 'silent' {
  const { code } = error as NodeJS.ErrnoException;
  // 57P01 to 57P03: shut down by an administrator, crashed, cannot accept connections now.
  if (/^57P0[123]$/.test(code ?? '')) return 'busy';
  if (code === 'ENOENT' || isConnectionLost(error)) return 'silent';
  throw error;
}

function isConnectionLost(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    /^(57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE)$/.test(code ?? '') ||
    // Messages of the pg driver, whose errors have no code.
    /^(Connection terminated|timeout expired|Client (has encountered|was closed))/.test(message)
  );
}
