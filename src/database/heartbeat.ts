import pg from 'pg';
import type { TurnClock } from '../kernel/turn-clock.ts';
import { socketOf } from './driver-socket.ts';

/** Milliseconds between two checks of the running queries. */
const lookIntervalMs = 500;
/** Milliseconds that a query may run before the heartbeat asks whether the database is alive. */
const patienceMs = 1_000;

/** Milliseconds that the database may take to answer a new connection. */
export const connectTimeoutMs = 5_000;

interface UnderWay {
  readonly since: number;
  /** When the query is to be ended; undefined: never. */
  readonly until: number | undefined;
  readonly end: () => void;
}

/**
 * Watches the connections of a pool. A database that crashes closes its connections; one that is
 * frozen, or behind a network that drops packets, leaves them open, and a caller would wait
 * forever.
 *
 * So when a query takes long, the heartbeat opens a new connection. If the database does not
 * answer, the heartbeat breaks all connections of the pool, and the pool gives out none until the
 * database answers. It waits by the turns of the event loop, since an answer that a busy process has
 * not read yet is an answer.
 *
 * It also ends queries that take longer than they may.
 */
export class Heartbeat {
  readonly #askForConnection: () => Promise<'answered' | 'silent'>;
  readonly #onChange: (isSilent: boolean) => void;
  readonly #clients = new Set<pg.Client>();
  readonly #clock: TurnClock;
  /** In the order in which they began. */
  readonly #queries = new Set<UnderWay>();
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;
  #isSilent = false;

  /**
   * @param config how to connect.
   * @param onChange called with true when the database stops answering, and with false when it answers
   *   again.
   */
  constructor(config: pg.ClientConfig, clock: TurnClock, onChange: (isSilent: boolean) => void) {
    this.#askForConnection = () => askForConnection(config, clock);
    this.#clock = clock;
    this.#onChange = onChange;
    this.#timer = setInterval(() => void this.#look(), lookIntervalMs).unref();
  }

  /**
   * True when the database did not answer the last check: callers fail at once instead of waiting.
   */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Watches a connection from before it is made until it ends. */
  watch(client: pg.Client): void {
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
  }

  /**
   * Records that a query begins. Call the returned function when the query has ended.
   *
   * @param limitMs after which `end` is called.
   */
  begin(limitMs: number | undefined, end: () => void): () => void {
    const since = this.#clock.now;
    const until = limitMs === undefined ? undefined : performance.now() + limitMs;
    const query = { since, until, end };
    this.#queries.add(query);
    return () => this.#queries.delete(query);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const now = performance.now();
    for (const { until = Infinity, end } of this.#queries) if (until <= now) end();
    const [oldest] = this.#queries;
    const isLate = oldest !== undefined && this.#clock.now - oldest.since > patienceMs;
    if (this.#isAsking || !(isLate || this.#isSilent)) return;
    this.#isAsking = true;
    const isSilent = (await this.#askForConnection()) === 'silent';
    this.#isAsking = false;
    if (isSilent) for (const client of this.#clients) socketOf(client).destroy();
    if (isSilent !== this.#isSilent) {
      this.#isSilent = isSilent;
      this.#onChange(isSilent);
    }
  }
}

/** A refusal is an answer too: then the database is alive, and its open connections are kept. */
async function askForConnection(
  config: pg.ClientConfig,
  clock: TurnClock,
): Promise<'answered' | 'silent'> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  let isSilent = false;
  const stopWaiting = clock.after(connectTimeoutMs, () => {
    isSilent = true;
    socketOf(client).destroy();
  });
  try {
    await client.connect();
    void client.end().catch(() => undefined);
  } catch {
    socketOf(client).destroy();
  } finally {
    stopWaiting();
  }
  return isSilent ? 'silent' : 'answered';
}
