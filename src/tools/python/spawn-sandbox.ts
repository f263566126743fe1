import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { SandboxProgram } from './sandbox-program.ts';

/** A process of the sandbox, as Node knows it. */
export type SandboxChild = ChildProcessByStdio<Writable, Readable, Readable>;

/** What a process of the sandbox is started for. */
export type SandboxTask =
  | { readonly task: 'serve'; readonly snapshot: string | undefined }
  /** Makes a snapshot, and runs nothing of anybody's. */
  | { readonly task: 'snapshot'; readonly snapshot: string };

/** Megabytes of JavaScript objects: of what Python is, beside Python's own memory. */
const heapMegabytes = 256;

/**
 * How much a function of Python's program runs until V8 compiles it anew, to be faster: about the
 * bytes of it that ran. Five times what V8 takes by itself: a start is half of the work then, and
 * code that computes for long is as fast.
 */
const tieringBudget = 65_000_000;

const isWindows = process.platform === 'win32';

/**
 * Starts a process that may do nothing but compute: Deno without any permission but to read what it
 * is made of (which it gives up before it runs a call), without an environment, in an empty folder,
 * and under limits of the system as well: no file of any size can be written, and after so many
 * seconds of processor time the system kills it, even if we are gone.
 *
 * @param folder an empty one.
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
  const child = spawn(file, args, {
    cwd: limits.folder,
    env: {
      DENO_NO_UPDATE_CHECK: '1',
      DENO_NO_PACKAGE_JSON: '1',
      // Below a file there can be no folder, so what Deno keeps without a permission (localStorage,
      // caches) has no place to be kept, and cannot go from one process to another.
      DENO_DIR: `${program.interpreter}/none`,
      HOME: '/nonexistent',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  offerToEnd(child);
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
  const script = `ulimit -c 0; ulimit -n 64; ulimit -t ${limits.processorSeconds}; ${files}exec "$@"`;
  return ['/bin/sh', '-c', script, 'sh', ...run];
}

/** A path in a list of Deno's, which are parted by commas. */
function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}

/**
 * Kills a process when a signal fires, or has fired.
 *
 * @returns what lets it live from then on.
 */
export function killWhen(signal: AbortSignal, child: SandboxChild): () => void {
  const kill = () => child.kill('SIGKILL');
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill, { once: true });
  return () => signal.removeEventListener('abort', kill);
}

/** Where there is too little of it, processor time is the server's first. */
export function yieldToOthers({ pid }: SandboxChild): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, 10);
  } catch {
    // It is gone already; its exit tells why.
  }
}

/** Where memory runs out, this process is the one that the system ends. */
function offerToEnd({ pid }: SandboxChild): void {
  if (pid === undefined || process.platform !== 'linux') return;
  writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => undefined);
}
