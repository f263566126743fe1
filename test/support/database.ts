import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { type Connection, type Database, openDatabase } from '../../src/database/database.ts';
import { serverRole } from '../../src/database/postgres/connection.ts';
import { whenDone } from './when-done.ts';

/** A copy of the migrated template, used as servers use theirs: as no superuser. Its pool is closed after the test, or the file, that asked for it. */
export async function testDatabase(): Promise<Database & { readonly connection: Connection }> {
  const server = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = openDatabase(server, { max: 1 });
  await admin.pool.query(
    `CREATE DATABASE ${name} OWNER ${serverRole} TEMPLATE template STRATEGY FILE_COPY`,
  );
  await admin.close();
  const connection = { ...server, user: serverRole, database: name };
  const database = openDatabase(connection, { max: 8 });
  whenDone(() => database.close());
  return { ...database, connection };
}
