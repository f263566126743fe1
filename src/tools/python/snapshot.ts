import { randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownEnd } from './own-end.ts';
import type { SandboxProgram } from './sandbox-program.ts';
import { killWhen, spawnSandbox } from './spawn-sandbox.ts';

/** Milliseconds; it takes 3 s alone, and many times that beside others. */
const longestMaking = 120_000;

/**
 * A file with Python's memory as it is once it has been loaded, which takes a tenth of the time of
 * loading it. Made when it is not there yet; several servers may share the folder.
 *
 * @param signal ends the making when it fires.
 * @returns its path.
 * @throws an Error that tells what went wrong.
 */
export async function snapshotIn(
  folder: string,
  program: SandboxProgram,
  memoryBytes: number,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The process is in another folder, and Deno grants paths as they really are.
  const path = join(await realpath(folder), `snapshot-${program.fingerprint}.bin`);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return path;
  const whole = `${path}.${randomUUID()}`;
  const empty = await mkdtemp(join(tmpdir(), 'loopwright-python-'));
  try {
    const child = spawnSandbox(
      program,
      { task: 'snapshot', snapshot: whole },
      { folder: empty, memoryBytes, processorSeconds: longestMaking / 1_000 },
    );
    child.stdin.end();
    child.stdout.resume();
    killWhen(AbortSignal.any([signal, AbortSignal.timeout(longestMaking)]), child);
    const { code, reason } = await ownEnd(child);
    if (code !== 0) throw new Error(`No snapshot of Python could be made: ${reason}`);
    await rename(whole, path);
    return path;
  } finally {
    await rm(whole, { force: true });
    await rm(empty, { recursive: true, force: true });
  }
}
