import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds for what a killed server has left behind to notice, and to end. */
const patienceMs = 10_000;

/**
 * Waits until no process is left that belongs to servers in a folder, sandboxes above all, but these
 * servers and what they have started.
 *
 * @param servers their process ids.
 * @returns the command lines of those that stay. Where there is no `/proc`, nothing is known: none.
 */
export async function processesLeft(
  folder: string,
  servers: readonly number[],
): Promise<readonly string[]> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const left = (await processesOf(folder)).filter(
      ({ pid, parent }) => !servers.includes(pid) && !servers.includes(parent),
    );
    if (left.length === 0 || performance.now() > giveUpAt) {
      return left.map(({ pid, command }) => `${pid}: ${command}`);
    }
    await sleep(200);
  }
}

interface ServersProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

async function processesOf(folder: string): Promise<readonly ServersProcess[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map((name) => processIn(folder, Number(name))));
  return found.filter((process) => process !== undefined);
}

/** A process that works in, or was told of, a folder of a server; undefined for any other. */
async function processIn(folder: string, pid: number): Promise<ServersProcess | undefined> {
  if (pid === process.pid) return undefined;
  const [command, cwd, stat] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
  ]);
  const mark = `${basename(folder)}/server-`;
  if (!command.includes(mark) && !cwd.includes(mark)) return undefined;
  // The name of the program comes before, in parentheses, and may have anything in it.
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    parent: Number(parent),
    command: command.replaceAll('\0', ' ').trim().slice(0, 200),
  };
}
