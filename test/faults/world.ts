import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { asSuperuser } from '../../src/database/postgres/connection.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/database/postgres/embedded-postgres.ts';
import { letEverybodyIn } from '../support/let-everybody-in.ts';
import { storeAgents } from './agents.ts';
import { type ModelServer, startModelServer } from './model-server.ts';
import { observe } from './observed.ts';
import type { PlanOptions } from './plan.ts';
import { processesLeft } from './processes-left.ts';
import { databaseRole, type ServerSlot, startServers } from './servers.ts';
import { startToolServer, type ToolServer } from './tool-server.ts';

export interface WorldOptions extends PlanOptions {
  readonly servers: number;
  readonly leaseSeconds: number;
}

/** Everything that runs need: servers, their Postgres, models and tools. */
export interface World {
  readonly options: WorldOptions;
  readonly folder: string;
  readonly slots: readonly ServerSlot[];
  readonly models: ModelServer;
  readonly tools: ToolServer;
  /** A direct connection to Postgres that no fault affects. */
  readonly database: Database;
  /** Kills Postgres like a power cut, or stops it in an orderly way; then starts it again. */
  stopPostgres(signal: 'SIGQUIT' | 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** Ends everything. @returns the processes that should have ended and have not. */
  close(): Promise<readonly string[]>;
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'lw-faults-'));
  // Lets Postgres's account enter.
  await chmod(folder, 0o755);
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres({
    dataDir: folder,
    maxConnections: 100,
  });
  const administrator = asSuperuser(postgres.connection);
  await letEverybodyIn(administrator);
  const admin = openDatabase(administrator, { max: 1 });
  await admin.pool.query('CREATE DATABASE faults');
  for (let slot = 0; slot < options.servers; slot++) {
    await admin.pool.query(`CREATE ROLE ${databaseRole(slot)} LOGIN SUPERUSER`);
  }
  await admin.close();
  const { host, port } = postgres.connection;
  const connection = { ...administrator, database: 'faults' };
  const database = openDatabase(connection, { max: 4, onError: () => undefined });
  const [models, tools] = await Promise.all([startModelServer(options), startToolServer()]);
  const slots = await startServers(options.servers, {
    folder,
    socketPath: join(host, `.s.PGSQL.${port}`),
    database: 'faults',
    leaseSeconds: options.leaseSeconds,
    modelUrl: models.url,
  });
  await observe(database);
  const world: World = {
    options,
    folder,
    slots,
    models,
    tools,
    database,
    async stopPostgres(signal) {
      const text = await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(
        () => '',
      );
      const pid = Number.parseInt(text, 10);
      if (pid) process.kill(pid, signal);
    },
    async close() {
      await Promise.all(slots.map((slot) => slot.end('SIGTERM')));
      const left = await processesLeft(folder, []);
      await Promise.all(slots.map(({ proxy }) => proxy.close()));
      await Promise.all([models.close(), tools.close()]);
      await database.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      return left;
    },
  };
  await storeAgents(slots[0]?.url ?? '', { toolsUrl: tools.url, withPython: options.withPython });
  return world;
}
