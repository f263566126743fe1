import { type ChildProcess, spawn } from 'node:child_process';
import { chown, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeWhole } from '../../kernel/system/make-whole.ts';
import { findPostgresBinaries, type PostgresBinaries } from './binaries.ts';
import { type EmbeddedConnection, superuser } from './connection.ts';
import { couldNotStart } from './failures.ts';
import { isWindows, type PostgresFolder, prepareSocketFolder } from './folder.ts';

/** Which Postgres to run, and how. */
export interface PostgresSettings {
  readonly folder: PostgresFolder;
  readonly connection: EmbeddedConnection;
  readonly durable: boolean;
  readonly maxConnections: number;
}

export interface PostgresChild {
  readonly process: ChildProcess;
  readonly startedAt: number;
  readonly ended: Promise<void>;
  /** Undefined while Postgres runs; afterwards the end of its output. */
  failure: string | undefined;
}

const logLimitBytes = 1_000_000;

/**
 * Starts Postgres, and makes its database first when there is none. Returns before Postgres
 * answers.
 */
export async function launchPostgres(settings: PostgresSettings): Promise<PostgresChild> {
  const { folder } = settings;
  const { home, data, account } = folder;
  const binaries = await findPostgresBinaries(folder);
  await makeWhole(data, (temporary) => initialize(temporary, settings, binaries));
  await prepareSocketFolder(folder);

  // A file, not a pipe: Postgres may outlive our process, and its output matters most then.
  const logFile = join(home, 'postgres.log');
  const log = await open(logFile, 'a+', 0o600);
  try {
    if (account) await log.chown(account.uid, account.gid);
    let { size } = await log.stat();
    if (size > logLimitBytes) {
      await log.truncate();
      size = 0;
    }
    const child = spawn(binaries.postgres, ['-D', data, ...flags(settings)], {
      ...spawnOptions(folder),
      stdio: ['ignore', log.fd, log.fd],
      // Ctrl-C reaches the whole process group, and would stop Postgres before our last write.
      detached: true,
    });
    return watch(child, async () => (await readFile(logFile)).subarray(size).toString('utf8'));
  } finally {
    await log.close();
  }
}

/** Asks Postgres for a fast shutdown: running queries are cancelled, committed data is kept. */
export async function requestShutdown(folder: PostgresFolder, pid: number): Promise<void> {
  if (isWindows) {
    const { pgCtl } = await findPostgresBinaries(folder);
    await run(pgCtl, ['stop', '-m', 'fast', '-D', folder.data], folder);
  } else {
    process.kill(pid, 'SIGINT');
  }
}

/** Watches a child without keeping our process alive: Postgres may outlive its server. */
function watch(started: ChildProcess, readLog: () => Promise<string>): PostgresChild {
  started.unref();
  const ending = new Promise<string | undefined>((resolve) => {
    started.once('error', (error) => resolve(error.message));
    started.once('exit', () => resolve(undefined));
  });
  const child: PostgresChild = {
    process: started,
    startedAt: performance.now(),
    failure: undefined,
    ended: ending.then(async (message) => {
      child.failure = message ?? lastLines(await readLog().catch(() => ''));
    }),
  };
  return child;
}

async function initialize(
  data: string,
  { folder, connection, durable }: PostgresSettings,
  { initdb }: PostgresBinaries,
): Promise<void> {
  const { account } = folder;
  // A copy for the account that runs initdb, which need not be able to read the password's own file.
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, connection.password, { flag: 'wx', mode: 0o600 });
  try {
    if (account) await chown(passwordFile, account.uid, account.gid);
    const access = ['-U', superuser, '-A', 'scram-sha-256', '--pwfile', passwordFile];
    const how = [
      '-E',
      'UTF8',
      '--locale=C',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ];
    await run(initdb, ['-D', data, ...access, ...how], folder);
  } catch (error) {
    throw couldNotStart(folder, (error as Error).message);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function flags({ folder, connection, durable, maxConnections }: PostgresSettings): string[] {
  const settings = {
    listen_addresses: isWindows ? connection.host : '',
    port: connection.port,
    // Quoted, because Postgres reads it as a comma-separated list.
    unix_socket_directories: isWindows ? '' : `"${folder.socketFolder.replaceAll('"', '""')}"`,
    max_connections: maxConnections,
    timezone: 'UTC',
    log_timezone: 'UTC',

    fsync: durable,
    synchronous_commit: durable,
    full_page_writes: durable,

    // A server that was killed leaves queries behind, which would run to their end. Linux alone has this.
    ...(process.platform === 'linux' ? { client_connection_check_interval: '10s' } : {}),

    shared_buffers: '64MB',
    wal_buffers: '8MB',
    // Saves processes: there are few processors, and most reads hit memory.
    io_method: 'sync',
    max_worker_processes: 4,
    max_parallel_workers: 2,
    autovacuum: true,
    autovacuum_max_workers: 2,
    // An embedded database has no replicas, so its WAL needs no more than this.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    // Allows long checkpoint intervals, so that steady writes are not slowed; recovery still takes
    // seconds.
    max_wal_size: '1GB',
    checkpoint_timeout: '10min',
    // Compiling a query costs more time than running it, and makes every connection larger.
    jit: false,
    random_page_cost: 1.1,

    // Statements and rows may contain prompts and secrets, so Postgres does not log them. The
    // server reports errors itself.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: false,
    log_autovacuum_min_duration: -1,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Not our own environment, which contains secrets. Programs on Windows need parts of it. */
function spawnOptions({ home, account }: PostgresFolder) {
  return { ...account, cwd: home, ...(isWindows ? {} : { env: { LC_ALL: 'C', TZ: 'UTC' } }) };
}

/** @throws Error whose message is the end of the program's output. */
async function run(program: string, args: readonly string[], folder: PostgresFolder) {
  const child = spawn(program, args, {
    ...spawnOptions(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(lastLines(output)))));
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-8).join('\n') || 'It printed nothing.';
}
