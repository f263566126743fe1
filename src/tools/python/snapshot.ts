import { randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxProgram } from './sandbox-program.ts';
import { killWhen, spawnSandbox } from './spawn-sandbox.ts';
import { waitForEnd } from './wait-for-end.ts';

/**
 * Milliseconds. Making a snapshot takes 3 s on an idle machine, and many times that on a busy one.
 */
const makeTimeoutMs = 120_000;

/**
 * The path of a file with Python's memory right after loading; starting from it takes a tenth of
 * the time. The file is made when it is missing; several servers may share the folder.
 *
 * @param signal aborts the making.
 * @throws Error that says what went wrong.
 */
export async function ensureSnapshot(
  folder: string,
  program: SandboxProgram,
  memoryBytes: number,
  signal: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The process runs in another folder, and Deno compares real paths in its permissions.
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
      { folder: empty, memoryBytes, processorSeconds: makeTimeoutMs / 1_000 },
    );
    child.stdin.end();
    child.stdout.resume();
    killWhen(AbortSignal.any([signal, AbortSignal.timeout(makeTimeoutMs)]), child);
    const { code, reason } = await waitForEnd(child);
    if (code !== 0) throw new Error(`A snapshot of Python could not be made: ${reason}`);
    await rename(whole, path);
    return path;
  } finally {
    await rm(whole, { force: true });
    await rm(empty, { recursive: true, force: true });
  }
}
