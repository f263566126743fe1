import pg from 'pg';
import { socketOf } from './driver-socket.ts';

/** Milliseconds between two looks at what is under way. */
const lookIntervalMs = 500;
/** Milliseconds that a query may take before it is asked whether the database lives. */
const patienceMs = 1_000;

/** A query that is under way. */
interface UnderWay {
  readonly since: number;
}

/**
 * Watches over the connections of a pool. A database that crashes closes them. One that is frozen, or
 * behind a network that swallows everything, leaves them as they are, and who waits for an answer
 * would wait for good. So when a query takes long, the database is asked for a new connection. If it
 * does not give one, those of the pool are broken, and it hands out none until the database does.
 */
export class Heartbeat {
  readonly #askForConnection: () => Promise<'answered' | 'silent'>;
  readonly #tell: (isSilent: boolean) => void;
  readonly #clients = new Set<pg.Client>();
  /** In the order in which they began. */
  readonly #queries = new Set<UnderWay>();
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;
  #isSilent = false;

  /**
   * @param config how to connect; `connectionTimeoutMillis` is how long the database may take.
   * @param tell told when the database falls silent, and when it answers again.
   */
  constructor(config: pg.ClientConfig, tell: (isSilent: boolean) => void) {
    this.#askForConnection = () => askForConnection(config);
    this.#tell = tell;
    this.#timer = setInterval(() => void this.#look(), lookIntervalMs).unref();
  }

  /** Whether the database did not answer when it was last asked: nobody should wait for it. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Watches over a connection, from before it is made until it ends. */
  watch(client: pg.Client): void {
    this.#clients.add(client);
    client.once('end', () => this.#clients.delete(client));
  }

  /** Notes that a query begins; call what it returns when that has ended. */
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
      this.#tell(isSilent);
    }
  }
}

/** A refusal is an answer too: whoever is connected is not kept waiting then. */
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
