import type { Database } from '../../database/database.ts';
import { newId } from '../../kernel/ids.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { writeEvents } from '../events/event-queries.ts';
import type { NumberedStoredEvent } from '../events/stored-event.ts';
import { leaseLost } from '../runs/errors.ts';
import type { RuntimeParts } from '../runs/runtime-parts.ts';
import {
  type HeldLease,
  type Lease,
  type LeaseHolder,
  lostLeases,
  releaseLeases,
  renewLeases,
} from './lease-queries.ts';

/** Milliseconds after which events are written that no step took along: how late a reader elsewhere is. */
const flushIntervalMs = 100;
/** Milliseconds between two looks whether a run has been taken away: how long a cancelled one goes on elsewhere. */
const lookIntervalMs = 1_000;

/** A run, as far as keeping its lease needs it. */
export interface LeasedRun {
  readonly workspace: { readonly organizationId: string };
  readonly lease: Lease;
  /** The number of the last event that it told. */
  readonly eventCount: number;
  readonly unwritten: readonly NumberedStoredEvent[];
  takeUnwritten(): readonly NumberedStoredEvent[];
  putBack(events: readonly NumberedStoredEvent[]): void;
  /** Set while events are on their way to the disk. */
  flushing: Promise<void> | undefined;
}

type LeasesParts = Pick<RuntimeParts, 'database' | 'leaseDatabase' | 'logger' | 'leaseSeconds'>;

interface Held {
  readonly run: LeasedRun;
  readonly lost: (error: Error) => void;
}

/**
 * The leases that this process holds: they are renewed while their runs are under way, and what
 * those tell between two steps is written for readers elsewhere.
 */
export class Leases implements LeaseHolder {
  /** This process, in the leases it holds. */
  readonly owner = newId('own');
  readonly leaseSeconds: number;
  readonly #database: Database;
  readonly #leaseDatabase: Database;
  readonly #held = new Set<Held>();
  readonly #periodic: readonly Periodic[];

  constructor({ database, leaseDatabase, logger, leaseSeconds }: LeasesParts) {
    this.#database = database;
    this.#leaseDatabase = leaseDatabase;
    this.leaseSeconds = leaseSeconds;
    const every = (ms: number, work: () => Promise<void>, complaint: string) =>
      new Periodic(ms, work, { logger, complaint });
    this.#periodic = [
      every((leaseSeconds * 1_000) / 3, () => this.#renew(), 'Leases could not be renewed.'),
      every(lookIntervalMs, () => this.#look(), 'Leases could not be looked over.'),
      every(flushIntervalMs, () => this.flush(), 'Events could not be written.'),
    ];
  }

  /**
   * Keeps a run's lease until what is returned is called.
   *
   * @param lost is told when somebody else has it.
   */
  hold(run: LeasedRun, lost: (error: Error) => void): () => void {
    const held = { run, lost };
    this.#held.add(held);
    return () => this.#held.delete(held);
  }

  /** What is held now. */
  get held(): readonly HeldLease[] {
    return [...this.#held].map(({ run }) => leaseOf(run));
  }

  /** Writes what runs have told since their last step. */
  flush(): Promise<void> {
    return this.#write([...this.#held].map(({ run }) => run));
  }

  async #write(runs: readonly LeasedRun[]): Promise<void> {
    const telling = runs.filter(({ unwritten }) => unwritten.length > 0);
    const groups = Map.groupBy(telling, ({ workspace }) => workspace.organizationId);
    await Promise.all([...groups].map(([id, group]) => this.#writeGroup(id, group)));
  }

  async #writeGroup(organizationId: string, runs: readonly LeasedRun[]): Promise<void> {
    const told = runs.map((run) => ({ run, events: run.takeUnwritten() }));
    const writing = writeEvents(
      { organizationId, db: this.#database.db },
      told.map(({ run: { lease }, events }) => ({ lease, events })),
    );
    for (const { run } of told) run.flushing = writing.catch(() => undefined);
    try {
      await writing;
    } catch (error) {
      for (const { run, events } of told) run.putBack(events);
      throw error;
    }
  }

  /**
   * Gives up everything, so that another process can go on with it at once.
   *
   * @param end ends what is done for the runs. What they told until then is written first, so that
   *   nothing is missing when they go on.
   */
  async stop(end: () => Promise<void>): Promise<void> {
    const runs = [...this.#held].map(({ run }) => run);
    await end();
    for (const periodic of this.#periodic) await periodic.stop();
    if (runs.length > 0) await this.giveUp(runs);
  }

  /** Writes what runs have told, and gives up their leases. */
  async giveUp(runs: readonly LeasedRun[]): Promise<void> {
    await this.#write(runs);
    await releaseLeases(
      this.#leaseDatabase,
      runs.map((run) => ({ ...leaseOf(run), eventCount: run.eventCount })),
    );
  }

  async #renew(): Promise<void> {
    if (this.#held.size > 0) await renewLeases(this.#leaseDatabase, this, this.held);
  }

  async #look(): Promise<void> {
    if (this.#held.size === 0) return;
    const before = [...this.#held];
    const lost = await lostLeases(
      this.#leaseDatabase,
      before.map(({ run }) => leaseOf(run)),
    );
    if (lost.length === 0) return;
    const keys = new Set(lost.map(keyOf));
    for (const held of before) {
      // One that has come to rest in between is not lost, but done.
      if (!this.#held.has(held) || !keys.has(keyOf(leaseOf(held.run)))) continue;
      held.lost(leaseLost(held.run.lease.logId));
    }
  }
}

function leaseOf({ workspace: { organizationId }, lease }: LeasedRun): HeldLease {
  return { organizationId, ...lease };
}

function keyOf({ organizationId, logId, token }: HeldLease): string {
  return `${organizationId} ${token} ${logId}`;
}
