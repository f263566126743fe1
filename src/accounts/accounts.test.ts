import { expect, test, vi } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { openWorkspace, type Workspace } from '../database/workspace.ts';
import { Callers } from './callers.ts';
import { bootstrap } from './first-start/bootstrap.ts';
import { firstOwner } from './first-start/first-owner.ts';
import { insertOrganization } from './first-start/organization-queries.ts';
import { apiKeyHint, hashApiKey, newApiKey } from './keys/api-key.ts';
import { updateRevoked } from './keys/key-queries.ts';
import { createApiKey, keepApiKey, listApiKeys, revokeApiKey } from './keys/operator-keys.ts';

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

test('an organization and what it is filled with are made in one commit, once', async () => {
  const database = await testDatabase();
  const broken = bootstrap(database, undefined, async () => {
    throw new Error('no room');
  });
  await expect(broken).rejects.toThrow('no room');
  await expect(firstOwner(database)).rejects.toThrow('There is no organization yet.');
  const filled: string[] = [];
  const fill = async ({ organizationId }: Workspace) => void filled.push(organizationId);
  const { organizationId } = await bootstrap(database, undefined, fill);
  await bootstrap(database, undefined, fill);
  expect(filled).toEqual([organizationId]);
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
  const callers = new Callers(database);
  await expect(callers.byKey('the-first-given-key')).rejects.toMatchObject({
    category: 'unauthenticated',
  });
  await expect(callers.byKey('the-second-given-key')).resolves.toBeDefined();
  await bootstrap(database, 'the-first-given-key');
  await expect(new Callers(database).byKey('the-first-given-key')).resolves.toBeDefined();
});

test('a key that has expired is refused', async () => {
  const database = await testDatabase();
  await bootstrap(database, undefined);
  const valid = await createApiKey(database, 'for a while', 60_000);
  const expired = await createApiKey(database, 'for no time', -1);
  const callers = new Callers(database);
  await expect(callers.byKey(valid)).resolves.toMatchObject({
    keyId: expect.stringMatching(/^key_/),
  });
  await expect(callers.byKey(expired)).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a key is revoked by its id, its hint or itself; again changes nothing', async () => {
  const database = await testDatabase();
  const { madeKey = '' } = await bootstrap(database, undefined);
  const keys = await Promise.all(['a', 'b', 'c'].map((name) => createApiKey(database, name)));
  const idOf = async (name: string) =>
    (await listApiKeys(database)).find((key) => key.name === name)?.id ?? '';
  const ways = [await idOf('a'), apiKeyHint(keys[1] ?? ''), keys[2] ?? ''];
  for (const [index, named] of ways.entries()) {
    const key = expect.objectContaining({ name: ['a', 'b', 'c'][index] });
    const rest = { key, mayReturn: false, usableKeys: 3 - index };
    expect(await revokeApiKey(database, named, undefined)).toEqual({ isNew: true, ...rest });
    expect(await revokeApiKey(database, named, undefined)).toEqual({ isNew: false, ...rest });
    await expect(new Callers(database).byKey(keys[index])).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  }
  // The hint as people type it, without the `…`.
  const typed = madeKey.slice(0, 10);
  expect(await revokeApiKey(database, typed, undefined)).toMatchObject({ usableKeys: 0 });
});

test('what means no key, or several, revokes none and is not repeated', async () => {
  const database = await testDatabase();
  await bootstrap(database, 'alike-and-more-of-it');
  await keepApiKey(database, await firstOwner(database), 'alike-and-something-else', 'made');
  for (const [named, message] of [
    ['alike-and-', /^Several API keys begin like this\. .*: key_\w+, key_\w+\.$/],
    ['alike-and-…', /^Several API keys/],
    ['alike-and-more-of-i', /^No API key has this id, hint or text\./],
    ['key_0', /^No API key/],
    ['%', /^No API key/],
  ] as const) {
    await expect(revokeApiKey(database, named, undefined)).rejects.toThrow(message);
  }
  expect((await listApiKeys(database)).map(({ state }) => state)).toEqual(['usable', 'usable']);
});

