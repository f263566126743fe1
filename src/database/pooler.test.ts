import { sql } from 'kysely';
import { expect, inject, onTestFinished, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { startPostgresProxy } from '../../test/support/postgres-proxy.ts';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { hot, inTransaction, openWorkspace } from './workspace.ts';

// Puts a pooler between servers and Postgres that gives each transaction any connection it has.

const { connection, db } = await testDatabase();
const statement = '/* hot */ SELECT $1::int AS value';

test('a connection asks for nothing at its begin that a pooler refuses, and has UTC and ISO dates', async () => {
  await sql`ALTER DATABASE ${sql.id(connection.database ?? '')} SET timezone = 'Asia/Tokyo'`.execute(
    db,
  );
  await sql`ALTER DATABASE ${sql.id(connection.database ?? '')} SET datestyle = 'German'`.execute(
    db,
  );
  // The startup parameters that PgBouncer accepts, because it keeps them for each client.
  // https://www.pgbouncer.org/config.html#ignore_startup_parameters
  const taken = [
    'user',
    'database',
    'client_encoding',
    'datestyle',
    'timezone',
    'application_name',
  ];
  const { port, close } = await startPostgresProxy(connection, {
    onConnect(asked) {
      const names = asked.split('\0').filter((_, index) => index % 2 === 0 && _ !== '');
      const refused = names.find((name) => !taken.includes(name.toLowerCase()));
      const message = `unsupported startup parameter: ${refused}`;
      return refused === undefined ? undefined : { severity: 'FATAL', code: '08P01', message };
    },
  });
  const { user = '', database = '' } = connection;
  const pooled = openDatabase({ host: '127.0.0.1', port, user, database }, { max: 1 });
  const { rows } = await pooled.pool.query(
    "SELECT current_setting('timezone') AS zone, now()::text AS now, now() AS moment",
  );
  expect(rows).toEqual([
    {
      zone: 'UTC',
      now: expect.stringMatching(/^\d{4}-\d\d-\d\d .*\+00$/),
      moment: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    },
  ]);
  await pooled.close();
  await close();
});

test('a migration leaves no lock on the session that it was given', async () => {
  const asked: string[] = [];
  const { port, close } = await startPostgresProxy(inject('postgres'), {
    onStatement(text) {
      asked.push(text);
      return undefined;
    },
  });
  const { user = '' } = connection;
  const name = `pooled_${connection.database}`;
  const admin = openDatabase(inject('postgres'), { max: 1 });
  await sql`CREATE DATABASE ${sql.id(name)} OWNER ${sql.id(user)}`.execute(admin.db);
  await admin.close();
  const pooled = openDatabase({ host: '127.0.0.1', port, user, database: name }, { max: 1 });
  expect((await migrate(pooled)).length).toBeGreaterThan(10);
  expect(asked.join('\n')).toContain('pg_advisory_xact_lock(');
  expect(asked.join('\n')).not.toContain('pg_advisory_lock(');
  await pooled.close();
  await close();
});

test('a statement that was prepared on another connection runs all the same, and none is prepared any more', async () => {
  let told = 0;
  const database = openDatabase(connection, { max: 1, onStatementsLost: () => (told += 1) });
  onTestFinished(() => database.close());
  const workspace = openWorkspace(database, 'org_1');
  const prepared = async () =>
    (await database.pool.query("SELECT 1 FROM pg_prepared_statements WHERE statement ~ 'AS value'"))
      .rowCount;
  expect(await hot(workspace, statement, [1])).toEqual([{ value: 1 }]);
  expect(await prepared()).toBe(1);
  await database.pool.query('DEALLOCATE ALL');
  expect(await hot(workspace, statement, [2])).toEqual([{ value: 2 }]);
  expect(await hot(workspace, statement, [3])).toEqual([{ value: 3 }]);
  expect(await prepared()).toBe(0);
  expect(told).toBe(1);
});

test('a transaction whose statement was prepared on another connection is begun anew', async () => {
  const database = openDatabase(connection, { max: 1 });
  onTestFinished(() => database.close());
  const workspace = openWorkspace(database, 'org_1');
  await hot(workspace, statement, [1]);
  let begun = 0;
  const found = await inTransaction(workspace, async (workspace) => {
    begun += 1;
    await sql`DEALLOCATE ALL`.execute(workspace.db);
    return hot(workspace, statement, [2]);
  });
  expect(found).toEqual([{ value: 2 }]);
  expect(begun).toBe(2);
});
