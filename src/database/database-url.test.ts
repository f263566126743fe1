import { expect, test } from 'vitest';
import { databasePlace, readDatabaseUrl } from './database-url.ts';

test.each([
  ['postgres://me:secret@db.example.com/name', 'db.example.com:5432'],
  ['postgresql://me:s%23cret@db.example.com:6000/name', 'db.example.com:6000'],
  ['postgres://me@/name?host=/run/postgresql', '/run/postgresql'],
])('%s is the address of a Postgres', (url, server) => {
  expect(readDatabaseUrl(url)).toBe(url);
  expect(databasePlace(url)).toMatchObject({ server, user: 'me', database: 'name' });
});

test.each([
  'mysql://me:secret@db/name',
  'db.example.com',
  'postgres://me:s#cret@db/name',
  'postgres://me:secret@db:99999/name',
])('%s is none, which is told without its password', (url) => {
  expect(() => readDatabaseUrl(url)).toThrow(/^must be the URL of a Postgres, such as postgres:/);
  expect(() => readDatabaseUrl(url)).not.toThrow(/s#?e?cret@/);
});

test('a file of a certificate that cannot be read is named', () => {
  expect(() => readDatabaseUrl('postgres://me:secret@db/name?sslrootcert=/nowhere/ca.pem')).toThrow(
    'names the file /nowhere/ca.pem, which cannot be read (ENOENT)',
  );
});

test('an sslmode that the driver takes for verify-full is given to it as that, without its warning', () => {
  const url = 'postgres://me@db/name?connect_timeout=3&sslmode=';
  for (const mode of ['prefer', 'require', 'verify-ca', 'verify-full']) {
    expect(readDatabaseUrl(`${url}${mode}`)).toBe(`${url}verify-full`);
  }
  for (const kept of ['disable', 'no-verify', 'require&uselibpqcompat=true']) {
    expect(readDatabaseUrl(`${url}${kept}`)).toBe(`${url}${kept}`);
  }
});
