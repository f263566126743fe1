import { setTimeout as sleep } from 'node:timers/promises';
import { dataFolderFailure } from '../../kernel/data-folder-failure.ts';
import { StartFailure } from '../../kernel/start-failure.ts';
import { connectionTo, type EmbeddedConnection } from './connection.ts';
import { openPostgresFolder } from './folder.ts';
import { attachToPostgres, leavePostgres, type RunningPostgres } from './process.ts';
import type { PostgresSettings } from './program.ts';

/** Loopwright's own Postgres, on a socket in the data folder. */
export interface EmbeddedPostgres {
  /** How to connect; stays the same when Postgres is restarted. */
  readonly connection: EmbeddedConnection;
  /** True when another process started this Postgres. */
  readonly isAdopted: boolean;
  /** Why the last restart failed; undefined while Postgres runs. */
  failure(): Error | undefined;
  /**
   * Stops using Postgres, and shuts it down unless another client is connected: another server on
   * this data folder, `psql`, or one of our own pools that was not closed before. Resolves when the
   * shutdown is over. A second call awaits the first.
   */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Created when missing; may be relative. The database is kept in its `postgres` folder. */
  readonly dataDir: string;
  /** False: commits are not flushed to disk, which is faster. Only for tests. */
  readonly durable?: boolean;
  /** The limit for all servers on this data folder together; each uses one besides its pool. */
  readonly maxConnections?: number;
  /** Called for rare events: Postgres was adopted, ended unexpectedly, runs again. */
  readonly log?: (message: string) => void;
}

/**
 * Starts the Postgres that came with the packages, or connects to the one that already runs on this
 * data folder.
 *
 * Postgres survives when our process is killed, and the next server adopts it. When Postgres ends
 * unexpectedly, it is restarted, and after a few failed queries a pool works again. It does not
 * keep our process from exiting.
 *
 * @throws StartFailure when Postgres cannot be started.
 */
export function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return start(options).catch((error: unknown) => {
    throw dataFolderFailure(options.dataDir, error);
  });
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = await openPostgresFolder(options.dataDir);
  const settings: PostgresSettings = {
    folder,
    connection: await connectionTo(folder),
    durable: options.durable ?? true,
    maxConnections: options.maxConnections ?? 100,
  };
  const log = options.log ?? (() => undefined);
  const running = await attachToPostgres(settings);
  const isAdopted = running.child === undefined;
  if (isAdopted) log(`Using the Postgres that is already running in ${folder.home}.`);
  if (settings.durable && !running.presence.isDurable) {
    await leavePostgres(settings, running);
    throw new StartFailure(
      `LOOPWRIGHT_DATA_DIR is in use by a Postgres (${folder.home}) that was started for tests and does not keep its data`,
      'stop the program that started it, or set LOOPWRIGHT_DATA_DIR to another folder',
    );
  }
  const supervisor = new Supervisor(settings, running, log);
  return {
    connection: settings.connection,
    isAdopted,
    failure: () => supervisor.failure,
    stop: () => supervisor.stop(),
  };
}

/**
 * Milliseconds before the second attempt to restart Postgres; the first is made at once, and later
 * pauses are longer.
 */
const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** A Postgres that ran this long counts as healthy: the next restart is made at once again. */
const settledMs = 60_000;

/** Keeps Postgres running until `stop` is called. */
class Supervisor {
  readonly #settings: PostgresSettings;
  readonly #log: (message: string) => void;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  /** Undefined during a restart. */
  #running: RunningPostgres | undefined;
  /** Why the last restart failed; undefined while Postgres runs. */
  failure: Error | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    settings: PostgresSettings,
    running: RunningPostgres,
    log: (message: string) => void,
  ) {
    this.#settings = settings;
    this.#log = log;
    this.#running = running;
    this.#watching = this.#watch(running);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    const running = this.#running;
    if (running) {
      running.presence.socket.ref();
      await leavePostgres(this.#settings, running);
    }
    await this.#watching;
  }

  /**
   * Returns when stopping. A Postgres that is just being started then is stopped like any other.
   */
  async #watch(first: RunningPostgres): Promise<void> {
    let pauseMs = 0;
    for (let running = first; ; ) {
      running.presence.socket.unref();
      const since = performance.now();
      await running.presence.ended;
      if (this.#stopping.signal.aborted) return;

      this.#running = undefined;
      this.#log('Postgres stopped unexpectedly. Starting it again.');
      if (performance.now() - since > settledMs) pauseMs = 0;
      const restarted = await this.#restart(pauseMs);
      if (!restarted) return;
      running = restarted;
      pauseMs = nextPause(pauseMs);
    }
  }

  /** @returns undefined when it was told to stop in the meantime. */
  async #restart(firstPause: number): Promise<RunningPostgres | undefined> {
    const { signal } = this.#stopping;
    for (let pauseMs = firstPause; ; pauseMs = nextPause(pauseMs)) {
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return undefined;
      try {
        const running = await attachToPostgres(this.#settings);
        if (signal.aborted) {
          await leavePostgres(this.#settings, running);
          return undefined;
        }
        this.#running = running;
        this.failure = undefined;
        this.#log('Postgres is running again.');
        return running;
      } catch (error) {
        const failure = dataFolderFailure(this.#settings.folder.home, error);
        if (failure.message !== this.failure?.message) this.#log(failure.message);
        this.failure = failure;
      }
    }
  }
}

const nextPause = (pauseMs: number) =>
  Math.min(Math.max(pauseMs * 2, firstPauseMs), longestPauseMs);
