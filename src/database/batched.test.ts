import { describe, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { bootstrap } from '../accounts/first-start/bootstrap.ts';
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

test('organizations that ask for the same at once each have their own answer', async () => {
  const tell = batched(async ({ organizationId }, asked: readonly string[]) =>
    asked.map((name) => `${name} of ${organizationId}`),
  );
  const other = openWorkspace(database, 'org_other');
  const told = await Promise.all(
    [workspace, other, workspace, other].map((each) => tell(each, 'it')),
  );
  const own = `it of ${organizationId}`;
  expect(told).toEqual([own, 'it of org_other', own, 'it of org_other']);
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
  await Promise.all([1, 2, 1, 1, 20, 1, 3].map((megabytes) => send(workspace, megabytes)));
  expect(sizes).toEqual([3, 1, 1, 2]);
});

describe('a conflict with another transaction', () => {
  const conflict = () => Object.assign(new Error('could not serialize'), { code: '40001' });
  /** A query that fails so often, and what it was asked for each time. */
  function failing(times: number, error: () => Error) {
    const asked: (readonly string[])[] = [];
    const query = batched(async (_, items: readonly string[]) => {
      asked.push(items);
      if (asked.length <= times) throw error();
      return items.map((item) => `${item}, at last`);
    });
    return { asked, ask: (item: string) => query(workspace, item) };
  }

  test('is repeated, three attempts in all', async () => {
    const { asked, ask } = failing(2, conflict);
    expect(await ask('a')).toBe('a, at last');
    expect(asked).toEqual([['a'], ['a'], ['a']]);
    const longer = failing(3, conflict);
    await expect(longer.ask('a')).rejects.toThrow('could not serialize');
    expect(longer.asked).toHaveLength(3);
  });

  test('is repeated one by one when several share the statement', async () => {
    const { asked, ask } = failing(1, conflict);
    expect(await Promise.all([ask('a'), ask('b')])).toEqual(['a, at last', 'b, at last']);
    expect(asked).toEqual([['a', 'b'], ['a'], ['b']]);
  });

  test('is the only failure that is repeated', async () => {
    const { asked, ask } = failing(1, () => new Error('no database'));
    const answers = await Promise.allSettled([ask('a'), ask('b')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toEqual([['a', 'b']]);
    expect(await ask('c')).toBe('c, at last');
  });
});

test('those of other groups have a statement of their own, at the same time', async () => {
  const asked: (readonly string[])[] = [];
  const query = batched(
    async (_, items: readonly string[]) => {
      asked.push(items);
      return items;
    },
    { groupOf: (item) => item.slice(0, 1) },
  );
  await Promise.all(['a1', 'b1', 'a2'].map((item) => query(workspace, item)));
  expect(asked).toEqual([['a1', 'a2'], ['b1']]);
});

test('who asks while a statement runs waits for the next, which begins after the call', async () => {
  const asked: (readonly string[])[] = [];
  const first = Promise.withResolvers<void>();
  const query = batched(async (_, items: readonly string[]) => {
    asked.push(items);
    if (asked.length === 1) await first.promise;
    return items;
  });
  const answers = [query(workspace, 'a')];
  await expect.poll(() => asked.length).toBe(1);
  answers.push(query(workspace, 'b'), query(workspace, 'c'));
  await new Promise(setImmediate);
  expect(asked).toEqual([['a']]);
  first.resolve();
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c']);
  expect(asked).toEqual([['a'], ['b', 'c']]);
});

test('no member is named to a statement that several members may share', async () => {
  const query = batched(async ({ memberId }, items: readonly string[]) =>
    items.map(() => memberId),
  );
  expect(await query(openWorkspace(database, organizationId, 'usr_1'), 'a')).toBeNull();
});
