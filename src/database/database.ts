import { type Dialect, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { FullDisk } from './full-disk.ts';
import { Heartbeat } from './heartbeat.ts';
import { StatementNames } from './statement-names.ts';
import type { Tables } from './tables.ts';
import { databaseUnavailable, isStatementLost } from './violations.ts';

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
  /** Ends every connection, after the queries under way. */
  close(): Promise<void>;
}

interface PoolOptions {
  readonly max?: number;
  /** Told of connections that break while idle; the pool replaces them. */
  readonly onError?: (error: Error) => void;
  /** Told when the database no longer answers, and when it does again. */
  readonly onSilence?: (isSilent: boolean) => void;
  /** Told once, when a pooler in between has lost statements that were prepared. */
  readonly onStatementsLost?: () => void;
  /** Told why the disk of the database is full, and with undefined that it no longer is. */
  readonly onFull?: (cause: unknown) => void;
  /** What knows of the disk of the same database; undefined: the pool has one of its own. */
  readonly disk?: FullDisk;
  /** Says why a database that cannot be reached is away, if that is for its full disk. */
  readonly whyAway?: () => unknown;
}

/** Milliseconds to wait for a free connection before a request is told to come back. */
const acquireTimeoutMs = 5_000;

/** Opens a pool. Nothing connects before the first query. */
export function openDatabase(connection: Connection, options: PoolOptions = {}): Database {
  const reach = { ...connection, connectionTimeoutMillis: acquireTimeoutMs };
  const heartbeat = new Heartbeat(reach, (isSilent) => options.onSilence?.(isSilent));
  const ownDisk = new FullDisk({
    pool: () => pool,
    tell: (cause) => options.onFull?.(cause),
    whyAway: () => options.whyAway?.(),
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
  // The pool listens only while a connection is idle. One that breaks between two queries of a
  // transaction tells the second of them; unheard here, it would end the process.
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

/** What a client of a pool needs beside its own configuration. */
interface Watchers {
  readonly heartbeat: Heartbeat;
  readonly disk: FullDisk;
  readonly names: StatementNames;
}

/**
 * Prepares statements that have a name, and lets the heartbeat of its pool know of every query, and
 * what knows of its disk of every failure.
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

  /** As the pool calls it, which is the only one who does. */
  // biome-ignore lint/suspicious/noExplicitAny: without a callback it would answer a promise
  override connect(callback?: any): any {
    if (this.#heartbeat.isSilent) {
      process.nextTick(callback, databaseUnavailable());
      return;
    }
    this.#heartbeat.watch(this);
    super.connect(callback);
  }

  /** As the driver calls it: what a connection asks for when it begins. */
  getStartupConf(): Readonly<Record<string, string>> {
    const driver = pg.Client.prototype as unknown as Pick<WatchedClient, 'getStartupConf'>;
    // Not by `options`, which poolers refuse; these two they keep for each client.
    return { ...driver.getStartupConf.call(this), TimeZone: 'UTC', DateStyle: 'ISO' };
  }

  // biome-ignore lint/suspicious/noExplicitAny: `query` has ten overloads, and all pass through
  override query(...args: any[]): any {
    const [text, values, ...rest] = args;
    const name = typeof text === 'string' ? this.#names.of(text) : undefined;
    const pending =
      name === undefined
        ? super.query(...(args as [string]))
        : super.query({ name, text, values }, ...(rest as []));
    const promise: unknown = pending;
    if (!(promise instanceof Promise)) return pending;
    return promise
      .catch((error: unknown) =>
        name !== undefined && isStatementLost(error)
          ? this.#withoutName(args, error)
          : this.#disk.rethrow(error),
      )
      .finally(this.#heartbeat.begin());
  }

  /** Nothing was done by a statement whose name was not there: without one it is the same again. */
  // biome-ignore lint/suspicious/noExplicitAny: as `query`
  #withoutName(args: any[], error: unknown): Promise<unknown> {
    this.#names.lose();
    const again = super.query(...(args as [string])) as unknown as Promise<unknown>;
    // Within a transaction it fails; whoever began that can begin it anew.
    return again.catch(() => this.#disk.rethrow(error));
  }
}

/** Moments stay texts: a Date would lose their microseconds. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.TIMESTAMPTZ) return isoFromPostgres;
  if (oid === pg.types.builtins.INT8) return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}

/** `2026-05-01 12:00:00.5+00` becomes `2026-05-01T12:00:00.500000Z`. */
function isoFromPostgres(text: string): string {
  const [date, time = ''] = text.split(' ');
  const [seconds = '', fraction = ''] = time.replace(/\+00$/, '').split('.');
  return `${date}T${seconds}.${fraction.padEnd(6, '0')}Z`;
}
