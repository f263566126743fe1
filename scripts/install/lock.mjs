import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// A lock is a file `.installing.<n>` in the folder that it protects, so that only accounts that may
// change the folder can create one. It names the process that holds it, and is valid while that
// process lives.
//
// A dead lock marks an interrupted install. A waiting process never removes it: two of them could
// do so one after the other, and the second would remove the new lock of the first. Instead, they
// create the next number, which only one of them can.
const prefix = '.installing.';
/** Milliseconds between two checks of another process's lock. */
const intervalMs = 200;
/** Milliseconds in which an empty lock counts as just being written. */
const writingMs = 5_000;

/**
 * Waits until no other process installs into a folder, and then locks it.
 *
 * @returns `wasInterrupted`: whether the previous install did not finish; `noteChild(pid)`: records
 *   the process that installs for us, so that the next holder can end it when we die first; and
 *   `release()`.
 */
export async function takeLock(folder) {
  let hasSaid = false;
  for (;;) {
    const [highest = 0] = locksIn(folder);
    const holder = highest > 0 ? read(folder, highest) : undefined;
    if (holder && isHeld(holder)) {
      if (!hasSaid) console.error('Waiting for another process that is installing in this folder.');
      hasSaid = true;
      await sleep(intervalMs);
      continue;
    }
    const own = highest + 1;
    if (!make(folder, own)) continue;
    const [first, ...lower] = locksIn(folder);
    const others = lower.map((number) => read(folder, number));
    // All locks may have been released after we looked, and another process may have created number
    // 1. Then one of us must give way.
    const isOurs =
      first === own &&
      (own === 1 || lower.includes(own - 1)) &&
      !others.some((lock) => lock && isHeld(lock));
    if (isOurs) {
      for (const lock of others) await endOrphan(lock);
      return held(folder, own, lower);
    }
    remove(folder, own);
    await sleep(Math.random() * intervalMs);
  }
}

/** Whether an install into a folder is under way or was interrupted. */
export function hasLock(folder) {
  return locksIn(folder).length > 0;
}

function held(folder, own, lower) {
  return {
    wasInterrupted: lower.length > 0,
    noteChild(pid) {
      const whole = join(folder, `${prefix}${own}.tmp`);
      writeFileSync(
        whole,
        JSON.stringify({ ...describeProcess(process.pid), child: describeProcess(pid) }),
      );
      renameSync(whole, join(folder, `${prefix}${own}`));
    },
    release() {
      // Ours last: as long as it exists, no process can take a lower number.
      for (const number of [...lower, own]) remove(folder, number);
    },
  };
}

/** The numbers of the locks in a folder, highest first. */
function locksIn(folder) {
  return readdirSync(folder)
    .filter((name) => /^\.installing\.\d+$/.test(name))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => b - a);
}

/** Creates a lock; false when one with this number exists. */
function make(folder, number) {
  try {
    writeFileSync(
      join(folder, `${prefix}${number}`),
      JSON.stringify(describeProcess(process.pid)),
      {
        flag: 'wx',
      },
    );
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * The content of a lock: `{pid, startedAt, child?}`, or `{isBeingWritten}`; undefined when it is
 * gone.
 */
function read(folder, number) {
  const path = join(folder, `${prefix}${number}`);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    return error.code === 'ENOENT' || changedAt === undefined
      ? undefined
      : { isBeingWritten: Date.now() - changedAt < writingMs };
  }
}

function isHeld(lock) {
  return lock.isBeingWritten ?? isAlive(lock);
}

/** Ends the npm process of a holder that was killed: it would go on writing into the folder. */
async function endOrphan(lock) {
  const child = lock?.child;
  // Without a start time it could be any process that has the same id by now.
  while (child?.startedAt && isAlive(child)) {
    try {
      process.kill(child.pid, 'SIGKILL');
    } catch {
      return; // It belongs to another account, or has just ended.
    }
    await sleep(50);
  }
}

function remove(folder, number) {
  rmSync(join(folder, `${prefix}${number}`), { force: true });
}

function describeProcess(pid) {
  return { pid, startedAt: startTime(pid) };
}

function isAlive({ pid, startedAt }) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is alive, and belongs to another account.
    if (error.code !== 'EPERM') return false;
  }
  return startTime(pid) === startedAt;
}

/**
 * The start time of a process, as the system reports it; '' when it does not. Tells processes with
 * the same id apart: ids are reused, above all after a reboot.
 */
function startTime(pid) {
  try {
    if (process.platform === 'linux') {
      // The second field is the program's name in parentheses, and may contain any character.
      const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        .split(' ');
      return state === 'Z' ? 'ended' : fields[18];
    }
    if (process.platform === 'win32') {
      const command = `(Get-Process -Id ${pid}).StartTime.Ticks`;
      return commandOutput('powershell', ['-NoProfile', '-Command', command]);
    }
    return commandOutput('ps', ['-o', 'lstart=', '-p', String(pid)]);
  } catch {
    return '';
  }
}

/** The output of a command, without the influence of the account's language. */
function commandOutput(command, args) {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return execFileSync(command, args, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
