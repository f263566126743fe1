import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The test files that need no Postgres and start no process, since nothing that they import can:
 * neither `node:child_process` nor what the global setup provides is reached from them.
 *
 * @returns paths from the repository's root.
 */
export function unitTests(): string[] {
  const files = globSync(['src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/*.test.ts'], {
    cwd: root,
  });
  return files.filter((file) => !needsAProcess(join(root, file), new Set())).toSorted();
}

/** Whether a file, or one that it imports, starts processes or is given a Postgres that runs. */
function needsAProcess(file: string, seen: Set<string>): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  if (/from 'node:child_process'|\binject\('/.test(text)) return true;
  return importsOf(text)
    .map((path) => resolve(dirname(file), path))
    .some((imported) => needsAProcess(imported, seen));
}

/** The TypeScript files of ours that a file loads. Types are left out, and so is what is loaded later. */
function importsOf(text: string): readonly string[] {
  const statement = /^(?:import|export) (?!type )(?:[^'";]*? from )?'(\.[^']+\.ts)'/gm;
  return [...text.matchAll(statement)].flatMap(([, path]) => path ?? []);
}
