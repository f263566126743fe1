import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Connection, openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { startEmbeddedPostgres } from '../../src/database/postgres/embedded-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Postgres of this run, with a migrated database named `template`. */
    postgres: Connection;
  }
}

/** One Postgres for all test files; each works in a copy of its template. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'lw-test-'));
  // So that Postgres's account may enter: else, as root, the database would be kept elsewhere, and
  // left there when this folder is removed.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres({
    dataDir: folder,
    durable: false,
    maxConnections: 300,
  });
  const admin = openDatabase(postgres.connection, { max: 1 });
  await admin.pool.query('CREATE DATABASE template');
  await admin.close();
  const template = openDatabase({ ...postgres.connection, database: 'template' }, { max: 1 });
  await migrate(template);
  // A template that is in use cannot be copied.
  await template.close();
  project.provide('postgres', postgres.connection);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
