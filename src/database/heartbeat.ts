import pg from 'pg';
import { socketOf } from './driver-socket.ts';

/** Milliseconds between two checks of the running queries. */
const lookIntervalMs = 500;
/** Milliseconds that a query may run before the heartbeat asks whether the database is alive. */
const patienceMs = 1_000;

interface UnderWay {
  readonly since: number;
}

/**
 * Watches the connections of a pool. A database that crashes closes its connections; one that is
 * frozen, or behind a network that drops packets, leaves them open, and a caller would wait
 * forever.
 *
 * So when a query takes long, the heartbeat opens a new connection. If the database does not
 * answer, the heartbeat breaks all connections of the pool, and the pool gives out none until the
 * database answers.
 */
export class Heartbeat {
  readonly #askForConnection: () => Promise<'answered' | 'silent'>;
  readonly #onChange: (isSilent: boolean) => void;
  readonly #clients = new Set<pg.Client>();
  /** In the order in which they began. */
  readonly #queries = new Set<UnderWay>();
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;
  #isSilent = false;

  /**
   * @param config how to connect; `connectionTimeoutMillis` is how long the database may take to
   *   answer.
   * @param onChange called with true when the database stops answering, and with false when it answers
   *   again.
   */
  constructor(config: pg.ClientConfig, onChange: (isSilent: boolean) => void) {
    this.#askForConnection = () => askForConnection(config);
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

  /** Records that a query begins. Call the returned function when the query has ended. */
  begin(): () => void {
    const query = { since: performance.now() };
    this.#queries.add(query);
    return () => this.#queries.delete(query);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const [oldest] = this.#queries;
    const isLate = oldest !== undefined && performance.now() - oldest.since > patienceMs;
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
async function askForConnection(config: pg.ClientConfig): Promise<'answered' | 'silent'> {
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  try {
    await client.connect();
    void client.end().catch(() => undefined);
    return 'answered';
  } catch (error) {
    socketOf(client).destroy();
    return /timeout/i.test((error as Error).message) ? 'silent' : 'answered';
  }
}
