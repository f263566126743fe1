import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

// A lock is a file `.installing.<n>` in the folder that it is for: only those who may change the folder
// can put one there. It names the process that holds it, and is good while that process lives.
//
// A dead lock is the mark of an interrupted install. Nobody who waits removes it: two of them could do
// so one after the other, and the second would remove the new lock of the first. Instead they make the
// next number, which only one of them can.
const prefix = '.installing.';
/** Milliseconds between two looks at the lock of another process. */
const intervalMs = 200;
/** Milliseconds within which a lock that says nothing yet is taken to be just being written. */
const writingMs = 5_000;

/**
 * Waits until no other process installs into a folder, and then keeps others from it.
 *
 * @returns `wasInterrupted`, whether the install before did not come to its end;
 *   `noteChild(pid)`, which names the process that installs for us, so that the next holder can end it
 *   if we die first; and `release()`.
 */
export async function takeLock(folder) {
  let hasSaid = false;
  for (;;) {
    const [highest = 0] = locksIn(folder);
    const holder = highest > 0 ? read(folder, highest) : undefined;
    if (holder && isHeld(holder)) {
      if (!hasSaid) console.error('Waiting for another process that installs in this folder.');
      hasSaid = true;
      await sleep(intervalMs);
      continue;
    }
    const own = highest + 1;
    if (!make(folder, own)) continue;
    const [first, ...lower] = locksIn(folder);
    const others = lower.map((number) => read(folder, number));
    // All locks may have been released after we looked, and a new one made as number 1. Then either of
    // us gives way.
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

/** Whether anybody installs into a folder, or was interrupted. */
export function hasLock(folder) {
  return locksIn(folder).length > 0;
}

function held(folder, own, lower) {
  return {
    wasInterrupted: lower.length > 0,
    noteChild(pid) {
      const whole = join(folder, `${prefix}${own}.tmp`);
      writeFileSync(whole, JSON.stringify({ ...processOf(process.pid), child: processOf(pid) }));
      renameSync(whole, join(folder, `${prefix}${own}`));
    },
    release() {
      // Ours last: until it is gone, nobody can take a number below it.
      for (const number of [...lower, own]) remove(folder, number);
    },
  };
}

/** The numbers of the locks in a folder, the highest first. */
function locksIn(folder) {
  return readdirSync(folder)
    .filter((name) => /^\.installing\.\d+$/.test(name))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => b - a);
}

/** Makes a lock, unless there is one with this number. */
function make(folder, number) {
  try {
    writeFileSync(join(folder, `${prefix}${number}`), JSON.stringify(processOf(process.pid)), {
      flag: 'wx',
    });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** What a lock says: `{pid, startedAt, child?}`, or `{isBeingWritten}`; undefined when it is gone. */
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

/** Ends the npm of a holder that was killed: it would go on writing into the folder. */
async function endOrphan(lock) {
  const child = lock?.child;
  // Without the time of its start it could be any process, which has the number by now.
  while (child?.startedAt && isAlive(child)) {
    try {
      process.kill(child.pid, 'SIGKILL');
    } catch {
      return; // It is another account's, or has just ended.
    }
    await sleep(50);
  }
}

function remove(folder, number) {
  rmSync(join(folder, `${prefix}${number}`), { force: true });
}

function processOf(pid) {
  return { pid, startedAt: startOf(pid) };
}

function isAlive({ pid, startedAt }) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to another account.
    if (error.code !== 'EPERM') return false;
  }
  return startOf(pid) === startedAt;
}

/**
 * When a process was started, in the words of the system: numbers of processes are given again, after a
 * restart of the machine above all. '' where the system does not say.
 */
function startOf(pid) {
  try {
    if (process.platform === 'linux') {
      // The second field is the name of the program, in parentheses, and may have any characters.
      const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        .split(' ');
      return state === 'Z' ? 'ended' : fields[18];
    }
    if (process.platform === 'win32') {
      const command = `(Get-Process -Id ${pid}).StartTime.Ticks`;
      return said('powershell', ['-NoProfile', '-Command', command]);
    }
    return said('ps', ['-o', 'lstart=', '-p', String(pid)]);
  } catch {
    return '';
  }
}

/** What a command prints, in words that do not depend on the account's settings. */
function said(command, args) {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return execFileSync(command, args, {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}
