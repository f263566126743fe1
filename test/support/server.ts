import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, inject, vi } from 'vitest';
import { openDatabase } from '../../src/database/database.ts';
import { connectionTo } from '../../src/database/postgres/connection.ts';
import { openPostgresFolder } from '../../src/database/postgres/folder.ts';
import { copyDataFolder, sharePythonSnapshot } from './data-folder.ts';
import { isRunning } from './processes.ts';
import { Requests } from './requests.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/**
 * Where Node keeps what it has compiled. A server uses this folder by itself, but only once `main.ts` is
 * compiled, which is a tenth of its start.
 */
const compiled = {
  NODE_COMPILE_CACHE: fileURLToPath(
    new URL('../../node_modules/.cache/loopwright', import.meta.url),
  ),
};

/** How a program ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How to run a command of Loopwright. */
export interface CommandOptions {
  readonly dataDir: string;
  /** Settings: the only environment the command has. */
  readonly env?: Readonly<Record<string, string>>;
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

interface StartOptions extends CommandOptions {
  /** True: a shell starts it, as npm does, and signals go to the shell alone. */
  readonly inShell?: boolean;
  /** The key of requests to a server that prints none, since its data folder is not empty. */
  readonly key?: string;
}

/** What a command did that has ended. */
export interface Finished extends Ending {
  readonly stdout: string;
  readonly stderr: string;
}

/** Servers of one test file: real processes, each on a data folder. */
export interface TestServers {
  /**
   * Makes a data folder with nothing but Python's snapshot, which a server would make otherwise; when
   * it has another owner, who could not read that, an empty one. Anybody may enter it, so that
   * Postgres's own account may.
   */
  newFolder(owner?: { readonly uid: number; readonly gid: number }): Promise<string>;
  /**
   * Makes a data folder that has a database, and Python's snapshot. A server starts on it in half the
   * time; for it that is a first start, which makes a key.
   */
  newDataFolder(): Promise<string>;
  /** Begins to start a server on a free port. */
  launch(options: StartOptions): Server;
  /** Starts a server on a free port; resolves when it listens. */
  start(options: StartOptions): Promise<Server>;
  /** Runs a command to its end. */
  run(
    command: string,
    options: CommandOptions & { readonly args?: readonly string[] },
  ): Promise<Finished>;
}

/** Starts servers for a test file, and ends those that are left after it. */
export function testServers(): TestServers {
  const folders: string[] = [];
  const children: ChildProcess[] = [];

  afterAll(async () => {
    for (const child of children) await killed(child);
    for (const folder of folders) {
      const pid = await postgresPid(folder);
      if (isRunning(pid)) process.kill(pid ?? 0, 'SIGQUIT');
      await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000 });
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  function spawned(
    [program, ...args]: readonly [string, ...string[]],
    { dataDir, env, account }: CommandOptions,
  ): ChildProcess {
    const child = spawn(program, args, {
      ...account,
      cwd: dataDir,
      env: { PORT: '0', LOOPWRIGHT_DATA_DIR: dataDir, ...compiled, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    return child;
  }

  function launch(options: StartOptions): Server {
    const serve = [process.execPath, main, 'serve', '--stop-with-parent'] as const;
    // The second command keeps the shell from becoming the first.
    const line = `${serve.map((word) => `'${word}'`).join(' ')}; exit`;
    const server = new Server(
      spawned(options.inShell ? ['sh', '-c', line] : serve, options),
      options,
    );
    // A test that does not wait for it does not want to hear that it failed.
    server.listening.catch(() => undefined);
    return server;
  }

  async function newFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lw-'));
    folders.push(folder);
    await chmod(folder, 0o755);
    return folder;
  }

  return {
    async newFolder(owner) {
      const folder = await newFolder();
      if (owner) await chown(folder, owner.uid, owner.gid);
      else await sharePythonSnapshot(folder);
      return folder;
    },
    async newDataFolder() {
      const folder = await newFolder();
      await copyDataFolder(inject('dataFolder'), folder);
      await sharePythonSnapshot(folder);
      return folder;
    },
    launch,
    async start(options) {
      const server = launch(options);
      await server.listening;
      return server;
    },
    async run(command, options) {
      const child = spawned([process.execPath, main, command, ...(options.args ?? [])], options);
      const stdout = textOf(child, 'stdout');
      const stderr = textOf(child, 'stderr');
      const [code, signal] = await once(child, 'close');
      return { code, signal, stdout: stdout(), stderr: stderr() };
    },
  };
}

/** A server process that listens, or did. */
export class Server extends Requests {
  readonly dataDir: string;
  readonly pid: number;
  /** Rejects with what the server said when it ends before it listens. */
  readonly listening: Promise<void>;
  readonly ended: Promise<Ending>;
  /** What it printed so far. */
  readonly output: () => string;
  /** What it logged so far. */
  readonly log: () => string;
  readonly #child: ChildProcess;
  readonly #givenKey: string | undefined;

  constructor(child: ChildProcess, { dataDir, env, key }: StartOptions) {
    super();
    this.dataDir = dataDir;
    this.pid = child.pid ?? 0;
    this.#child = child;
    this.#givenKey = key ?? env?.['LOOPWRIGHT_API_KEY'];
    this.output = textOf(child, 'stdout');
    this.log = textOf(child, 'stderr');
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
    this.listening = new Promise((resolve, reject) => {
      // This is the last line of its greeting.
      child.stdout?.on('data', () => this.output().includes('Stop with Ctrl-C') && resolve());
      child.once('close', () => reject(new Error(`${this.output()}${this.log()}`)));
    });
  }

  get url(): string {
    return / listening on (\S+)/.exec(this.output())?.[1] ?? '';
  }

  get port(): string {
    return new URL(this.url).port;
  }

  /** The key that it printed, if any. */
  get printedKey(): string | undefined {
    return /lw_sk_\w+/.exec(this.output())?.[0];
  }

  /** The key to use: the given one, or the printed one. */
  get key(): string {
    return this.#givenKey ?? this.printedKey ?? '';
  }

  /** The commands that it printed, in the order in which it did. */
  get printedCommands(): readonly string[] {
    return this.output().match(/^curl (?:.*\\\n)*.*$/gm) ?? [];
  }

  /** Sends a signal to it alone, and waits until it has ended. */
  kill(signal: NodeJS.Signals): Promise<Ending> {
    this.#child.kill(signal);
    return this.ended;
  }

  /** The process of its embedded Postgres, running or not. */
  postgresPid(): Promise<number | undefined> {
    return postgresPid(this.dataDir);
  }

  /** Asks its embedded database. The connection is closed afterwards: it would keep Postgres up. */
  async sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    const connection = await connectionTo(await openPostgresFolder(this.dataDir));
    const { pool, close } = openDatabase(connection, { max: 1 });
    try {
      const { rows } = await pool.query(text, values);
      return rows;
    } finally {
      await close();
    }
  }
}

/** The process of the embedded Postgres of a data folder, running or not. */
export async function postgresPid(dataDir: string): Promise<number | undefined> {
  const path = join(dataDir, 'postgres', 'data', 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => '');
  return Number.parseInt(text, 10) || undefined;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** Collects what a child writes. */
export function textOf(child: ChildProcess, stream: 'stdout' | 'stderr'): () => string {
  let text = '';
  child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
