import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeOldCopies } from './sandbox-copy.ts';

const hourMs = 3_600_000;

/** A folder with copies that were made so many hours ago, by their names. */
async function folderWith(copies: Readonly<Record<string, number>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-copy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, hours] of Object.entries(copies)) {
    const madeAt = new Date(Date.now() - hours * hourMs);
    await mkdir(join(folder, name, 'pyodide'), { recursive: true });
    await utimes(join(folder, name), madeAt, madeAt);
  }
  return folder;
}

test('copies of other versions are removed a day after they were made, and nothing else', async () => {
  const folder = await folderWith({
    'program-0a1b': 100,
    'program-2c3d': 25,
    'program-4e5f': 23,
    'program-cafe': 100,
    'program-cafe.partial': 100,
    'my-program-0a1b': 100,
    python: 100,
  });
  await removeOldCopies(folder, 'program-cafe');
  expect((await readdir(folder)).toSorted()).toEqual([
    'my-program-0a1b',
    'program-4e5f',
    'program-cafe',
    'program-cafe.partial',
    'python',
  ]);
});
