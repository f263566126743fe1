import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds for what a killed server has left behind to notice, and to end. */
const patienceMs = 10_000;

/**
 * Waits until no process is left that belongs to servers in a folder: their own, and sandboxes.
 *
 * @returns the command lines of those that stay. Where there is no `/proc`, nothing is known: none.
 */
export async function processesLeft(folder: string): Promise<readonly string[]> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const left = await ofServers(folder);
    if (left.length === 0 || performance.now() > giveUpAt) return left;
    await sleep(200);
  }
}

async function ofServers(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => commandOf(pid, folder)));
  return found.filter((command) => command !== undefined);
}

/** The command line of a process that works in, or was told of, a folder of a server. */
async function commandOf(pid: string, folder: string): Promise<string | undefined> {
  if (Number(pid) === process.pid) return undefined;
  const [command, cwd] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ]);
  const mark = `${basename(folder)}/server-`;
  const isTheirs = command.includes(mark) || cwd.includes(mark);
  return isTheirs ? `${pid}: ${command.replaceAll('\0', ' ').trim().slice(0, 200)}` : undefined;
}
