import { Outboxes } from '../events/outboxes.ts';
import { Leases } from '../leases/leases.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Run, RunKeeper } from './run.ts';

/** The runs that this process drives: their leases are kept, and what they tell is written. */
export class HeldRuns implements RunKeeper {
  readonly leases: Leases;
  readonly #outboxes: Outboxes;
  readonly #runs = new Set<Run>();

  constructor(parts: EngineParts) {
    this.leases = new Leases(parts);
    this.#outboxes = new Outboxes(parts);
  }

  /**
   * Holds a run until what is returned is called.
   *
   * @param lost is called when another process has taken the run.
   */
  hold(run: Run, lost: (error: Error) => void): () => void {
    const release = [this.leases.hold(run, lost), this.#outboxes.add(run.outbox)];
    this.#runs.add(run);
    return () => {
      this.#runs.delete(run);
      for (const each of release) each();
    };
  }

  /** Writes what runs have told since their last steps. */
  flush(): Promise<void> {
    return this.#outboxes.flush();
  }

  /**
   * Gives runs up, so that another process can drive them at once. What they told is written first:
   * a reader elsewhere would miss it otherwise.
   */
  async giveUp(runs: readonly Run[]): Promise<void> {
    await this.#outboxes.empty(runs.map(({ outbox }) => outbox));
    await this.leases.release(runs);
  }

  /**
   * Gives up everything.
   *
   * @param end ends what is done for the runs.
   */
  async stop(end: () => Promise<void>): Promise<void> {
    // Read before `end`: a run whose driving ends is no longer held, but its lease must be given up.
    const runs = [...this.#runs];
    await end();
    await this.#outboxes.stop();
    await this.leases.stop();
    if (runs.length > 0) await this.giveUp(runs);
  }
}
