import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { advisoryLocks } from '../advisory-locks.ts';
import { busyOrSilent, isConnectionLost } from './busy-or-silent.ts';
import type { EmbeddedConnection } from './connection.ts';

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
