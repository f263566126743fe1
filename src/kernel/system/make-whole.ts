import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Makes a folder under a temporary name and renames it, so that a half-made folder is never taken
 * for a complete one. When several processes do this at once, the first one's folder is kept.
 */
export async function makeWhole(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  if (await exists(folder)) return;
  const parent = dirname(folder);
  const temporaries = `${basename(folder)}.new-`;
  const temporary = join(parent, `${temporaries}${randomUUID().slice(0, 8)}`);
  try {
    await fill(temporary);
    await rename(temporary, folder);
    await syncFolder(parent);
  } catch (error) {
    if (!(await exists(folder))) throw error;
  }
  // This also removes folders of killed processes. A process that is still filling one has lost the
  // race.
  const left = (await readdir(parent)).filter((name) => name.startsWith(temporaries));
  for (const name of left) {
    // Ignore a failure: when a process still writes into its folder, it removes it itself.
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Awaits the creation of something; ignores that it exists already. */
export async function unlessThere(making: Promise<unknown>): Promise<void> {
  await making.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

const isWindows = process.platform === 'win32';

/** Without it, a power cut could lose a new or renamed entry of the folder, with all that is in it. */
export async function syncFolder(path: string): Promise<void> {
  if (isWindows) return;
  const folder = await open(path);
  await folder.sync().finally(() => folder.close());
}
