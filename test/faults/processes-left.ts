import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds for the remains of a killed server to notice and end. */
const patienceMs = 10_000;

/**
 * Waits until no process is left that belongs to servers in a folder, apart from the running
 * servers and what runs below them. Above all, it waits for sandboxes.
 *
 * @param servers the process ids of the running servers.
 * @returns the command lines of the processes that stay; empty on systems without `/proc`.
 */
export async function processesLeft(
  folder: string,
  servers: readonly number[],
): Promise<readonly string[]> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const found = await findProcesses(folder);
    const left = found.filter((process) => !runsBelow(process, servers, found));
    if (left.length === 0 || performance.now() > giveUpAt) {
      return left.map(({ pid, command }) => `${pid}: ${command}`);
    }
    await sleep(200);
  }
}

/**
 * Whether a process is one of the servers, or a descendant of one. Children alone would not do: the
 * shell that watches over a sandbox is the sandbox's child.
 */
function runsBelow(
  { pid, parent }: ServersProcess,
  servers: readonly number[],
  found: readonly ServersProcess[],
): boolean {
  if (servers.includes(pid) || servers.includes(parent)) return true;
  const above = found.find((process) => process.pid === parent);
  return above !== undefined && runsBelow(above, servers, found);
}

interface ServersProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

async function findProcesses(folder: string): Promise<readonly ServersProcess[]> {
  const names = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(names.map((name) => processIn(folder, Number(name))));
  return found.filter((process) => process !== undefined);
}

/**
 * A process that works in the folder of a server, or names it in its arguments; undefined for any
 * other.
 */
async function processIn(folder: string, pid: number): Promise<ServersProcess | undefined> {
  if (pid === process.pid) return undefined;
  const [command, cwd, stat] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
  ]);
  const mark = `${basename(folder)}/server-`;
  if (!command.includes(mark) && !cwd.includes(mark)) return undefined;
  // The program's name comes first, in parentheses, and may contain any character.
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    parent: Number(parent),
    command: command.replaceAll('\0', ' ').trim().slice(0, 200),
  };
}
