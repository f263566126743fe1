import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharePythonSnapshot } from '../support/data-folder.ts';
import { type DatabaseProxy, startDatabaseProxy } from './database-proxy.ts';

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** The API key of all requests. */
export const apiKey = 'a-key-for-fault-tests-only';

export interface ServerOptions {
  readonly folder: string;
  /** The socket of Postgres. */
  readonly socketPath: string;
  readonly database: string;
  readonly leaseSeconds: number;
  /** The base URL of the models for the server with this number. */
  readonly modelUrl: (slot: number) => string;
}

/** The database role of a server, by which Postgres knows which server writes what. */
export function databaseRole(slot: number): string {
  return `server_${slot}`;
}

/** A server that is started again whenever it was killed. */
export class ServerSlot {
  readonly number: number;
  readonly proxy: DatabaseProxy;
  /** The log lines of all processes of this server. */
  readonly logged: string[] = [];
  readonly #options: ServerOptions;
  #child: ChildProcess | undefined;
  #url: string | undefined;
  #starting: Promise<void> | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(number: number, proxy: DatabaseProxy, options: ServerOptions) {
    this.number = number;
    this.proxy = proxy;
    this.#options = options;
  }

  /** Undefined while it does not listen. */
  get url(): string | undefined {
    return this.#url;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it unless it runs; resolves when it listens or has failed to start. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    // A killed server may take a moment to end.
    if (this.#url === undefined) await this.#ended;
    if (this.#child) return;
    const { folder, database, leaseSeconds, modelUrl } = this.#options;
    const dataDir = join(folder, `server-${this.number}`);
    // Gives sandboxes their own folders, which show that they belong to this server.
    const tmpDir = join(dataDir, 'tmp');
    await mkdir(tmpDir, { recursive: true });
    await sharePythonSnapshot(dataDir);
    const child = spawn(process.execPath, [program, 'serve', '--stop-with-parent'], {
      cwd: dataDir,
      env: {
        PORT: '0',
        TMPDIR: tmpDir,
        LOOPWRIGHT_DATA_DIR: dataDir,
        DATABASE_URL: `postgres://${databaseRole(this.number)}@127.0.0.1:${this.proxy.port}/${database}`,
        DATABASE_POOL_SIZE: '8',
        LOOPWRIGHT_API_KEY: apiKey,
        LOOPWRIGHT_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
        LOOPWRIGHT_ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
        OPENAI_API_KEY: 'none',
        OPENAI_BASE_URL: modelUrl(this.number),
        // Only calls bring keys for this vendor.
        GROQ_BASE_URL: modelUrl(this.number),
        PYTHON_MAX_PROCESSES: '2',
        RUN_LEASE_SECONDS: String(leaseSeconds),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const ended = once(child, 'close').then(() => {
      this.#child = undefined;
      this.#url = undefined;
    });
    this.#ended = ended;
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.logged.push(text));
    const listening = new Promise<void>((resolve) => {
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const url = / listening on (\S+)/.exec(said)?.[1];
        if (!url || !said.includes('Stop with')) return;
        this.#url = url;
        resolve();
      });
    });
    await Promise.race([listening, ended]);
  }

  /** Sends a signal. After SIGKILL, nothing of the server runs any more when this returns. */
  signal(name: NodeJS.Signals): void {
    if (name === 'SIGKILL') this.#url = undefined;
    this.#child?.kill(name);
  }

  /** Ends the process, and waits until it is gone. */
  async end(name: NodeJS.Signals): Promise<void> {
    this.#url = undefined;
    this.#child?.kill(name);
    await this.#ended;
  }
}

/** Starts a number of servers on one database. */
export async function startServers(count: number, options: ServerOptions): Promise<ServerSlot[]> {
  const slots: ServerSlot[] = [];
  for (let number = 0; number < count; number++) {
    const proxy = await startDatabaseProxy(number, options.socketPath);
    slots.push(new ServerSlot(number, proxy, options));
  }
  await Promise.all(slots.map((slot) => slot.start()));
  const failed = slots.find(({ url }) => url === undefined);
  if (failed) throw new Error(`A server did not start: ${failed.logged.join('')}`);
  return slots;
}
