import { type Dialect, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { parseExactJson } from '../kernel/exact-json.ts';
import { FullDisk } from './full-disk.ts';
import { Heartbeat } from './heartbeat.ts';
import { StatementNames } from './statement-names.ts';
import type { Tables } from './tables.ts';
import { databaseUnavailable, isPlanOutdated, isPreparedStatementLost } from './violations.ts';

/** How to reach a Postgres: by URL, or by the folder of its socket. */
export interface Connection {
  readonly connectionString?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

export type Queries = Kysely<Tables>;

/** A pool of connections, and typed queries over it. */
export interface Database {
  readonly db: Queries;
  readonly pool: pg.Pool;
  readonly disk: FullDisk;
  /** Closes every connection after its current query. */
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly max?: number;
  /** Called when an idle connection breaks; the pool replaces it. */
  readonly onError?: (error: Error) => void;
  /** Called with true when the database stops answering, and with false when it answers again. */
  readonly onSilenceChange?: (isSilent: boolean) => void;
  /** Called once, when a pooler between us and Postgres has lost prepared statements. */
  readonly onStatementsLost?: () => void;
  /**
   * Called with the cause when the database's disk is full, and with undefined when it has room
   * again.
   */
  readonly onFullDiskChange?: (cause: unknown) => void;
  /** The disk state of another pool on the same database; without it the pool keeps its own. */
  readonly disk?: FullDisk;
  /** The full disk that keeps the database down; undefined when it is down for another reason. */
  readonly findFullDiskCause?: () => unknown;
}

/**
 * Milliseconds that a request waits for a free connection before it fails with
 * `database_unavailable`.
 */
const acquireTimeoutMs = 5_000;

/** Opens a pool. Nothing connects before the first query. */
export function openDatabase(connection: Connection, options: PoolOptions = {}): Database {
  const reach = { ...connection, connectionTimeoutMillis: acquireTimeoutMs };
  const heartbeat = new Heartbeat(reach, (isSilent) => options.onSilenceChange?.(isSilent));
  const ownDisk = new FullDisk({
    pool: () => pool,
    onChange: (cause) => options.onFullDiskChange?.(cause),
    findFullDiskCause: () => options.findFullDiskCause?.(),
  });
  const disk = options.disk ?? ownDisk;
  const pool: pg.Pool = new pg.Pool({
    ...reach,
    max: options.max ?? 10,
    idleTimeoutMillis: 60_000,
    types: { getTypeParser },
    Client: WatchedClient,
    heartbeat,
    disk,
    names: new StatementNames(() => options.onStatementsLost?.()),
  } as unknown as pg.PoolConfig);
  pool.on('error', (error) => options.onError?.(error));
  // The pool listens for errors only while a connection is idle. When a connection breaks between
  // two queries of a transaction, the second query fails with the error; but without this listener
  // the event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: dialectOver(pool, disk) });
  const close = () => {
    heartbeat.stop();
    ownDisk.stop();
    return pool.end();
  };
  return { db, pool, disk, close };
}

function dialectOver(pool: pg.Pool, disk: FullDisk): Dialect {
  return new PostgresDialect({
    pool: {
      connect: () => pool.connect().catch(disk.rethrow),
      end: () => pool.end(),
    } as pg.Pool,
  });
}

/** What a client needs besides the connection's configuration. */
interface Watchers {
  readonly heartbeat: Heartbeat;
  readonly disk: FullDisk;
  readonly names: StatementNames;
}

/**
 * Prepares the statements that have a name, reports each query to the pool's heartbeat, and each
 * failure to the pool's disk state.
 */
class WatchedClient extends pg.Client {
  readonly #heartbeat: Heartbeat;
  readonly #disk: FullDisk;
  readonly #names: StatementNames;

  constructor(config: pg.ClientConfig & Watchers) {
    super(config);
    this.#heartbeat = config.heartbeat;
    this.#disk = config.disk;
    this.#names = config.names;
  }

  /** Takes a callback, since the pool is the only caller and passes one. */
  // biome-ignore lint/suspicious/noExplicitAny: without a callback it would answer a promise
  override connect(callback?: any): any {
    if (this.#heartbeat.isSilent) {
      process.nextTick(callback, databaseUnavailable());
      return;
    }
    this.#heartbeat.watch(this);
    super.connect(callback);
  }

  /** The driver calls this for the startup parameters of a connection. */
  getStartupConf(): Readonly<Record<string, string>> {
    const driver = pg.Client.prototype as unknown as Pick<WatchedClient, 'getStartupConf'>;
    // Not through `options`, which poolers refuse. Poolers keep these two parameters for each
    // client.
    return { ...driver.getStartupConf.call(this), TimeZone: 'UTC', DateStyle: 'ISO' };
  }

  // biome-ignore lint/suspicious/noExplicitAny: `query` has ten overloads, and all pass through
  override query(...args: any[]): any {
    const [text, values, ...rest] = args;
    const name = typeof text === 'string' ? this.#names.nameFor(text) : undefined;
    const pending =
      name === undefined
        ? super.query(...(args as [string]))
        : super.query({ name, text, values }, ...(rest as []));
    const promise: unknown = pending;
    if (!(promise instanceof Promise)) return pending;
    return promise
      .catch((error: unknown) =>
        name === undefined ? this.#disk.rethrow(error) : this.#againIfLost(args, error),
      )
      .finally(this.#heartbeat.begin());
  }

  /**
   * Runs a statement once more, without a name, if its prepared form was missing or outdated: then it
   * has done nothing.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as `query`
  #againIfLost(args: any[], error: unknown): Promise<unknown> {
    if (isPlanOutdated(error)) this.#names.rename(args[0]);
    else if (isPreparedStatementLost(error)) this.#names.lose();
    else return this.#disk.rethrow(error);
    const again = super.query(...(args as [string])) as unknown as Promise<unknown>;
    // Inside a transaction this fails too; `inTransaction` then runs the whole transaction again.
    return again.catch(() => this.#disk.rethrow(error));
  }
}

/** Keeps moments as texts: a Date would lose their microseconds. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.TIMESTAMPTZ) return isoFromPostgres;
  if (oid === pg.types.builtins.INT8) return Number;
  if (oid === pg.types.builtins.JSON || oid === pg.types.builtins.JSONB) return parseExactJson;
  return pg.types.getTypeParser(oid, format as 'text');
}

/** `2026-05-01 12:00:00.5+00` becomes `2026-05-01T12:00:00.500000Z`. */
function isoFromPostgres(text: string): string {
  const [date, time = ''] = text.split(' ');
  const [seconds = '', fraction = ''] = time.replace(/\+00$/, '').split('.');
  return `${date}T${seconds}.${fraction.padEnd(6, '0')}Z`;
}
