import { Outboxes } from '../events/outboxes.ts';
import { Leases } from '../leases/leases.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Run, RunKeeper } from './run.ts';
import { RunsUnderWay } from './runs-under-way.ts';

/**
 * The runs that this process drives. Their leases are renewed and their events are written while
 * they are held.
 */
export class HeldRuns implements RunKeeper {
  readonly leases: Leases;
  readonly underWay = new RunsUnderWay();
  readonly #outboxes: Outboxes;
  readonly #runs = new Set<Run>();

  constructor(parts: EngineParts) {
    this.leases = new Leases(parts);
    this.#outboxes = new Outboxes(parts);
  }

  /**
   * Holds a run.
   *
   * @param lost is called when another process has taken the run.
   * @returns a function that stops holding the run.
   */
  hold(run: Run, lost: (error: Error) => void): () => void {
    const release = [
      this.leases.hold(run, lost),
      this.#outboxes.add(run.outbox),
      this.underWay.add(run.workspace.organizationId),
    ];
    this.#runs.add(run);
    return () => {
      this.#runs.delete(run);
      for (const each of release) each();
    };
  }

  /** Writes the events that runs emitted since their last steps. */
  flush(): Promise<void> {
    return this.#outboxes.flush();
  }

  /**
   * Releases runs, so that another process can take them over at once. Their events are written
   * first, because a reader elsewhere would miss them otherwise.
   */
  async release(runs: readonly Run[]): Promise<void> {
    await this.#outboxes.empty(runs.map(({ outbox }) => outbox));
    await this.leases.release(runs);
  }

  /**
   * Releases all runs.
   *
   * @param end ends the work of this process on the runs.
   */
  async stop(end: () => Promise<void>): Promise<void> {
    // Read the runs before calling `end`: a run whose work has ended is no longer held, but its
    // lease must still be released.
    const runs = [...this.#runs];
    await end();
    await this.#outboxes.stop();
    await this.leases.stop();
    if (runs.length > 0) await this.release(runs);
  }
}
