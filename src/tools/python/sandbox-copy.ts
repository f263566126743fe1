import { chmod, copyFile, cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canEnter, systemHome } from '../../kernel/system/account.ts';
import { makeWhole } from '../../kernel/system/make-whole.ts';
import type { SandboxProgram } from './sandbox-program.ts';

/**
 * The program where its account can run it: in place, or a copy in `/var/lib/loopwright` (120 MB,
 * once per version), because a server that was installed below `/root` has all of it there.
 */
export async function reachableProgram(program: SandboxProgram): Promise<SandboxProgram> {
  const { account, fingerprint } = program;
  if (!account) return program;
  const paths = [program.deno, program.pyodideFolder, program.interpreter, program.runner];
  const reachable = await Promise.all(paths.map((path) => canEnter(path, account)));
  if (reachable.every(Boolean)) return program;
  const folder = join(await sharedFolder(), `program-${fingerprint.slice(0, 16)}`);
  const copy = (path: string) => join(folder, basename(path));
  await makeWhole(folder, async (temporary) => {
    await mkdir(temporary);
    for (const path of [program.deno, program.interpreter, program.runner]) {
      await copyFile(path, join(temporary, basename(path)));
    }
    await cp(program.pyodideFolder, join(temporary, basename(program.pyodideFolder)), {
      recursive: true,
    });
    await chmod(temporary, 0o755);
  });
  await removeOldCopies(dirname(folder), basename(folder));
  return {
    ...program,
    deno: copy(program.deno),
    pyodideFolder: copy(program.pyodideFolder),
    interpreter: copy(program.interpreter),
    runner: copy(program.runner),
  };
}

/** Where the snapshot is kept: in the data folder, if the program's account can enter it. */
export async function snapshotFolder(
  dataFolder: string,
  { account }: SandboxProgram,
): Promise<string> {
  await mkdir(dataFolder, { recursive: true });
  if (!account || (await canEnter(dataFolder, account))) return join(dataFolder, 'python');
  return sharedFolder();
}

async function sharedFolder(): Promise<string> {
  const folder = join(systemHome, 'python');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/**
 * Removes copies of other versions that nobody has made for a day. A server of one of these, if any is
 * left, makes its own again.
 */
export async function removeOldCopies(folder: string, kept: string): Promise<void> {
  const older = (await readdir(folder)).filter(
    (name) => /^program-[0-9a-f]+$/.test(name) && name !== kept,
  );
  for (const name of older) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (mtimeMs < Date.now() - longestKeptMs)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Milliseconds after which a copy of another version is taken to be of no use. */
const longestKeptMs = 24 * 3_600_000;
