import { readdir, readFile } from 'node:fs/promises';
import { expect, inject, test } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';

const folder = new URL('./migrations/', import.meta.url);

test('the counts and the search of a database from before the feed go on where they were', async () => {
  const admin = openDatabase(inject('postgres'), { max: 1 });
  await admin.pool.query('CREATE DATABASE migrate_log_feed_test');
  await admin.close();
  const connection = { ...inject('postgres'), database: 'migrate_log_feed_test' };
  const database = openDatabase(connection, { max: 1 });
  const query = async (text: string) => (await database.pool.query(text)).rows;

  await query('CREATE TABLE migration (name text PRIMARY KEY, ran_at timestamptz DEFAULT now())');
  const before = (await readdir(folder)).filter((name) => name < '0020').sort();
  for (const name of before) {
    await query(await readFile(new URL(name, folder), 'utf8'));
    await query(`INSERT INTO migration (name) VALUES ('${name}')`);
  }
  await query(`
    INSERT INTO organization (id, name) VALUES ('org', 'Ours');
    INSERT INTO directory (organization_id, id, name, path) VALUES ('org', 'dir', '', '');
    INSERT INTO file (organization_id, id, type, directory_id, name, path)
      VALUES ('org', 'file', 'agent', 'dir', 'a', 'a');
    INSERT INTO version (organization_id, id, file_id, spec, fingerprint)
      SELECT 'org', id, 'file', '{}', id FROM unnest(ARRAY['used', 'unwritten', 'emptied']) id;
    INSERT INTO log (organization_id, id, type, file_id, version_id, created_at, save, log_status)
      VALUES ('org', 'complete', 'agent', 'file', 'used', '2026-05-01T12:00:00Z', true, 'complete'),
        ('org', 'open', 'agent', 'file', 'used', '2026-05-01T12:00:00Z', true, 'incomplete'),
        ('org', 'gone', 'agent', 'file', 'used', '2026-05-01T12:00:00Z', true, NULL),
        ('org', 'new', 'agent', 'file', 'unwritten', '2026-05-03T12:00:00Z', true, NULL);
    DELETE FROM log WHERE id = 'gone';
    INSERT INTO version_usage (organization_id, file_id, version_id, logs_count, last_used_at)
      VALUES ('org', 'file', 'used', 3, '2026-05-02T12:00:00Z'),
        ('org', 'file', 'emptied', 5, '2026-05-01T12:00:00Z')`);
  await migrate(database);

  expect(
    await query('SELECT version_id, logs_count, logs_made, last_used_at FROM log_count ORDER BY 1'),
  ).toEqual([
    {
      version_id: 'emptied',
      logs_count: 0,
      logs_made: 5,
      last_used_at: '2026-05-01T12:00:00.000000Z',
    },
    {
      version_id: 'unwritten',
      logs_count: 1,
      logs_made: 1,
      last_used_at: '2026-05-03T12:00:00.000000Z',
    },
    {
      version_id: 'used',
      logs_count: 2,
      logs_made: 3,
      last_used_at: '2026-05-02T12:00:00.000000Z',
    },
  ]);
  expect(await query('SELECT log_id FROM log_open')).toEqual([{ log_id: 'open' }]);
  expect(
    await query('SELECT unnest(log_ids) AS log_id FROM log_unsearched ORDER BY log_id'),
  ).toEqual([{ log_id: 'complete' }, { log_id: 'new' }]);
  expect(await query('SELECT FROM log_feed')).toEqual([]);
  await database.close();
});
