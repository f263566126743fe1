import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks at the processes. */
const watchIntervalMs = 1_000;

/** Milliseconds that a process has, once all tests are done, to end by itself. */
const patienceMs = 5_000;

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** Ticks since the machine started: a number is given anew, but not with the same one. */
  readonly startedAt: string;
}

/**
 * Fails the run when a process that a test started is left at its end: one that was seen below a worker,
 * whoever its parent is now. Where there is no `/proc`, nothing is looked at.
 */
export function setup(): (() => Promise<void>) | undefined {
  if (process.platform !== 'linux') return undefined;
  const seen = new Map<string, Process>();
  const watch = setInterval(() => note(seen), watchIntervalMs).unref();
  return async () => {
    clearInterval(watch);
    note(seen);
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      const left = running().filter((one) => seen.has(keyOf(one)));
      if (left.length === 0) return;
      if (performance.now() < giveUpAt) await sleep(50);
      else return fail(left);
    }
  };
}

/** Notes what runs below the workers now. */
function note(seen: Map<string, Process>): void {
  const all = running();
  const isWorker = ({ pid, parent }: Process) =>
    parent === process.pid && commandOf(pid).includes('vitest/dist/workers/');
  const noted = new Set(all.filter(isWorker).map(({ pid }) => pid));
  const below = all.filter(({ pid, parent }) => noted.has(parent) && !noted.has(pid));
  for (const one of below) {
    noted.add(one.pid);
    seen.set(keyOf(one), one);
    below.push(...all.filter(({ pid, parent }) => parent === one.pid && !noted.has(pid)));
  }
}

/** Vitest itself only writes down what a teardown throws. */
function fail(left: readonly Process[]): never {
  process.exitCode = 1;
  const lines = left.map(({ pid }) => `  ${pid} ${commandOf(pid)}`);
  throw new Error(`Tests have left processes behind:\n${lines.join('\n')}`);
}

function keyOf({ pid, startedAt }: Process): string {
  return `${pid} ${startedAt}`;
}

/** All processes of the machine that run, without those that have ended and that nobody waited for. */
function running(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name of the program, in parentheses, may have spaces.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [state, parent, startedAt = ''] = [fields[0], Number(fields[1]), fields[19]];
        return state === 'Z' ? [] : [{ pid: Number(name), parent, startedAt }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

/** What a process was started as; nothing when it has ended. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
