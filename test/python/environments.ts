import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { pythonEnvironments } from '../support/python-environments.ts';
import { pythonScripts } from './scripts.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Python of each environment, by its name: `humanloop-0.8.38`. */
    pythons: Readonly<Record<string, string>>;
  }
}

const requirements = fileURLToPath(new URL('requirements/', import.meta.url));

/** Makes the environments that the scripts name, as far as they are not there yet. */
export async function setup(project: TestProject): Promise<void> {
  const environments = await pythonEnvironments('python-clients');
  const known = globSync('*.txt', { cwd: requirements }).map((file) => basename(file, '.txt'));
  const named = new Set(pythonScripts.flatMap(({ environments }) => environments));
  const unknown = [...named].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No file in test/python/requirements: ${unknown}.`);
  const made = [...named].map(async (name) => {
    return [name, await environments.make(join(requirements, `${name}.txt`))] as const;
  });
  project.provide('pythons', Object.fromEntries(await Promise.all(made)));
}
