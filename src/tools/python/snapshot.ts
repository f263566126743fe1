import { randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SandboxProgram } from './sandbox-program.ts';
import { killWhen, lowerPriority, spawnSandbox } from './spawn-sandbox.ts';
import { waitForEnd } from './wait-for-end.ts';

/** Making a snapshot takes 3 s of processor time. */
const processorSeconds = 120;

/** Milliseconds. On a busy machine others go first when nobody waits for the snapshot. */
const makeTimeoutMs = { urgent: 120_000, unhurried: 900_000 };

/**
 * The path of a file with Python's memory right after loading; starting from it takes a tenth of
 * the time. The file is made when it is missing; several servers may share the folder.
 *
 * @param options.pace `unhurried`: nobody waits for it, so it is made with low priority.
 * @param options.signal aborts the making.
 * @throws Error that says what went wrong.
 */
export async function ensureSnapshot(
  folder: string,
  program: SandboxProgram,
  {
    memoryBytes,
    pace,
    signal,
  }: {
    readonly memoryBytes: number;
    readonly pace: 'urgent' | 'unhurried';
    readonly signal: AbortSignal;
  },
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Under root, code of users runs under another account, which reads the snapshot.
  if (program.account) await chmod(folder, 0o755);
  // The process runs in another folder, and Deno compares real paths in its permissions.
  const path = join(await realpath(folder), `snapshot-${program.fingerprint}.bin`);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return path;
  await removeUnfinished(dirname(path));
  const whole = `${path}.${randomUUID()}`;
  const empty = await mkdtemp(join(tmpdir(), 'loopwright-python-'));
  try {
    const child = spawnSandbox(
      program,
      { task: 'snapshot', snapshot: whole },
      { folder: empty, memoryBytes, processorSeconds },
    );
    if (pace === 'unhurried') lowerPriority(child);
    child.stdout.resume();
    killWhen(AbortSignal.any([signal, AbortSignal.timeout(makeTimeoutMs[pace])]), child);
    const { code, reason } = await waitForEnd(child);
    if (code !== 0) throw new Error(`A snapshot of Python could not be made: ${reason}`);
    if (program.account) await chmod(whole, 0o644);
    await rename(whole, path);
    return path;
  } finally {
    await rm(whole, { force: true });
    await rm(empty, { recursive: true, force: true });
  }
}

/** Removes files that were left unfinished by servers that were killed. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/\.bin\.[-0-9a-f]+$/.test(name)) continue;
    const path = join(folder, name);
    // Gone meanwhile: another server finished it, or removed it.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    // A younger one may still be written.
    if (mtimeMs < Date.now() - makeTimeoutMs.unhurried) await rm(path, { force: true });
  }
}
