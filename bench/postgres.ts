import { Client } from 'pg';
import {
  asSuperuser,
  connectionTo,
  type EmbeddedConnection,
} from '../src/database/postgres/connection.ts';
import { openPostgresFolder } from '../src/database/postgres/folder.ts';
import {
  attachToPostgres,
  leavePostgres,
  type RunningPostgres,
} from '../src/database/postgres/process.ts';
import type { PostgresSettings } from '../src/database/postgres/program.ts';
import { postgresProcesses } from './usage.ts';

/**
 * The bundled Postgres with durable commits, started by the benchmark, so that no server supervises
 * it.
 */
export interface BenchPostgres {
  readonly dataDir: string;
  /** How `pg` connects to one of its databases. */
  connection(database: string): EmbeddedConnection;
  url(database: string): string;
  /** Kills it, as a crash of its machine would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops all its processes with SIGSTOP; connections stay open. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Shuts it down properly. */
  stop(): Promise<void>;
}

/** Starts a Postgres, and creates a database in it. */
export async function startPostgres(dataDir: string, database: string): Promise<BenchPostgres> {
  const folder = await openPostgresFolder(dataDir);
  const connection = await connectionTo(folder);
  const { host, port, user, password } = connection;
  const settings: PostgresSettings = {
    folder,
    connection,
    durable: true,
    maxConnections: 100,
  };
  let running: RunningPostgres = await attachToPostgres(settings);
  const admin = new Client(asSuperuser(connection));
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database} OWNER ${user}`);
  await admin.end();
  const signal = async (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of await postgresProcesses(dataDir)) process.kill(pid, name);
  };
  return {
    dataDir,
    connection: (name) => ({ ...connection, database: name }),
    url: (name) =>
      `postgres://${user}:${password}@/${name}?host=${encodeURIComponent(host)}&port=${port}`,
    async kill() {
      const { child, presence } = running;
      child?.process.kill('SIGQUIT');
      await Promise.all([child?.ended, presence.ended]);
    },
    async start() {
      running = await attachToPostgres(settings);
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: () => leavePostgres(settings, running),
  };
}
