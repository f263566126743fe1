import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint } from '../../kernel/fingerprint.ts';
import { pythonUnavailable } from './errors.ts';

/** The programs that the sandbox is made of. */
export interface SandboxProgram {
  /** Path of Deno's binary. */
  readonly deno: string;
  readonly pyodideFolder: string;
  /** Runs in Deno. */
  readonly interpreter: string;
  /** Runs in Python. */
  readonly runner: string;
  /** Equal for equal programs: a snapshot of one does not fit another. */
  readonly fingerprint: string;
}

const isWindows = process.platform === 'win32';

/**
 * Finds Deno and Pyodide as npm installed them. The package `deno` is a Node program that starts
 * the binary of another one, which is for this platform; that is the one found here.
 *
 * @throws `python_unavailable` (unavailable) when one is missing.
 */
export function findSandboxProgram(): SandboxProgram {
  const system = process.platform === 'linux' ? `linux-${process.arch}-glibc` : undefined;
  const binaries = `@deno/${system ?? `${process.platform}-${process.arch}`}`;
  // Only its own dependencies are certain to be found from the package `deno`.
  const deno = join(packageFolder('deno'), 'package.json');
  const binaryFolder = packageFolder(binaries, deno);
  const pyodideFolder = packageFolder('pyodide');
  const interpreter = ownFile('interpreter.js');
  const runner = ownFile('runner.py');
  return {
    deno: join(binaryFolder, isWindows ? 'deno.exe' : 'deno'),
    pyodideFolder,
    interpreter,
    runner,
    fingerprint: fingerprint({
      deno: readFileSync(join(binaryFolder, 'package.json'), 'utf8'),
      pyodide: readFileSync(join(pyodideFolder, 'package.json'), 'utf8'),
      interpreter: readFileSync(interpreter, 'utf8'),
      runner: readFileSync(runner, 'utf8'),
    }),
  };
}

function packageFolder(name: string, from: string = fileURLToPath(import.meta.url)): string {
  try {
    const path = findPackageJSON(name, from);
    if (path !== undefined && existsSync(path)) return realpathSync(dirname(path));
  } catch {
    // As unhelpful as undefined: the sentence below says what is missing.
  }
  throw pythonUnavailable(`The package \`${name}\` is not installed.`);
}

function ownFile(name: string): string {
  return realpathSync(fileURLToPath(new URL(name, import.meta.url)));
}