test('keys are listed without what could be used, those that work first', async () => {
  const database = await testDatabase();
  const { madeKey = '' } = await bootstrap(database, undefined);
  await createApiKey(database, 'for no time', -1);
  const revoked = await createApiKey(database, 'leaked');
  await revokeApiKey(database, revoked, undefined);
  const keys = await listApiKeys(database);
  expect(keys.map(({ name, state }) => [name, state])).toEqual([
    ['bootstrap', 'usable'],
    ['leaked', 'revoked'],
    ['for no time', 'expired'],
  ]);
  expect(keys[0]).toEqual({
    id: expect.stringMatching(/^key_/),
    name: 'bootstrap',
    hint: apiKeyHint(madeKey),
    scopes: ['run', 'read', 'write', 'admin'],
    member: { id: expect.any(String), email_address: 'owner@localhost', full_name: 'Owner' },
    origin: 'made',
    created_at: expect.any(String),
    created_by: null,
    last_used_at: null,
    expires_at: null,
    revoked_at: null,
    state: 'usable',
  });
});

test('a key that LOOPWRIGHT_API_KEY gives is said to come back', async () => {
  const database = await testDatabase();
  await bootstrap(database, 'given-by-the-environment');
  const given = await revokeApiKey(database, 'given-by-the-environment', undefined);
  expect(given.mayReturn).toBe(true);
  // A key that we made first, and that the environment names later.
  const made = await createApiKey(database, 'made');
  expect((await revokeApiKey(database, made, made)).mayReturn).toBe(true);
});

test('keys of another organization are not listed, revoked, or replaced by those of the environment', async () => {
  const database = await testDatabase();
  await bootstrap(database, 'key-of-the-first');
  const other = await insertOrganization(database);
  await keepApiKey(database, other, 'key-of-the-other', 'environment', { name: 'of the other' });
  const keys = await listApiKeys(database);
  expect(keys.map(({ name }) => name)).toEqual(['bootstrap']);
  await expect(revokeApiKey(database, 'key-of-the-other', undefined)).rejects.toThrow('No API key');
  const ofOther = openWorkspace(database, other.organizationId);
  expect(await updateRevoked(ofOther, keys[0]?.id ?? '')).toBe(false);
  await expect(new Callers(database).byKey('key-of-the-first')).resolves.toBeDefined();

  await bootstrap(database, 'next-key-of-the-first');
  await expect(new Callers(database).byKey('key-of-the-first')).rejects.toThrow('not valid');
  await expect(new Callers(database).byKey('key-of-the-other')).resolves.toMatchObject({
    workspace: { organizationId: other.organizationId, memberId: other.memberId },
  });
});

test('a key that was found is not looked up again for a second; then its revocation is noticed', async () => {
  const database = await testDatabase();
  const { madeKey = '' } = await bootstrap(database, undefined);
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const callers = new Callers(database);
    const caller = await callers.byKey(madeKey);
    await revokeApiKey(database, madeKey, undefined);
    vi.advanceTimersByTime(999);
    expect(await callers.byKey(madeKey)).toBe(caller);
    vi.advanceTimersByTime(1);
    await expect(callers.byKey(madeKey)).rejects.toThrow('This API key is not valid.');
    // What was refused is not kept either.
    await keepApiKey(database, await firstOwner(database), madeKey, 'made');
    await expect(callers.byKey(madeKey)).resolves.toBeDefined();
  } finally {
    vi.useRealTimers();
  }
});

test('another role of a member is noticed within a second, and at once where it was changed', async () => {
  const database = await testDatabase();
  const { madeKey = '', organizationId } = await bootstrap(database, undefined);
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const [here, elsewhere] = [new Callers(database), new Callers(database)];
    const rolesOf = async () => [
      (await here.byKey(madeKey)).role,
      (await elsewhere.byKey(madeKey)).role,
    ];
    expect(await rolesOf()).toEqual(['owner', 'owner']);
    await database.db
      .updateTable('member')
      .set({ role: 'viewer' })
      .where('organization_id', '=', organizationId)
      .execute();
    here.changed();
    expect(await rolesOf()).toEqual(['viewer', 'owner']);
    expect([...(await here.byKey(madeKey)).scopes]).toEqual(['read']);
    vi.advanceTimersByTime(1_000);
    expect(await rolesOf()).toEqual(['viewer', 'viewer']);
  } finally {
    vi.useRealTimers();
  }
});

test.each([undefined, ''])('without a key (%j) the header is named', async (none) => {
  const callers = new Callers(await testDatabase());
  await expect(callers.byKey(none)).rejects.toMatchObject({
    code: 'unauthenticated',
    message: 'An API key is required. Send it in the header X-API-KEY.',
  });
});
