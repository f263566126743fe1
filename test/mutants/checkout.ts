import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the lane keeps: the copy, the map and the results. Git does not look into it. */
export const folder = join(root, '.loopwright', 'mutants');

const copy = join(folder, 'checkout');
const reportFile = join(folder, 'report.json');

interface FileReport {
  /** From the repository's root. */
  readonly file: string;
  readonly hasPassed: boolean;
  readonly seconds: number;
  /** The first test that failed, or what kept the file from running. */
  readonly failed: string | undefined;
}

interface TestRun {
  readonly ended: 'passed' | 'failed' | 'too late';
  readonly files: readonly FileReport[];
}

/** Copies what git knows of this checkout, and what is new in it, as it stands now. */
export function copyCheckout(): void {
  rmSync(copy, { recursive: true, force: true });
  for (const file of filesOfGit()) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** The source files of the copy that are in scope, from its root. */
export function sourceFiles(scope: readonly string[]): readonly string[] {
  return filesOfGit().filter(
    (file) =>
      /\.ts$/.test(file) &&
      !file.endsWith('.test.ts') &&
      scope.some((part) => file.startsWith(part)),
  );
}

export function readSource(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Runs something while files of the copy have other texts. */
export async function withTexts<Result>(
  texts: ReadonlyMap<string, string>,
  run: () => Promise<Result>,
): Promise<Result> {
  const write = (file: string, text: string) => writeFileSync(join(copy, file), text);
  for (const [file, text] of texts) write(file, text);
  try {
    return await run();
  } finally {
    for (const file of texts.keys()) write(file, readSource(file));
  }
}

/**
 * Runs tests in the copy.
 *
 * @param tests paths, or parts of them; all of the lane when there are none.
 */
export async function runTests(
  tests: readonly string[],
  options: {
    readonly deadlineSeconds: number;
    readonly env?: Readonly<Record<string, string>>;
    readonly bail?: boolean;
  },
): Promise<TestRun> {
  rmSync(reportFile, { force: true });
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules', 'vitest', 'vitest.mjs'),
      'run',
      ...['--config', join('test', 'mutants', 'vitest.config.ts')],
      ...(options.bail === false ? [] : ['--bail', '1']),
      ...['--reporter', 'json', '--outputFile', reportFile],
      ...tests,
    ],
    {
      cwd: copy,
      // A group of its own, so that all that it starts can be ended.
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, ...options.env },
    },
  );
  const endGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended.
    }
  };
  // Vitest, too, ends its Postgres when it is told to end, and not when it is killed.
  const endWithUs = () => {
    endGroup('SIGTERM');
    // In an `exit` nothing can be awaited.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
    endGroup('SIGKILL');
  };
  process.once('exit', endWithUs);
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    // Vitest itself ends Postgres when it is told to end; a worker in an endless loop hears nothing.
    if (child.pid !== undefined) process.kill(child.pid, 'SIGINT');
    setTimeout(() => endGroup('SIGKILL'), 5_000).unref();
  }, options.deadlineSeconds * 1_000);
  const [code] = await once(child, 'exit');
  clearTimeout(deadline);
  process.off('exit', endWithUs);
  if (isLate) {
    endGroup('SIGKILL');
    return { ended: 'too late', files: [] };
  }
  return { ended: code === 0 ? 'passed' : 'failed', files: readReport() };
}

function readReport(): readonly FileReport[] {
  interface Report {
    readonly testResults: readonly {
      readonly name: string;
      readonly status: string;
      readonly message?: string;
      readonly startTime: number;
      readonly endTime: number;
      readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
    }[];
  }
  let report: Report;
  try {
    report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  } catch {
    return [];
  }
  return report.testResults.map(
    ({ name, status, message, startTime, endTime, assertionResults }) => {
      const test = assertionResults.find((result) => result.status === 'failed')?.fullName;
      const failed = test ?? message?.split('\n')[0];
      const file = name.slice(copy.length + 1);
      return {
        file,
        hasPassed: status === 'passed',
        seconds: (endTime - startTime) / 1_000,
        failed: status === 'passed' ? undefined : failed,
      };
    },
  );
}

function filesOfGit(): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  return files.split('\n').filter((file) => file !== '' && existsHere(file));
}

/** Git still knows a file that was deleted and not committed. */
function existsHere(file: string): boolean {
  try {
    readFileSync(join(root, file));
    return true;
  } catch {
    return false;
  }
}
