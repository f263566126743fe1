import type { Database } from '../../database/database.ts';
import { assert } from '../../kernel/assert.ts';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { Periodic } from '../../kernel/periodic.ts';
import { type HeldLease, type Lease, type LeaseHolder, LeaseLost } from './lease.ts';
import { lostLeases, releaseLeases, renewLeases } from './lease-queries.ts';

/**
 * Milliseconds between two checks for lost leases. A run that another process cancelled goes on
 * here for at most this long.
 */
const checkIntervalMs = 1_000;

/** What `Leases` needs to know of a run. */
export interface LeasedRun {
  readonly workspace: { readonly organizationId: string };
  readonly lease: Lease;
  /** The number of the last event that the run emitted. */
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

/** The leases that this process holds. It renews each until its run comes to rest. */
export class Leases implements LeaseHolder {
  /** The id of this process. */
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
      every(checkIntervalMs, () => this.#check(), 'Leases could not be checked.'),
    ];
  }

  /**
   * Holds and renews a run's lease. A second drive under the same lease is refused (R6): both
   * drives would write, and the token would stop neither.
   *
   * @param lost is called when another process has taken the run.
   * @returns a function that stops holding the lease.
   */
  hold(run: LeasedRun, lost: (error: LeaseLost) => void): () => void {
    const key = keyOf(leaseOf(run));
    assert(!this.#held.has(key), `The run of log ${run.lease.logId} is driven twice.`);
    this.#held.set(key, { run, lost });
    return () => this.#held.delete(key);
  }

  /** The leases held at this moment. */
  get held(): readonly HeldLease[] {
    return [...this.#held.values()].map(({ run }) => leaseOf(run));
  }

  /** Releases the leases of runs, so that another process can take the runs over at once. */
  async release(runs: readonly LeasedRun[]): Promise<void> {
    await releaseLeases(
      this.#database,
      runs.map((run) => ({ ...leaseOf(run), eventCount: run.eventCount })),
    );
  }

  /** Stops renewing and checking leases. */
  async stop(): Promise<void> {
    for (const periodic of this.#periodic) await periodic.stop();
  }

  async #renew(): Promise<void> {
    if (this.#held.size > 0) await renewLeases(this.#database, this, this.held);
  }

  async #check(): Promise<void> {
    if (this.#held.size === 0) return;
    for (const lease of await lostLeases(this.#database, this.held)) {
      // Skip a lease that is no longer held: its run came to rest while the statement ran, so the
      // missing row is no loss.
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
