import type { Database } from '../../database/database.ts';
import { assert } from '../../kernel/assert.ts';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { type HeldLease, type Lease, type LeaseHolder, LeaseLost } from './lease.ts';
import { lostLeases, releaseLeases, renewLeases } from './lease-queries.ts';

/** Milliseconds between two looks whether a run has been taken away: how long a cancelled one goes on elsewhere. */
const lookIntervalMs = 1_000;

/** A run, as far as keeping its lease needs it. */
export interface LeasedRun {
  readonly workspace: { readonly organizationId: string };
  readonly lease: Lease;
  /** The number of the last event that it told. */
  readonly eventCount: number;
}

interface LeasesParts {
  readonly leaseDatabase: Database;
  readonly logger: Logger;
  readonly leaseSeconds: number;
}

interface Held {
  readonly run: LeasedRun;
  readonly lost: (error: LeaseLost) => void;
}

/** The leases that this process holds: they are renewed while their runs are under way. */
export class Leases implements LeaseHolder {
  /** This process, in the leases it holds. */
  readonly owner = newId('own');
  readonly leaseSeconds: number;
  readonly #database: Database;
  readonly #held = new Map<string, Held>();
  readonly #periodic: readonly Periodic[];

  constructor({ leaseDatabase, logger, leaseSeconds }: LeasesParts) {
    this.#database = leaseDatabase;
    this.leaseSeconds = leaseSeconds;
    const every = (ms: number, work: () => Promise<void>, complaint: string) =>
      new Periodic(ms, work, { logger, complaint });
    this.#periodic = [
      every((leaseSeconds * 1_000) / 3, () => this.#renew(), 'Leases could not be renewed.'),
      every(lookIntervalMs, () => this.#look(), 'Leases could not be checked.'),
    ];
  }

  /**
   * Keeps a run's lease until what is returned is called. A second drive under the same lease is
   * refused (R6): both would write, and neither would be fenced off.
   *
   * @param lost is called when another process has taken the run.
   */
  hold(run: LeasedRun, lost: (error: LeaseLost) => void): () => void {
    const key = keyOf(leaseOf(run));
    assert(!this.#held.has(key), `The run of log ${run.lease.logId} is driven twice.`);
    this.#held.set(key, { run, lost });
    return () => this.#held.delete(key);
  }

  /** What is held now. */
  get held(): readonly HeldLease[] {
    return [...this.#held.values()].map(({ run }) => leaseOf(run));
  }

  /** Gives up the leases of runs, so that another process can drive them at once. */
  async release(runs: readonly LeasedRun[]): Promise<void> {
    await releaseLeases(
      this.#database,
      runs.map((run) => ({ ...leaseOf(run), eventCount: run.eventCount })),
    );
  }

  /** Renews no more. */
  async stop(): Promise<void> {
    for (const periodic of this.#periodic) await periodic.stop();
  }

  async #renew(): Promise<void> {
    if (this.#held.size > 0) await renewLeases(this.#database, this, this.held);
  }

  async #look(): Promise<void> {
    if (this.#held.size === 0) return;
    for (const lease of await lostLeases(this.#database, this.held)) {
      // Not held any more: the run came to rest while the statement ran, and lost nothing.
      this.#held.get(keyOf(lease))?.lost(new LeaseLost(lease.logId));
    }
  }
}

function leaseOf({ workspace: { organizationId }, lease }: LeasedRun): HeldLease {
  return { organizationId, ...lease };
}

function keyOf({ organizationId, logId, token }: HeldLease): string {
  return `${organizationId} ${token} ${logId}`;
}
