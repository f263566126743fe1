import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { SandboxProgram } from './sandbox-program.ts';

/** A sandbox process, as Node sees it. */
export type SandboxChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** The task that a sandbox process is started for. */
export type SandboxTask =
  | { readonly task: 'serve'; readonly snapshot: string | undefined }
  /** Makes a snapshot, and runs no code of users. */
  | { readonly task: 'snapshot'; readonly snapshot: string };

/** Megabytes for JavaScript objects: Pyodide's own, besides Python's memory. */
const heapMegabytes = 256;

/**
 * How long V8 runs a function (in bytes of executed bytecode) before it compiles it again to be
 * faster. Five times V8's default: that halves the work of a start, and long computations stay as
 * fast.
 */
const tieringBudget = 65_000_000;

const isWindows = process.platform === 'win32';

/**
 * Starts a process that may only compute. Deno has no permission except to read its own program,
 * which it gives up before the first call. The process has no environment and an empty folder.
 * System limits forbid writing files of any size, and kill it after a number of seconds of
 * processor time. It is killed when we are gone. Under root, code of users runs under an account of
 * its own, without capabilities.
 *
 * @param folder an empty folder.
 */
export function spawnSandbox(
  program: SandboxProgram,
  task: SandboxTask,
  limits: {
    readonly folder: string;
    readonly memoryBytes: number;
    readonly processorSeconds: number;
  },
): SandboxChild {
  const [file, ...args] = command(program, task, limits);
  const account = task.task === 'serve' ? program.account : undefined;
  const child = spawn(file, args, {
    ...account,
    cwd: limits.folder,
    env: {
      DENO_NO_UPDATE_CHECK: '1',
      DENO_NO_PACKAGE_JSON: '1',
      // No folder can be made below a file. So Deno has no place to store what needs no permission
      // (localStorage, caches), and one process cannot pass data to another through it.
      DENO_DIR: `${program.interpreter}/none`,
      HOME: '/nonexistent',
    },
    // The fourth is the lifeline; see `script`.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  }) as unknown as SandboxChild;
  const lifeline = child.stdio[3] as Writable;
  lifeline.on('error', () => undefined);
  child.once('exit', () => lifeline.end('ended\n'));
  preferToKill(child);
  return child;
}

function command(
  { deno, pyodideFolder, interpreter, runner }: SandboxProgram,
  { task, snapshot }: SandboxTask,
  limits: { readonly memoryBytes: number; readonly processorSeconds: number },
): [string, ...string[]] {
  const pages = Math.ceil(limits.memoryBytes / 65_536);
  const readable = [pyodideFolder, runner, ...(snapshot && task === 'serve' ? [snapshot] : [])];
  const run: [string, ...string[]] = [
    deno,
    'run',
    '--quiet',
    '--no-prompt',
    '--no-remote',
    '--no-npm',
    '--cached-only',
    '--no-lock',
    '--no-config',
    '--no-code-cache',
    '--deny-import',
    `--v8-flags=--max-old-space-size=${heapMegabytes},--wasm-max-mem-pages=${pages},--wasm-tiering-budget=${tieringBudget}`,
    `--allow-read=${readable.map(escaped).join()}`,
    ...(task === 'snapshot' ? [`--allow-write=${escaped(snapshot)}`] : []),
    interpreter,
    task,
    pyodideFolder,
    runner,
    snapshot ?? '',
  ];
  if (isWindows) return run;
  const files = task === 'serve' ? 'ulimit -f 0; ' : '';
  const limited = `ulimit -c 0; ulimit -n 64; ulimit -t ${limits.processorSeconds}; ${files}`;
  return ['/bin/sh', '-c', `${dieWithServer}${limited}exec ${withoutPrivileges}"$@"`, 'sh', ...run];
}

/**
 * Kills the process when the server is gone without a word, e.g. because it was killed: a call that
 * computes does not see that its channel is closed. `$$` is the process, as it takes the place of
 * this shell.
 */
const dieWithServer = '{ read -r _ <&3 || kill -9 $$; } </dev/null >/dev/null 2>&1 & exec 3<&-; ';

/** Keeps programs with more rights, such as those of setuid, from giving them to the process. */
const withoutPrivileges = existsSync('/usr/bin/setpriv')
  ? '/usr/bin/setpriv --no-new-privs --inh-caps=-all -- '
  : '';

/** A path for one of Deno's lists, which are separated by commas. */
function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}

/**
 * Kills a process when the signal is aborted, or at once if it is aborted already.
 *
 * @returns a function that ends this watch.
 */
export function killWhen(signal: AbortSignal, child: SandboxChild): () => void {
  const kill = () => child.kill('SIGKILL');
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill, { once: true });
  return () => signal.removeEventListener('abort', kill);
}

/** Lowers the priority, so that the server goes first where processor time is short. */
export function lowerPriority({ pid }: SandboxChild): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, 10);
  } catch {
    // The process is gone already; its exit says why.
  }
}

/** Makes the system end this process first when memory runs out. */
function preferToKill({ pid }: SandboxChild): void {
  if (pid === undefined || process.platform !== 'linux') return;
  writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => undefined);
}
