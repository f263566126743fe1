import { expect, test } from 'vitest';
import { freePort } from '../../test/postgres-proxy.ts';
import { openDatabase } from './database.ts';
import { isMigrated } from './migrate.ts';

test('a database that is away because its disk is full is told of as full, and not as away', async () => {
  const told: unknown[] = [];
  const why = new Error('LOOPWRIGHT_DATA_DIR is on a disk that is full.');
  const connection = { host: '127.0.0.1', port: await freePort(), user: 'me', database: 'db' };
  const database = openDatabase(connection, {
    onFull: (cause) => told.push(cause),
    whyAway: () => why,
  });
  const full = { category: 'unavailable', code: 'database_full', cause: why };
  await expect(isMigrated(database)).rejects.toMatchObject(full);
  expect(() => database.disk.requireRoom()).toThrow(expect.objectContaining(full));
  expect(told).toEqual([why]);
  await database.close();
});
