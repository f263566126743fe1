import { expect, test } from 'vitest';
import { testDatabase } from '../../test/database.ts';
import { hashApiKey, newApiKey } from './api-key.ts';
import { createAuthenticate } from './authenticate.ts';
import { bootstrap, createApiKey } from './bootstrap.ts';

test('a key has a prefix, 32 random characters and a checksum', () => {
  const keys = Array.from({ length: 100 }, newApiKey);
  for (const key of keys) expect(key).toMatch(/^lw_sk_[0-9A-Za-z]{38}$/);
  expect(new Set(keys).size).toBe(100);
});

test('servers that start together on an empty database make one organization and one key', async () => {
  const database = await testDatabase();
  const starts = await Promise.all(Array.from({ length: 4 }, () => bootstrap(database, undefined)));
  expect(new Set(starts.map(({ organizationId }) => organizationId)).size).toBe(1);
  expect(starts.filter(({ isFirstStart }) => isFirstStart)).toHaveLength(1);
  expect(starts.filter(({ madeKey }) => madeKey !== undefined)).toHaveLength(1);
});

test('a key is stored as a hash alone', async () => {
  const database = await testDatabase();
  const { madeKey = '' } = await bootstrap(database, undefined);
  const { rows } = await database.pool.query('SELECT k::text AS text, hash FROM api_key k');
  expect(rows).toHaveLength(1);
  expect(rows[0].text).not.toContain(madeKey);
  expect(rows[0].hash.equals(hashApiKey(madeKey))).toBe(true);
});

test('a key given by the environment works, and replaces the one given before', async () => {
  const database = await testDatabase();
  await bootstrap(database, 'the-first-given-key');
  await bootstrap(database, 'the-second-given-key');
  const authenticate = createAuthenticate(database);
  await expect(authenticate('the-first-given-key')).rejects.toMatchObject({
    category: 'unauthenticated',
  });
  await expect(authenticate('the-second-given-key')).resolves.toBeDefined();
  await bootstrap(database, 'the-first-given-key');
  await expect(createAuthenticate(database)('the-first-given-key')).resolves.toBeDefined();
});

test('a key that has expired is refused', async () => {
  const database = await testDatabase();
  await bootstrap(database, undefined);
  const valid = await createApiKey(database, 'for a while', 60_000);
  const expired = await createApiKey(database, 'for no time', -1);
  const authenticate = createAuthenticate(database);
  await expect(authenticate(valid)).resolves.toMatchObject({
    keyId: expect.stringMatching(/^key_/),
  });
  await expect(authenticate(expired)).rejects.toMatchObject({ code: 'unauthenticated' });
});
