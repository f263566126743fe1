import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { type Connection, type Database, openDatabase } from '../../src/database/database.ts';
import { whenDone } from './when-done.ts';

/** A database of a test file's own: a copy of the migrated template. Closed when the file, or the test, is done. */
export async function testDatabase(): Promise<Database & { readonly connection: Connection }> {
  const server = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = openDatabase(server, { max: 1 });
  await admin.pool.query(`CREATE DATABASE ${name} TEMPLATE template STRATEGY FILE_COPY`);
  await admin.close();
  const connection = { ...server, database: name };
  const database = openDatabase(connection, { max: 8 });
  whenDone(() => database.close());
  return { ...database, connection };
}
