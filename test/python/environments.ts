import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { pythonScripts } from './scripts.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Python of each environment, by its name: `humanloop-0.8.38`. */
    pythons: Readonly<Record<string, string>>;
  }
}

const run = promisify(execFile);
const folderOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const requirements = folderOf('requirements/');
/** Kept from one run of the tests to the next: an environment takes a minute to make. */
const cache = folderOf('../../node_modules/.cache/loopwright/python-clients/');

/** Makes the environments that the scripts name, as far as they are not there yet. */
export async function setup(project: TestProject): Promise<void> {
  const version = await pythonVersion();
  const known = globSync('*.txt', { cwd: requirements }).map((file) => basename(file, '.txt'));
  const named = new Set(pythonScripts.flatMap(({ environments }) => environments));
  const unknown = [...named].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No file in test/python/requirements: ${unknown}.`);
  const pythons: Record<string, string> = {};
  for (const name of named) pythons[name] = await environment(name, version);
  project.provide('pythons', pythons);
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

/** @returns the path of its Python. */
async function environment(name: string, version: string): Promise<string> {
  const file = join(requirements, `${name}.txt`);
  const hash = createHash('sha256')
    .update(version)
    .update(await readFile(file));
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
    throw new Error(`pip could not install test/python/requirements/${name}.txt.`, { cause });
  }
  await writeFile(isWhole, '');
  return python;
}
