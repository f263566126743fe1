import { setTimeout as sleep } from 'node:timers/promises';
import { secureAccess } from './access.ts';
import { couldNotStart } from './failures.ts';
import { type PostgresFolder, removeSocketFolder } from './folder.ts';
import { findHolder, readPid, takeOverLocks } from './lock.ts';
import { announcePresence, leave, type Presence } from './presence.ts';
import {
  launchPostgres,
  type PostgresChild,
  type PostgresSettings,
  requestShutdown,
} from './program.ts';

/** A Postgres that answers. */
export interface RunningPostgres {
  readonly presence: Presence;
  /** Undefined when Postgres ended before its process id could be read. */
  readonly pid: number | undefined;
  /** Undefined when another process started it. */
  readonly child: PostgresChild | undefined;
}

/**
 * How long to wait for a lock that is in the way: a server may be starting or ending, or children
 * of a killed Postgres may still run.
 */
const lockPatienceMs = 10_000;
const lockPauseMs = 250;
/** How long Postgres may take to open its socket. A recovery begins only after that. */
const socketPatienceMs = 30_000;
/** How long a fast shutdown may take, which includes writing a checkpoint. */
const stopPatienceMs = 60_000;

/**
 * Connects to the Postgres of a folder; starts it when none is running, and makes the database when
 * there is none. Any number of processes may do this at once: Postgres's own lock lets one of them
 * win. Waits as long as Postgres reports that it is recovering from a crash.
 */
export async function attachToPostgres(settings: PostgresSettings): Promise<RunningPostgres> {
  let child: PostgresChild | undefined;
  let giveUpAt: number | undefined;
  let pauseMs = 10;
  for (;;) {
    const presence = await enter(settings).catch(async (error: Error) => {
      // The operator changes its files and starts again, which has to read them anew.
      child?.process.kill('SIGINT');
      await child?.ended;
      throw couldNotStart(settings.folder, error.message);
    });
    if (presence === 'busy') {
      giveUpAt = undefined;
      // Back off: Postgres logs each refused connection, and a recovery may take a while.
      pauseMs = Math.min(pauseMs * 2, 250);
      await sleep(pauseMs);
    } else if (presence !== 'silent') {
      const pid = await readPid(settings.folder);
      return { presence, pid, child: child?.process.pid === pid ? child : undefined };
    } else if (!child) {
      child = await launchPostgres(settings);
    } else if (child.failure !== undefined) {
      const isLocked = /lock file|pre-existing shared memory|another postmaster/i;
      giveUpAt ??= performance.now() + lockPatienceMs;
      if (!isLocked.test(child.failure) || performance.now() > giveUpAt) {
        throw couldNotStart(settings.folder, child.failure);
      }
      child = undefined;
      await takeOverLocks(settings.folder);
      await sleep(lockPauseMs);
    } else if (performance.now() > child.startedAt + socketPatienceMs) {
      child.process.kill('SIGQUIT');
      throw couldNotStart(
        settings.folder,
        `It did not open a socket within ${socketPatienceMs / 1_000} s.`,
      );
    } else {
      await Promise.race([child.ended, sleep(20)]);
    }
  }
}

/**
 * Stops using Postgres. When no other client uses it, shuts it down and waits until it has ended.
 */
export async function leavePostgres(
  { folder }: PostgresSettings,
  running: RunningPostgres,
): Promise<void> {
  const outcome = await leave(running.presence, async () => {
    const { pid } = running;
    if (pid === undefined || (await findHolder(folder, pid)) !== 'postgres') return;
    await requestShutdown(folder, pid);
    await untilEnded(folder, running);
  });
  if (outcome === 'ending') await untilEnded(folder, running);
}

async function enter({ folder, connection }: PostgresSettings) {
  const access = await secureAccess(folder, connection);
  return access === 'secured' ? announcePresence(connection) : access;
}

async function untilEnded(folder: PostgresFolder, { pid, child }: RunningPostgres): Promise<void> {
  if (pid === undefined) return;
  const giveUpAt = performance.now() + stopPatienceMs;
  // Removing the lock file is the last thing that Postgres does; a killed one leaves the file.
  while ((await readPid(folder)) === pid && (await findHolder(folder, pid)) === 'postgres') {
    if (performance.now() > giveUpAt) throw new Error(`Postgres (${pid}) is still shutting down.`);
    await sleep(10);
  }
  child?.process.ref();
  await child?.ended;
  await removeSocketFolder(folder);
}
