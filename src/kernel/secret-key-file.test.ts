import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ensureSecretKey } from './secret-key-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'lw-secret-'));
afterAll(() => rm(folder, { recursive: true }));

test('a key is made once, whoever asks first, and only its owner can read it', async () => {
  const data = join(folder, 'new');
  const keys = await Promise.all(Array.from({ length: 5 }, () => ensureSecretKey(data)));
  expect(keys[0]).toHaveLength(32);
  for (const key of keys) expect(key.equals(keys[0] as Buffer)).toBe(true);
  expect((await stat(join(data, 'secret-key'))).mode & 0o777).toBe(0o600);
  expect((await ensureSecretKey(data)).equals(keys[0] as Buffer)).toBe(true);
});

test('a file that holds no key is an error, and is not written over', async () => {
  await writeFile(join(folder, 'secret-key'), 'not a key');
  await expect(ensureSecretKey(folder)).rejects.toThrow('not 32 bytes');
});
