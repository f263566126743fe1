import { expect, inject, test } from 'vitest';
import { openDatabase } from './database.ts';
import { isMigrated, migrate } from './migrate.ts';

const connection = { ...inject('postgres'), database: 'migrate_test' };

test('migrations run once, whoever comes first, and again without harm', async () => {
  const admin = openDatabase(inject('postgres'), { max: 1 });
  await admin.pool.query('CREATE DATABASE migrate_test');
  await admin.close();
  const servers = Array.from({ length: 4 }, () => openDatabase(connection, { max: 1 }));
  const ran = await Promise.all(servers.map((server) => migrate(server)));
  expect(ran.flat().toSorted()).toEqual([...new Set(ran.flat())].toSorted());
  expect(ran.flat()).toContain('0001-accounts.sql');
  const [server] = servers;
  if (!server) throw new Error('There is no server.');
  expect(await migrate(server)).toEqual([]);
  expect(await isMigrated(server)).toBe(true);
  await Promise.all(servers.map((each) => each.close()));
});
