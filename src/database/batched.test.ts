import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { bootstrap } from '../accounts/bootstrap.ts';
import { batched } from './batched.ts';
import { hot, inTransaction, openWorkspace } from './workspace.ts';

const database = await testDatabase();
const { organizationId } = await bootstrap(database, 'a-key-for-tests-only');
const workspace = openWorkspace(database, organizationId);

/** The number of items in each statement. */
const sizes: number[] = [];

const addEnvironment = batched(async (workspace, names: readonly string[]) => {
  sizes.push(names.length);
  await hot(
    workspace,
    `/* hot */ INSERT INTO environment (organization_id, id, name, tag)
    SELECT $1, 'env_' || name, name, 'other' FROM unnest($2::text[]) AS name`,
    [workspace.organizationId, [...names]],
  );
  return names.map((name) => `added ${name}`);
});

async function namesLike(pattern: string): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    'SELECT name FROM environment WHERE name LIKE $1 ORDER BY name',
    [pattern],
  );
  return rows.map(({ name }) => name);
}

test('those who ask at once share a statement, and each has its own answer', async () => {
  sizes.length = 0;
  const names = Array.from({ length: 250 }, (_, n) => `many-${String(n).padStart(3, '0')}`);
  const answers = await Promise.all(names.map((name) => addEnvironment(workspace, name)));
  expect(answers).toEqual(names.map((name) => `added ${name}`));
  expect(await namesLike('many-%')).toEqual(names);
  expect(sizes).toEqual([100, 100, 50]);
});

test('of those who share a statement, the one at fault fails alone', async () => {
  await addEnvironment(workspace, 'taken');
  const results = await Promise.allSettled(
    ['fault-1', 'taken', 'fault-2'].map((name) => addEnvironment(workspace, name)),
  );
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await namesLike('fault-%')).toEqual(['fault-1', 'fault-2']);
});

test('in a transaction a statement is the transaction’s, and goes with it', async () => {
  const adding = inTransaction(workspace, async (workspace) => {
    await addEnvironment(workspace, 'rolled-back');
    throw new Error('no');
  });
  const other = addEnvironment(workspace, 'kept-beside');
  await expect(adding).rejects.toThrow('no');
  await other;
  expect(await namesLike('rolled-back')).toEqual([]);
  expect(await namesLike('kept-beside')).toEqual(['kept-beside']);
});

test('large items do not meet in one statement', async () => {
  const sizes: number[] = [];
  const send = batched(
    async (_, megabytes: readonly number[]) => {
      sizes.push(megabytes.length);
      return megabytes;
    },
    { sizeOf: (megabytes) => megabytes * 1_000_000 },
  );
  await Promise.all([1, 2, 1, 20, 1, 3].map((megabytes) => send(workspace, megabytes)));
  expect(sizes).toEqual([3, 1, 2]);
});
