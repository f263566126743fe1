import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SandboxProgram } from './sandbox-program.ts';

/**
 * A function that replaces the paths a sandbox process knows of by `<sandbox>`, also where they are
 * URLs.
 *
 * @param others folders besides those of the program.
 */
export function hostPathsHidden(
  { deno, pyodideFolder, interpreter, runner }: SandboxProgram,
  others: readonly string[],
): (text: string) => string {
  const folders = [pyodideFolder, ...[deno, interpreter, runner].map(dirname), ...others];
  // Longest first: one may stand in another.
  const written = [
    ...new Set(folders.flatMap((path) => [pathToFileURL(path).href, path])),
  ].toSorted((a, b) => b.length - a.length);
  return (text) => written.reduce((left, path) => left.replaceAll(path, '<sandbox>'), text);
}
