import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Kept from one run of the tests to the next: an environment takes up to a minute to make. */
const caches = fileURLToPath(new URL('../../node_modules/.cache/loopwright/', import.meta.url));

/** Makes environments of Python, as far as they are not there yet. */
export interface PythonEnvironments {
  /**
   * @param requirements a file with pinned packages, dependencies included.
   * @returns the path of the environment's Python.
   */
  make(requirements: string): Promise<string>;
}

/** @param folder where the environments are kept, by its name. */
export async function pythonEnvironments(folder: string): Promise<PythonEnvironments> {
  const version = await pythonVersion();
  return { make: (requirements) => environment(join(caches, folder), requirements, version) };
}

async function pythonVersion(): Promise<string> {
  try {
    await run('python3', ['-c', 'import ensurepip, venv']);
    return (await run('python3', ['--version'])).stdout.trim();
  } catch (cause) {
    const needed = 'These tests need `python3` with `venv` and `pip` (Debian: python3-venv).';
    throw new Error(needed, { cause });
  }
}

async function environment(cache: string, file: string, version: string): Promise<string> {
  const hash = createHash('sha256')
    .update(version)
    .update(await readFile(file));
  const name = basename(file, '.txt');
  const folder = join(cache, `${name}-${hash.digest('hex').slice(0, 12)}`);
  const python = join(folder, 'bin', 'python');
  const isWhole = join(folder, 'whole');
  if (existsSync(isWhole)) return python;
  await rm(folder, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await run('python3', ['-m', 'venv', folder]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  try {
    await run(python, [...install, '-r', file]);
  } catch (cause) {
    throw new Error(`pip could not install ${file}.`, { cause });
  }
  await writeFile(isWhole, '');
  return python;
}
