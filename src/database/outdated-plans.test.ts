import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { hot, inSnapshot, inTransaction, openWorkspace } from './workspace.ts';

// A newer server migrates the tables while this one has statements prepared on its connections.

const database = await testDatabase();
const workspace = openWorkspace(database, 'org_1');
const read = (within = workspace) => hot(within, '/* hot */ SELECT * FROM growing', []);
let columns = 0;

beforeEach(async () => {
  await sql`CREATE TABLE IF NOT EXISTS growing (a integer)`.execute(database.db);
  await sql`DELETE FROM growing`.execute(database.db);
  await sql`INSERT INTO growing (a) VALUES (1)`.execute(database.db);
});

async function addColumn(): Promise<void> {
  columns += 1;
  await sql`ALTER TABLE growing ADD COLUMN ${sql.id(`b${columns}`)} integer`.execute(database.db);
}

describe('a statement that was prepared before a column was added', () => {
  test.each([
    ['alone', () => read()],
    ['in a transaction', () => inTransaction(workspace, read)],
    ['in a snapshot', () => inSnapshot(workspace, read)],
  ])('runs %s, and again', async (_, run) => {
    await run();
    for (let round = 0; round < 2; round += 1) {
      await addColumn();
      expect(await run()).toMatchObject([{ a: 1, [`b${columns}`]: null }]);
      expect(await run()).toMatchObject([{ a: 1, [`b${columns}`]: null }]);
    }
  });
});
