import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { whenDone } from './when-done.ts';

const cwd = fileURLToPath(new URL('../../', import.meta.url));

/** Settings, which win over those of the environment; empty ones count as none. */
export type Settings = Readonly<Record<string, string>>;

/**
 * Runs a command in the repository to its end, and rejects when it fails.
 *
 * @param env the whole environment, in place of that of the tests.
 */
export function runInShell(command: string, settings: Settings = {}, env?: Settings) {
  return promisify(execFile)('bash', ['-c', withSettings(command, settings)], {
    cwd,
    maxBuffer: 64_000_000,
    ...(env ? { env } : {}),
  });
}

/** A command that was started, and all processes below it. */
interface Started {
  /** The group of its processes: `kill(-group)` is Ctrl-C. */
  readonly group: number;
  /** Its exit code, when it and what holds its output have ended. */
  readonly ended: Promise<number | null>;
}

/** Starts a command in the repository; what is left of it after the tests is killed. */
export function startInShell(command: string, settings: Settings): Started {
  const child = spawn('bash', ['-c', withSettings(command, settings)], {
    cwd,
    // npm does not hand on every signal; a group gets them all.
    detached: true,
    stdio: 'ignore',
  });
  const group = child.pid ?? 0;
  const ended = once(child, 'close').then(([code]) => code);
  whenDone(() => killGroup(group));
  return { group, ended };
}

function withSettings(command: string, settings: Settings): string {
  const assignments = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  return [...assignments, command].join(' ');
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    // The group ended by itself; asking first would leave a moment in which it still can.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
