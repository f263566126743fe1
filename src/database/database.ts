import { createHash } from 'node:crypto';
import { type Dialect, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { FullDisk } from './full-disk.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Tables } from './tables.ts';
import { databaseUnavailable } from './violations.ts';

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
  /** Told why the disk of the database is full, and with undefined that it no longer is. */
  readonly onFull?: (cause: unknown) => void;
  /** Says why a database that cannot be reached is away, if that is for its full disk. */
  readonly whyAway?: () => unknown;
}

/** Milliseconds to wait for a free connection before a request is told to come back. */
const acquireTimeoutMs = 5_000;

/** Opens a pool. Nothing connects before the first query. */
export function openDatabase(connection: Connection, options: PoolOptions = {}): Database {
  const reach = { ...connection, connectionTimeoutMillis: acquireTimeoutMs };
  const heartbeat = new Heartbeat(reach, (isSilent) => options.onSilence?.(isSilent));
  const disk = new FullDisk({
    pool: () => pool,
    tell: (cause) => options.onFull?.(cause),
    whyAway: () => options.whyAway?.(),
  });
  const pool: pg.Pool = new pg.Pool({
    ...reach,
    max: options.max ?? 10,
    idleTimeoutMillis: 60_000,
    options: '-c timezone=UTC -c datestyle=ISO',
    types: { getTypeParser },
    Client: WatchedClient,
    heartbeat,
    disk,
  } as unknown as pg.PoolConfig);
  pool.on('error', (error) => options.onError?.(error));
  // The pool listens only while a connection is idle. One that breaks between two queries of a
  // transaction tells the second of them; unheard here, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: dialectOver(pool, disk) });
  const close = () => {
    heartbeat.stop();
    disk.stop();
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

/**
 * Prepares each text that begins with `/* hot *\/` once per connection, under its hash, and lets the
 * heartbeat of its pool know of every query, and what knows of its disk of every failure.
 */
class WatchedClient extends pg.Client {
  readonly #heartbeat: Heartbeat;
  readonly #disk: FullDisk;

  constructor(
    config: pg.ClientConfig & { readonly heartbeat: Heartbeat; readonly disk: FullDisk },
  ) {
    super(config);
    this.#heartbeat = config.heartbeat;
    this.#disk = config.disk;
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

  // biome-ignore lint/suspicious/noExplicitAny: `query` has ten overloads, and all pass through
  override query(...args: any[]): any {
    const [text, values, ...rest] = args;
    const pending =
      typeof text === 'string' && text.startsWith('/* hot */')
        ? super.query({ name: nameOf(text), text, values }, ...(rest as []))
        : super.query(...(args as [string]));
    const promise: unknown = pending;
    if (!(promise instanceof Promise)) return pending;
    return promise.catch(this.#disk.rethrow).finally(this.#heartbeat.begin());
  }
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return name;
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
