import { setTimeout as sleep } from 'node:timers/promises';
import { dataFolderFailure } from '../../kernel/data-folder-failure.ts';
import { StartFailure } from '../../kernel/start-failure.ts';
import { openPostgresFolder } from './folder.ts';
import { connectionTo, type EmbeddedConnection } from './presence.ts';
import { attachToPostgres, leavePostgres, type RunningPostgres } from './process.ts';
import type { PostgresSettings } from './program.ts';

/** A Postgres of our own, on a socket in the data folder. */
export interface EmbeddedPostgres {
  /** How to connect. It stays the same when Postgres is started again. */
  readonly connection: EmbeddedConnection;
  /** True when another process had started it. */
  readonly adopted: boolean;
  /** Why it could not be started again, while that is so. */
  failure(): Error | undefined;
  /**
   * Stops using Postgres, and ends it unless another client is still connected: another server on
   * this data folder, `psql`, or a pool of ours that was not closed before. Resolves when it has
   * ended. A second call awaits the first.
   */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Made when it is not there; may be relative. The database is in `postgres` below it. */
  readonly dataDir: string;
  /** False: commits are not written to disk, which is faster. Only for tests. */
  readonly durable?: boolean;
  /** Of all servers on this data folder together; each holds one besides its pool. */
  readonly maxConnections?: number;
  /** Told of what happens seldom: adopted, ended unexpectedly, running again. */
  readonly log?: (message: string) => void;
}

/**
 * Starts the Postgres that came with the packages, or finds it running on the same data folder.
 *
 * It survives us when we are killed; the next server adopts it. When it ends although nobody asked
 * it to, it is started again, so that after a few failed queries a pool works on. It does not keep
 * this process from exiting.
 *
 * @throws StartFailure.
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
  const adopted = running.child === undefined;
  if (adopted) log(`Using the Postgres that already runs in ${folder.home}.`);
  if (settings.durable && !running.presence.isDurable) {
    await leavePostgres(settings, running);
    throw new StartFailure(
      `LOOPWRIGHT_DATA_DIR is used by a Postgres (${folder.home}) that was started for tests and does not keep data`,
      'stop whatever started it, or set it to another folder',
    );
  }
  const supervisor = new Supervisor(settings, running, log);
  return {
    connection: settings.connection,
    adopted,
    failure: () => supervisor.failure,
    stop: () => supervisor.stop(),
  };
}

/** Pauses between attempts to start Postgres again; the first is made at once. */
const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** A Postgres that ran for this long was well. */
const settledMs = 60_000;

/** Keeps Postgres running until it is told to stop. */
class Supervisor {
  readonly #settings: PostgresSettings;
  readonly #log: (message: string) => void;
  readonly #stopping = new AbortController();
  readonly #watching: Promise<void>;
  /** Undefined while it is being started again. */
  #running: RunningPostgres | undefined;
  /** Why it could not be started again, while that is so. */
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

  /** Ends when stopping; a Postgres that was then being started is left as any other. */
  async #watch(first: RunningPostgres): Promise<void> {
    let pauseMs = 0;
    for (let running = first; ; ) {
      running.presence.socket.unref();
      const since = performance.now();
      await running.presence.ended;
      if (this.#stopping.signal.aborted) return;

      this.#running = undefined;
      this.#log('Postgres ended unexpectedly; starting it again.');
      if (performance.now() - since > settledMs) pauseMs = 0;
      const restarted = await this.#restart(pauseMs);
      if (!restarted) return;
      running = restarted;
      pauseMs = nextPause(pauseMs);
    }
  }

  /** @returns undefined when told to stop meanwhile. */
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
