import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Server } from './server.ts';

/** The resources that a server's processes use; all NaN on systems without `/proc`. */
export interface Usage {
  /** Megabytes. Memory that Postgres's processes share counts once. */
  readonly memory: { readonly server: number; readonly postgres: number };
  /** Seconds of processor time so far. */
  readonly cpu: {
    readonly server: number;
    readonly postgres: number;
    readonly load: number;
    /** Of all processes on the machine. */
    readonly machine: number;
  };
}

/** Clock ticks per second, which is 100 on every Linux machine that we know. */
const ticksPerSecond = 100;

export async function readUsage({ pid, dataDir }: Pick<Server, 'pid' | 'dataDir'>): Promise<Usage> {
  const postgres = await postgresProcesses(dataDir).catch(() => []);
  const { user, system } = process.cpuUsage();
  return {
    memory: { server: await totalMemory([pid]), postgres: await totalMemory(postgres) },
    cpu: {
      server: await totalCpu([pid]),
      postgres: await totalCpu(postgres),
      load: (user + system) / 1_000_000,
      machine: await cpuOfMachine(),
    },
  };
}

/** The postmaster and its children. */
export async function postgresProcesses(dataDir: string): Promise<readonly number[]> {
  const lock = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
  const postmaster = Number.parseInt(lock, 10);
  return [postmaster, ...(await findDescendants(postmaster))];
}

/** The children of a process, their children, and so on. */
export async function findDescendants(ancestor: number): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.map(Number).filter((pid) => pid > 0);
  const parents = await Promise.all(pids.map(async (pid) => Number((await stat(pid))[1])));
  const below = new Set([ancestor]);
  // Repeat until nothing is found: a child's id is mostly higher than its parent's, but not after
  // ids wrap around.
  for (let size = 0; size < below.size; ) {
    size = below.size;
    for (const [index, pid] of pids.entries()) if (below.has(parents[index] ?? 0)) below.add(pid);
  }
  below.delete(ancestor);
  return [...below];
}

/** Proportional set size: shared pages are divided among the processes that share them. */
async function totalMemory(pids: readonly number[]): Promise<number> {
  const sizes = pids.map(async (pid) => {
    const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) / 1_024;
  });
  return total(await Promise.all(sizes));
}

/** Seconds of processor time that the processes have used so far. */
export async function totalCpu(pids: readonly number[]): Promise<number> {
  const ticks = pids.map(async (pid) => {
    const fields = await stat(pid);
    return Number(fields[11]) + Number(fields[12]);
  });
  return total(await Promise.all(ticks)) / ticksPerSecond;
}

/** The fields of `/proc/<pid>/stat` after the program's name, beginning with the state. */
async function stat(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

async function cpuOfMachine(): Promise<number> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => '');
  const [user = Number.NaN, nice = 0, system = 0, , , irq = 0, softirq = 0] = text
    .split('\n', 1)
    .join()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}

function total(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0);
}
