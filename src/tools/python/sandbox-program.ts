import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint } from '../../kernel/fingerprint.ts';
import type { Account } from '../../kernel/system/account.ts';
import { pythonUnavailable } from './errors.ts';

/** The programs that make up the sandbox. */
export interface SandboxProgram {
  /** Path of Deno's binary. */
  readonly deno: string;
  readonly pyodideFolder: string;
  /** The program that Deno runs. */
  readonly interpreter: string;
  /** The program that Python runs. */
  readonly runner: string;
  /** The account under which code of users runs; undefined: our own. */
  readonly account: Account | undefined;
  /** Equal for equal programs: a snapshot fits only the program that made it. */
  readonly fingerprint: string;
}

/**
 * An account that nothing else runs under. It needs no name; `nobody` (65,534) is that of Postgres,
 * whose files and processes code of users must not reach.
 */
const unprivileged: Account = { uid: 65_533, gid: 65_533 };

const isWindows = process.platform === 'win32';

/**
 * Finds Deno and Pyodide as npm installed them. The package `deno` is a Node program that starts a
 * binary from another package for this platform; this function finds that binary.
 *
 * @throws `python_unavailable` (unavailable) when one of them is missing.
 */
export function findSandboxProgram(): SandboxProgram {
  const system = process.platform === 'linux' ? `linux-${process.arch}-glibc` : undefined;
  const binaries = `@deno/${system ?? `${process.platform}-${process.arch}`}`;
  // Resolve from the package `deno`: only its own dependencies are certain to be found from there.
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
    account: process.getuid?.() === 0 ? unprivileged : undefined,
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
    // The error says nothing useful: the message below names the remedy.
  }
  throw pythonUnavailable(`The package \`${name}\` is not installed.`);
}

function ownFile(name: string): string {
  return realpathSync(fileURLToPath(new URL(name, import.meta.url)));
}
