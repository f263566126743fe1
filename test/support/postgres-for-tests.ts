import { readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Connection, openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { asSuperuser, serverRole } from '../../src/database/postgres/connection.ts';
import { startEmbeddedPostgres } from '../../src/database/postgres/embedded-postgres.ts';
import { copyDataFolder } from './data-folder.ts';
import { letEverybodyIn } from './let-everybody-in.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * The Postgres of this run, as its superuser. It has a migrated database named `template`, which
     * belongs to the role of servers, and lets everybody in without a password.
     */
    postgres: Connection;
    /** A data folder with a migrated database that has no rows, to be copied. */
    dataFolder: string;
  }
}

/** Commits need not survive a crash of the machine. */
const durable = false;

/** One Postgres for all test files; each works in a copy of its template. */
export async function setup(project: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'lw-test-'));
  // Postgres's own account has to enter it: else, as root, the database would be kept elsewhere, and
  // left there when this folder is removed.
  await chmod(folder, 0o755);
  const dataFolder = join(folder, 'template');
  await makeDataFolder(dataFolder);
  const dataDir = join(folder, 'data');
  await copyDataFolder(dataFolder, dataDir);

  const postgres = await startEmbeddedPostgres({ dataDir, durable, maxConnections: 300 });
  // Ctrl-C ends Vitest without a teardown, and Postgres would go on.
  const endAtOnce = () => {
    killPostgres(dataDir);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once('exit', endAtOnce);
  const administrator = asSuperuser(postgres.connection);
  await letEverybodyIn(administrator);
  await migrateNew('template', postgres.connection);
  project.provide('postgres', administrator);
  project.provide('dataFolder', dataFolder);
  return async () => {
    process.off('exit', endAtOnce);
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Ends the Postgres of a data folder without waiting for it. */
function killPostgres(dataDir: string): void {
  try {
    const lines = readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
    process.kill(Number.parseInt(lines, 10), 'SIGQUIT');
  } catch {
    // It has ended already.
  }
}

/** Makes a data folder as a server has it that has started once, but for the rows that it inserts. */
async function makeDataFolder(dataDir: string): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dataDir, durable });
  const database = openDatabase(postgres.connection, { max: 1 });
  await migrate(database);
  await database.close();
  await postgres.stop();
}

/** Makes a migrated database. Nobody stays connected: a template that is in use cannot be copied. */
async function migrateNew(name: string, server: Connection): Promise<void> {
  const admin = openDatabase(asSuperuser(server), { max: 1 });
  await admin.pool.query(`CREATE DATABASE ${name} OWNER ${serverRole}`);
  await admin.close();
  const database = openDatabase({ ...server, database: name }, { max: 1 });
  await migrate(database);
  await database.close();
}
