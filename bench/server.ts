import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ApiClient, apiClient } from './api-client.ts';

/** A server in a process of its own. */
export interface Server {
  readonly url: string;
  readonly key: string;
  readonly pid: number;
  readonly dataDir: string;
  /** In the time of `performance.now()`. */
  readonly spawnedAt: number;
  /** Milliseconds from the spawn until the server reported that it listens. */
  readonly listeningAfterMs: number;
  /** Stops it like Ctrl-C, including its database, and keeps the data folder. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly dataDir: string;
  /** The base URL for `openai` models. */
  readonly openaiUrl?: string | undefined;
  readonly profileDir?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const key = 'a-key-for-benchmarks-only';

/** Starts a server like `npm start`, on a free port. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { dataDir, openaiUrl, profileDir, env } = options;
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const spawnedAt = performance.now();
  const child = spawn(process.execPath, [...profiling, program, 'serve'], {
    // Not our own environment, so that the defaults are measured.
    env: {
      PORT: '0',
      LOOPWRIGHT_DATA_DIR: dataDir,
      LOOPWRIGHT_API_KEY: key,
      ...(openaiUrl === undefined ? {} : { OPENAI_BASE_URL: openaiUrl, OPENAI_API_KEY: 'none' }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await listeningUrl(child);
  const listeningAfterMs = performance.now() - spawnedAt;
  return {
    url,
    key,
    pid: child.pid as number,
    dataDir,
    spawnedAt,
    listeningAfterMs,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function listeningUrl({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('The server has no output.');
  for await (const line of createInterface(stdout)) {
    const url = /listening on (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    // Its further output is dropped, but must be read: a full pipe would block it.
    stdout.resume();
    return url;
  }
  throw new Error('The server ended before it listened.');
}

/** Runs `use` with a folder that is deleted afterwards. */
export async function withFolder<Result>(use: (folder: string) => Promise<Result>) {
  const folder = await mkdtemp(join(tmpdir(), 'loopwright-bench-'));
  try {
    // Under root, Postgres runs under another account, which must be able to enter.
    await chmod(folder, 0o755);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs `use` with a new server on an empty database, and a client with a number of connections. */
export function withServer<Result>(
  options: Omit<ServerOptions, 'dataDir'> & { readonly clients: number },
  use: (server: Server, client: ApiClient) => Promise<Result>,
): Promise<Result> {
  return withFolder(async (folder) => {
    const server = await startServer({ ...options, dataDir: join(folder, 'data') });
    const client = apiClient(server, options.clients);
    try {
      return await use(server, client);
    } finally {
      await client.close();
      await server.stop();
    }
  });
}
