import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { whenDone } from '../../test/support/when-done.ts';
import { batched } from './batched.ts';
import { type Database, openDatabase, type Queries } from './database.ts';
import { statementLimits } from './work.ts';
import { inTransaction, openWorkspace } from './workspace.ts';

const { connection } = await testDatabase();

function databaseWith(options: Parameters<typeof openDatabase>[1]): Database {
  const database = openDatabase(connection, options);
  whenDone(() => database.close());
  return database;
}

const sleep = (db: Queries, seconds: number) => sql`SELECT pg_sleep(${seconds})`.execute(db);

/** How many statements sleep in the database. */
async function sleeping({ db }: Database): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::integer AS count
    FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
      AND query LIKE 'SELECT pg_sleep%'`.execute(db);
  return rows[0]?.count ?? 0;
}

test('the queries of a request end when its client has gone, and those of others go on', async () => {
  const database = databaseWith({ max: 4 });
  const gone = new AbortController();
  const left = sleep(database.readingQueriesFor('org_1', gone.signal), 60);
  const stays = sleep(database.readingQueriesFor('org_1', new AbortController().signal), 0.5);
  await expect.poll(() => sleeping(database)).toBe(2);
  gone.abort();
  await expect(left).rejects.toMatchObject({ code: 'client_gone' });
  await stays;
  expect(await sleeping(database)).toBe(0);
});

test('a client that has gone begins no further query, and waits for no connection', async () => {
  const database = databaseWith({ max: 1 });
  const gone = new AbortController();
  const reading = database.readingQueriesFor('org_1', gone.signal);
  const other = sleep(database.db, 0.2);
  const waiting = sleep(reading, 60);
  gone.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'client_gone' });
  await expect(sleep(reading, 60)).rejects.toMatchObject({ code: 'client_gone' });
  await other;
});

test('whoever uses the pool after an ended query is not ended in its place', async () => {
  const database = databaseWith({ max: 1 });
  for (let round = 0; round < 10; round += 1) {
    const gone = new AbortController();
    const left = sleep(database.readingQueriesFor('org_1', gone.signal), 60);
    const next = sleep(database.queriesFor('org_1'), 0.02);
    gone.abort();
    await expect(left).rejects.toThrow();
    await next;
  }
});

test('a statement that takes longer than it may is ended, with its setting, and its writes undone', async () => {
  const database = databaseWith({ max: 4, statementLimits: statementLimits(50, 100) });
  const { signal } = new AbortController();
  await expect(sleep(database.readingQueriesFor('org_1', signal), 60)).rejects.toMatchObject({
    code: 'query_too_slow',
    message: expect.stringContaining(
      '0.05 s for a part of this request, which is the limit (DATABASE_READ_SECONDS)',
    ),
  });
  const workspace = openWorkspace(database, 'org_1');
  const write = inTransaction(workspace, async ({ db }) => {
    await sql`INSERT INTO organization (id, name) VALUES ('org_slow', 'Slow')`.execute(db);
    await sleep(db, 60);
  });
  await expect(write).rejects.toMatchObject({
    code: 'query_too_slow',
    message: expect.stringContaining('DATABASE_STATEMENT_SECONDS'),
  });
  const { rows } = await sql`SELECT FROM organization WHERE id = 'org_slow'`.execute(database.db);
  expect(rows).toEqual([]);
});

test('the work of the server itself has no limit', async () => {
  const database = databaseWith({ max: 2, statementLimits: statementLimits(1, 1) });
  await sleep(database.db, 1.2);
});

test('an organization with many slow queries leaves connections for others', async () => {
  const database = databaseWith({ max: 4 });
  const gone = new AbortController();
  const slow = Array.from({ length: 20 }, () =>
    sleep(database.readingQueriesFor('org_1', gone.signal), 60).catch(() => undefined),
  );
  await expect.poll(() => sleeping(database)).toBe(2);
  await sleep(database.queriesFor('org_1'), 0);
  await sleep(database.queriesFor('org_2'), 0);
  expect(await sleeping(database)).toBe(2);
  gone.abort();
  await Promise.all(slow);
});

test('a workspace in a transaction of the server is part of that transaction', async () => {
  const database = databaseWith({ max: 4 });
  await database.db.transaction().execute(async (db) => {
    expect(openWorkspace({ ...database, db }, 'org_1').db).toBe(db);
  });
});

test('who gets no connection in time is told which share is used up', async () => {
  const database = databaseWith({ max: 1, patienceMs: 300 });
  const gone = new AbortController();
  const slow = sleep(database.readingQueriesFor('org_1', gone.signal), 60);
  await expect(sleep(database.queriesFor('org_1'), 0)).rejects.toMatchObject({
    category: 'unavailable',
    code: 'database_busy',
    message: expect.stringMatching(/uses 1 of the 1 database connections .*DATABASE_POOL_SIZE/),
  });
  gone.abort();
  await expect(slow).rejects.toThrow();
});

test('what several requests share goes on when the first of them leaves', async () => {
  const database = databaseWith({ max: 4 });
  const read = batched(async ({ db }, items: readonly number[]) => {
    await sleep(db, 0.2);
    return items.map((item) => item * 2);
  });
  const gone = new AbortController();
  const reader = (signal: AbortSignal) => ({
    organizationId: 'org_1',
    memberId: null,
    keyId: null,
    db: database.readingQueriesFor('org_1', signal),
  });
  const both = [
    read(reader(gone.signal), 1),
    read(reader(new AbortController().signal), 2),
    read(openWorkspace(database, 'org_1'), 3),
  ];
  await expect.poll(() => sleeping(database)).toBe(1);
  gone.abort();
  expect(await Promise.all(both)).toEqual([2, 4, 6]);
});
