import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPostgresBinaries, type PostgresBinaries } from './binaries.ts';
import { couldNotStart } from './failures.ts';
import { isWindows, makeWhole, type PostgresFolder, prepareSocketFolder } from './folder.ts';
import { type EmbeddedConnection, passwordFile } from './presence.ts';

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
  /** Undefined while it runs; then what it said before it ended. */
  failure: string | undefined;
}

const logLimitBytes = 1_000_000;

/** Starts Postgres, and makes its database first if there is none. It may take a while to answer. */
export async function launchPostgres(settings: PostgresSettings): Promise<PostgresChild> {
  const { folder } = settings;
  const { home, data, account } = folder;
  const binaries = await findPostgresBinaries(folder);
  await makeWhole(data, (temporary) => initialize(temporary, settings, binaries));
  await prepareSocketFolder(folder);

  // A file, not a pipe: Postgres may outlive us, and what it says then matters most.
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
      ...surroundings(folder),
      stdio: ['ignore', log.fd, log.fd],
      // Ctrl-C goes to the whole process group, and would end Postgres before our last write.
      detached: true,
    });
    return watch(child, async () => (await readFile(logFile)).subarray(size).toString('utf8'));
  } finally {
    await log.close();
  }
}

/** Asks for a fast shutdown: queries are cut off, and what was committed is written. */
export async function requestShutdown(folder: PostgresFolder, pid: number): Promise<void> {
  if (isWindows) {
    const { pgCtl } = await findPostgresBinaries(folder);
    await run(pgCtl, ['stop', '-m', 'fast', '-D', folder.data], folder);
  } else {
    process.kill(pid, 'SIGINT');
  }
}

/** Follows a child without keeping us from exiting: Postgres may outlive its server. */
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
  const access = connection.password
    ? ['-A', 'scram-sha-256', '--pwfile', passwordFile(folder.home)]
    : ['-A', 'trust'];
  const sync = durable ? [] : ['--no-sync'];
  const how = ['-U', connection.user, '-E', 'UTF8', '--locale=C', '--no-instructions'];
  await run(initdb, ['-D', data, ...how, ...access, ...sync], folder).catch((error: Error) => {
    throw couldNotStart(folder, error.message);
  });
}

function flags({ folder, connection, durable, maxConnections }: PostgresSettings): string[] {
  const settings = {
    listen_addresses: isWindows ? connection.host : '',
    port: connection.port,
    // Quoted: it is a list, separated by commas.
    unix_socket_directories: isWindows ? '' : `"${folder.socketFolder.replaceAll('"', '""')}"`,
    max_connections: maxConnections,
    timezone: 'UTC',
    log_timezone: 'UTC',

    fsync: durable,
    synchronous_commit: durable,
    full_page_writes: durable,

    shared_buffers: '64MB',
    wal_buffers: '8MB',
    // Fewer processes: there are few processors, and what is read is mostly in memory.
    io_method: 'sync',
    max_worker_processes: 4,
    max_parallel_workers: 2,
    autovacuum: true,
    autovacuum_max_workers: 2,
    // Nobody replicates an embedded database, so its log need not be fit for that.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    // Steady writes are not slowed by a checkpoint every few minutes; recovery still takes seconds.
    max_wal_size: '1GB',
    checkpoint_timeout: '10min',
    // Compiling a query costs more than any of ours takes, and grows every connection.
    jit: false,
    random_page_cost: 1.1,

    // What a statement or a row said could be a prompt or a secret; the server reports errors itself.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: false,
    log_autovacuum_min_duration: -1,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Never our own environment, which has secrets in it. Windows programs need parts of it. */
function surroundings({ home, account }: PostgresFolder) {
  return { ...account, cwd: home, ...(isWindows ? {} : { env: { LC_ALL: 'C', TZ: 'UTC' } }) };
}

/** @throws an Error whose message is the end of what the program said. */
async function run(program: string, args: readonly string[], folder: PostgresFolder) {
  const child = spawn(program, args, {
    ...surroundings(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(lastLines(said)))));
  });
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-8).join('\n') || 'It said nothing.';
}
