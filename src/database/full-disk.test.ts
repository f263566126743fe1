import { randomUUID } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { freePort } from '../../test/support/free-port.ts';
import { startPostgresProxy } from '../../test/support/postgres-proxy.ts';
import { openDatabase } from './database.ts';
import { isMigrated } from './migrate.ts';

test('a database that is away because its disk is full is told of as full, and not as away', async () => {
  const told: unknown[] = [];
  const why = new Error('LOOPWRIGHT_DATA_DIR is on a disk that is full.');
  const connection = { host: '127.0.0.1', port: await freePort(), user: 'me', database: 'db' };
  const database = openDatabase(connection, {
    onFullDiskChange: (cause) => told.push(cause),
    findFullDiskCause: () => why,
  });
  const full = { category: 'unavailable', code: 'database_full', cause: why };
  await expect(isMigrated(database)).rejects.toMatchObject(full);
  expect(() => database.disk.requireRoom()).toThrow(expect.objectContaining(full));
  expect(told).toEqual([why]);
  await database.close();
});

const full = Object.assign(new Error('No space left on device'), { code: '53100' });

test('a disk stays full until there is room, whatever a look at it is answered', async () => {
  let looks = 0;
  const forbidden = { severity: 'ERROR', code: '42501', message: 'permission denied' } as const;
  const proxy = await startPostgresProxy(inject('postgres'), {
    onStatement: () => {
      looks += 1;
      return looks > 2 ? undefined : forbidden;
    },
  });
  const told: unknown[] = [];
  const { user = '' } = inject('postgres');
  const database = openDatabase(
    { host: '127.0.0.1', port: proxy.port, user, database: 'postgres' },
    { onFullDiskChange: (cause) => told.push(cause) },
  );
  expect(() => database.disk.rethrow(full)).toThrow();
  await expect.poll(() => told).toEqual([full, undefined]);
  expect(looks).toBeGreaterThan(2);
  await database.close();
  await proxy.close();
});

test('there is room again where temporary files may have no more than a megabyte, too', async () => {
  const name = `limited_${randomUUID().slice(0, 8)}`;
  const admin = openDatabase(inject('postgres'), { max: 1 });
  await admin.pool.query(`CREATE USER ${name} SUPERUSER`);
  await admin.pool.query(`ALTER USER ${name} SET temp_file_limit = '1MB'`);
  const told: unknown[] = [];
  const database = openDatabase(
    { ...inject('postgres'), user: name },
    { onFullDiskChange: (cause) => told.push(cause) },
  );
  expect(() => database.disk.rethrow(full)).toThrow();
  await expect.poll(() => told).toEqual([full, undefined]);
  await database.close();
  await admin.pool.query(`DROP USER ${name}`);
  await admin.close();
});

test('a second pool of a database shares what is known of its disk', async () => {
  const first = openDatabase(inject('postgres'), { max: 1 });
  const second = openDatabase(inject('postgres'), { max: 1, disk: first.disk });
  expect(() => second.disk.rethrow(full)).toThrow();
  expect(() => first.disk.requireRoom()).toThrow(
    expect.objectContaining({ code: 'database_full' }),
  );
  await second.close();
  await first.close();
});
