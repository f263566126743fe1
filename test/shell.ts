import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

const cwd = fileURLToPath(new URL('../', import.meta.url));

/** Settings, which win over those of the environment; empty ones count as none. */
export type Settings = Readonly<Record<string, string>>;

/** Runs a command in the repository to its end, and rejects when it fails. */
export function runInShell(command: string, settings: Settings) {
  return promisify(execFile)('bash', ['-c', withSettings(command, settings)], { cwd });
}

/** Starts a command in the repository; resolves when it has printed this, and stops it after the tests. */
export async function startInShell(
  command: string,
  settings: Settings,
  printed: string,
): Promise<void> {
  const child = spawn('bash', ['-c', withSettings(command, settings)], {
    cwd,
    // npm does not hand on every signal; a group gets them all.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  afterAll(async () => {
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM');
    await closed;
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        output += piece;
        if (output.includes(printed)) resolve();
      });
    }
    child.once('close', () => reject(new Error(`\`${command}\` ended: ${output}`)));
  });
}

function withSettings(command: string, settings: Settings): string {
  const assignments = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  return [...assignments, command].join(' ');
}
