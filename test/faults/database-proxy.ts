import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net';
import { MessageReader, type Unit, UnitReader } from './postgres-wire.ts';

/** A moment before or after a write. */
export interface Boundary {
  /** The number of the write, counted from 1 since the trap was set. */
  readonly number: number;
  /**
   * `before`: Postgres has not received it; `after`: it is committed, but the server does not know
   * yet.
   */
  readonly side: 'before' | 'after';
  /** Counts only writes that contain this id. */
  readonly of?: string | undefined;
}

/** The fate of the message at a boundary: it is passed on, or dropped. */
export type Verdict = 'pass' | 'withhold';

/** A fault that happens once, at any of the proxies where it is set. */
export interface Trap {
  readonly boundary: Boundary;
  /** Called with the server whose write reached the boundary. */
  readonly spring: (slot: number) => Verdict;
  /** How many writes are left before it happens. */
  left: number;
}

/** Counts a write; returns the traps to spring before it and after it. */
type CountWrite = (write: Buffer) => { readonly before: Trap[]; readonly after: Trap[] };

/** A proxy between one server and Postgres: counts commits, and can fail at each of them. */
export interface DatabaseProxy {
  readonly port: number;
  disarm(): void;
  /** Sets a trap; when several proxies have it, their writes are counted together. */
  set(trap: Trap): void;
  /** Breaks every connection. */
  drop(): void;
  /** Refuses new connections, and breaks the existing ones. */
  refuse(isRefusing: boolean): void;
  /** Holds back all data in both directions, like a cut network; connections stay open. */
  hold(isHolding: boolean): void;
  close(): Promise<void>;
}

/**
 * @param slot the number of its server.
 * @param socketPath the socket of Postgres.
 */
export async function startDatabaseProxy(slot: number, socketPath: string): Promise<DatabaseProxy> {
  const links = new Set<Link>();
  let traps: Trap[] = [];
  let isRefusing = false;
  let isHolding = false;

  const countWrite: CountWrite = (bytes) => {
    for (const trap of traps) {
      const { of } = trap.boundary;
      if (of === undefined || bytes.includes(of)) trap.left -= 1;
    }
    const here = traps.filter((trap) => trap.left === 0);
    for (const trap of here) trap.left = Number.NEGATIVE_INFINITY;
    traps = traps.filter(({ left }) => left > 0);
    return {
      before: here.filter(({ boundary: { side } }) => side === 'before'),
      after: here.filter(({ boundary: { side } }) => side === 'after'),
    };
  };

  const server: Server = createServer((client) => {
    if (isRefusing) return void client.destroy();
    const link = new Link(client, createConnection(socketPath), slot, countWrite);
    links.add(link);
    link.hold(isHolding);
    client.once('close', () => links.delete(link));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const drop = () => {
    for (const link of links) link.end();
  };
  return {
    port: (server.address() as AddressInfo).port,
    disarm() {
      traps = [];
    },
    set(trap) {
      traps.push(trap);
    },
    drop,
    refuse(refusing) {
      isRefusing = refusing;
      if (refusing) drop();
    },
    hold(holding) {
      isHolding = holding;
      for (const link of links) link.hold(holding);
    },
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One connection of a server to Postgres. */
class Link {
  readonly #client: Socket;
  readonly #postgres: Socket;
  readonly #slot: number;
  readonly #countWrite: CountWrite;
  readonly #units = new UnitReader();
  readonly #answers = new MessageReader(false);
  #isHolding = false;
  #held: (() => void)[] = [];
  /** The writes of the open transaction; undefined outside of one. */
  #transaction: Buffer[] | undefined;
  /** The traps to spring when the current write has been committed. */
  #after: Trap[] = [];
  #answer: Buffer[] = [];

  constructor(client: Socket, postgres: Socket, slot: number, countWrite: CountWrite) {
    this.#slot = slot;
    this.#client = client;
    this.#postgres = postgres;
    this.#countWrite = countWrite;
    client.setNoDelay(true);
    for (const socket of [client, postgres]) {
      socket.on('error', () => undefined);
      socket.once('close', () => this.end());
    }
    client.on('data', (bytes) => {
      for (const unit of this.#units.read(bytes)) this.#do(() => this.#ask(unit));
    });
    postgres.on('data', (bytes) => this.#do(() => this.#reply(bytes)));
  }

  end(): void {
    this.#client.destroy();
    this.#postgres.destroy();
  }

  hold(isHolding: boolean): void {
    this.#isHolding = isHolding;
    if (isHolding) return;
    const held = this.#held;
    this.#held = [];
    for (const act of held) this.#do(act);
  }

  #do(act: () => void): void {
    if (this.#isHolding) this.#held.push(act);
    else act();
  }

  #ask(unit: Unit): void {
    const { bytes } = unit;
    const written = this.#committedBy(unit);
    if (written) {
      const { before, after } = this.#countWrite(written);
      const verdicts = before.map(({ spring }) => spring(this.#slot));
      if (verdicts.includes('withhold')) return;
      this.#after = after;
    }
    // A trap that has just been sprung may have cut the connection.
    this.#do(() => this.#postgres.write(bytes));
  }

  /** What Postgres commits of runs with this message; undefined when nothing. */
  #committedBy({ bytes, text }: Unit): Buffer | undefined {
    if (/^\s*(begin|start transaction)\b/i.test(text)) {
      this.#transaction = [];
      return undefined;
    }
    if (/^\s*(commit|rollback)\b/i.test(text)) {
      const written = this.#transaction ?? [];
      this.#transaction = undefined;
      return written.length > 0 && /^\s*commit/i.test(text) ? Buffer.concat(written) : undefined;
    }
    if (!isStep(text)) return undefined;
    if (!this.#transaction) return bytes;
    this.#transaction.push(bytes);
    return undefined;
  }

  #reply(bytes: Buffer): void {
    if (this.#after.length === 0) return void this.#client.write(bytes);
    this.#answer.push(bytes);
    const isReady = this.#answers.read(bytes).some(({ type }) => type === 'Z');
    if (!isReady) return;
    const traps = this.#after;
    const answer = Buffer.concat(this.#answer);
    this.#after = [];
    this.#answer = [];
    if (traps.map(({ spring }) => spring(this.#slot)).includes('withhold')) return;
    this.#do(() => this.#client.write(answer));
  }
}

/**
 * Whether a statement writes a step of a run. Writes at times of a server's own choosing do not
 * count, since boundaries could not be repeated then: pieces of streams, renewals of leases,
 * searches for expired leases, cleanup.
 */
function isStep(text: string): boolean {
  const isOfRuns = /\b(INSERT INTO|UPDATE|DELETE FROM) (log|turn|run)\b/.test(text);
  return (
    isOfRuns && !/lease_expires_at <|^UPDATE run SET lease_expires|written_at </.test(bare(text))
  );
}

/** The statement without its leading comment. */
function bare(text: string): string {
  return text.replace(/^\/\* hot \*\/\s*/, '').trim();
}
