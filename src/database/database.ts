import { type Dialect, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { parseExactJson } from '../kernel/exact-json.ts';
import { FairPlaces } from '../kernel/fair-places.ts';
import { TurnClock } from '../kernel/turn-clock.ts';
import { cancelQuery } from './cancel-query.ts';
import { socketOf } from './driver-socket.ts';
import { FullDisk } from './full-disk.ts';
import { connectTimeoutMs, Heartbeat } from './heartbeat.ts';
import { StatementNames } from './statement-names.ts';
import type { Tables } from './tables.ts';
import {
  databaseUnavailable,
  isCancelled,
  isPlanOutdated,
  isPreparedStatementLost,
} from './violations.ts';
import {
  clientGone,
  databaseBusy,
  defaultStatementLimits,
  queryTooSlow,
  readingFor,
  type StatementLimits,
  serversWork,
  type Work,
  workFor,
} from './work.ts';

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
  /** For the server's own work, which no organization's takes connections from. */
  readonly db: Queries;
  readonly pool: pg.Pool;
  readonly disk: FullDisk;
  /** For the work of one organization, which shares the connections fairly with the others. */
  queriesFor(organizationId: string): Queries;
  /**
   * For a request of an organization that only reads. Its queries are ended when the signal fires.
   */
  readingQueriesFor(organizationId: string, gone: AbortSignal): Queries;
  /** Closes every connection after its current query. */
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly max?: number;
  /** Milliseconds that a request waits for a free connection before it fails. */
  readonly patienceMs?: number;
  readonly statementLimits?: StatementLimits;
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

/** The most organizations whose queries are kept, with what was resolved and batched for them. */
const mostKnown = 10_000;

/** Opens a pool. Nothing connects before the first query. */
export function openDatabase(connection: Connection, options: PoolOptions = {}): Database {
  const { max = 10, patienceMs = 10_000 } = options;
  const { statementLimits: limits = defaultStatementLimits } = options;
  const clock = new TurnClock();
  const heartbeat = new Heartbeat(connection, clock, (isSilent) =>
    options.onSilenceChange?.(isSilent),
  );
  const ownDisk = new FullDisk({
    pool: () => pool,
    onChange: (cause) => options.onFullDiskChange?.(cause),
    findFullDiskCause: () => options.findFullDiskCause?.(),
  });
  const disk = options.disk ?? ownDisk;
  const pool: pg.Pool = new pg.Pool({
    ...connection,
    max,
    idleTimeoutMillis: 60_000,
    types: { getTypeParser },
    Client: WatchedClient,
    heartbeat,
    clock,
    disk,
    names: new StatementNames(() => options.onStatementsLost?.()),
  } as unknown as pg.PoolConfig);
  pool.on('error', (error) => options.onError?.(error));
  // The pool listens for errors only while a connection is idle. When a connection breaks between
  // two queries of a transaction, the second query fails with the error; but without this listener
  // the event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const connections = { pool, disk, max, patienceMs, places: new FairPlaces(max, clock) };
  const queries = (work: Work) => {
    const made: Queries = new Kysely<Tables>({ dialect: dialectFor(connections, work) });
    pools.set(made, pool);
    return made;
  };
  const known = new Map<string, Queries>();
  const queriesFor = (organizationId: string) => {
    const found = known.get(organizationId);
    if (found) return found;
    const made = queries(workFor(organizationId, limits));
    if (known.size >= mostKnown) known.clear();
    known.set(organizationId, made);
    return made;
  };
  return {
    db: queries(serversWork),
    pool,
    disk,
    queriesFor,
    readingQueriesFor(organizationId, gone) {
      const made = queries(readingFor(organizationId, limits, gone));
      shared.set(made, queriesFor(organizationId));
      return made;
    },
    close() {
      heartbeat.stop();
      clock.stop();
      ownDisk.stop();
      return pool.end();
    },
  };
}

const shared = new WeakMap<Queries, Queries>();
const pools = new WeakMap<Queries, object>();

/**
 * The queries of the organization, for work that several requests share: one client that leaves must
 * not end it for the others.
 */
export function sharedQueries(db: Queries): Queries {
  return shared.get(db) ?? db;
}

/** The pool on which queries run, as the key of what is kept for a whole database. */
export function poolOf(db: Queries): object {
  return pools.get(db) ?? db;
}

interface Connections {
  readonly pool: pg.Pool;
  readonly disk: FullDisk;
  readonly max: number;
  readonly patienceMs: number;
  readonly places: FairPlaces;
}

function dialectFor(connections: Connections, work: Work): Dialect {
  const { pool, disk } = connections;
  return new PostgresDialect({
    pool: {
      connect: () => takeConnection(connections, work).catch(disk.rethrow),
      end: () => pool.end(),
    } as pg.Pool,
  });
}

async function takeConnection(
  { pool, max, patienceMs, places }: Connections,
  work: Work,
): Promise<pg.PoolClient> {
  const { organizationId, greed, signal } = work;
  const owner = organizationId ?? '';
  const giveBack = await places
    .take(
      { owner, greed },
      {
        ms: patienceMs,
        signal,
        refusal: () =>
          organizationId === null
            ? databaseUnavailable()
            : databaseBusy(places.heldBy(organizationId), max),
      },
    )
    .catch((error: unknown) => {
      throw signal?.aborted ? clientGone() : error;
    });
  try {
    const client = (await pool.connect()) as pg.PoolClient & WatchedClient;
    const release = client.release.bind(client);
    client.work = work;
    client.release = (broken) => {
      const isSpoiled = client.isSpoiled;
      client.work = serversWork;
      release(broken || isSpoiled);
      giveBack();
    };
    return client;
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** What a client needs besides the connection's configuration. */
interface Watchers {
  readonly heartbeat: Heartbeat;
  readonly clock: TurnClock;
  readonly disk: FullDisk;
  readonly names: StatementNames;
}

/**
 * Prepares the statements that have a name, reports each query to the pool's heartbeat, and each
 * failure to the pool's disk state. Ends a query that takes too long, or for which nobody waits.
 */
class WatchedClient extends pg.Client {
  /** For whom the connection works while it is taken. */
  work: Work = serversWork;
  /** Whether a request to cancel was sent, which may still arrive: the connection is to be closed. */
  isSpoiled = false;
  readonly #config: pg.ClientConfig;
  readonly #clock: TurnClock;
  readonly #heartbeat: Heartbeat;
  readonly #disk: FullDisk;
  readonly #names: StatementNames;

  constructor(config: pg.ClientConfig & Watchers) {
    super(config);
    this.#config = config;
    this.#clock = config.clock;
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
    const stopWaiting = this.#clock.after(connectTimeoutMs, () =>
      socketOf(this).destroy(new Error('Connection terminated due to connection timeout')),
    );
    super.connect((error: Error | undefined) => {
      stopWaiting();
      callback(error);
    });
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
    const { limit, signal } = this.work;
    if (signal?.aborted) return Promise.reject(clientGone());
    const [text, values, ...rest] = args;
    const name = typeof text === 'string' ? this.#names.nameFor(text) : undefined;
    const pending =
      name === undefined
        ? super.query(...(args as [string]))
        : super.query({ name, text, values }, ...(rest as []));
    const promise: unknown = pending;
    if (!(promise instanceof Promise)) return pending;
    const cancel = () => this.#cancel();
    const ended = this.#heartbeat.begin(limit?.ms, cancel);
    signal?.addEventListener('abort', cancel);
    return promise
      .catch((error: unknown) => {
        if (this.isSpoiled && isCancelled(error)) {
          throw signal?.aborted || !limit ? clientGone() : queryTooSlow(limit);
        }
        return name === undefined ? this.#disk.rethrow(error) : this.#againIfLost(args, error);
      })
      .finally(() => {
        ended();
        signal?.removeEventListener('abort', cancel);
      });
  }

  #cancel(): void {
    if (this.isSpoiled) return;
    this.isSpoiled = true;
    cancelQuery(this.#config, this);
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
