import type { Database } from '../../database/database.ts';
import { Periodic } from '../../kernel/periodic.ts';
import type { EngineParts } from '../../runtime/runs/engine-parts.ts';
import { type ClaimedTask, type HeldTask, listHeldTasks, renewTasks } from './claim-queries.ts';
import type { Lane } from './next-queue.ts';

/** Milliseconds between two looks for tasks that were taken away. */
const checkIntervalMs = 1_000;

/** Tasks of one evaluator version that are being judged together. */
export interface Batch {
  readonly organizationId: string;
  readonly lane: Lane;
  readonly tasks: readonly ClaimedTask[];
  /** Aborted when none of the tasks is held any more, or when the server stops. */
  readonly control: AbortController;
}

/** The batches that this process judges. The leases of their tasks are renewed while they are here. */
export class HeldBatches {
  readonly #database: Database;
  readonly #leaseSeconds: number;
  readonly #batches = new Set<Batch>();
  readonly #periodic: readonly Periodic[];

  constructor({ leaseDatabase, leaseSeconds, logger }: EngineParts) {
    this.#database = leaseDatabase;
    this.#leaseSeconds = leaseSeconds;
    const every = (ms: number, work: () => Promise<void>, complaint: string) =>
      new Periodic(ms, work, { logger, complaint });
    this.#periodic = [
      every(checkIntervalMs, () => this.#check(), 'Leases of judgments could not be checked.'),
      every(
        (leaseSeconds * 1_000) / 3,
        () => this.#renew(),
        'Leases of judgments could not be renewed.',
      ),
    ];
  }

  add(batch: Batch): void {
    this.#batches.add(batch);
  }

  delete(batch: Batch): void {
    this.#batches.delete(batch);
  }

  /** How many batches there are, of an organization and in a lane if these are given. */
  count(lane?: Lane, organizationId?: string): number {
    return [...this.#batches].filter(
      (batch) =>
        (lane === undefined || batch.lane === lane) &&
        (organizationId === undefined || batch.organizationId === organizationId),
    ).length;
  }

  /** Stops renewing the leases, and aborts the work on all batches. */
  async stop(): Promise<void> {
    for (const periodic of this.#periodic) await periodic.stop();
    for (const { control } of this.#batches) control.abort();
  }

  async #renew(): Promise<void> {
    if (this.#batches.size > 0) {
      await renewTasks(this.#database, this.#tasks, this.#leaseSeconds);
    }
  }

  /** Aborts the work on batches of which no task is held any more. */
  async #check(): Promise<void> {
    if (this.#batches.size === 0) return;
    const batches = [...this.#batches];
    const held = new Set((await listHeldTasks(this.#database, this.#tasks)).map(keyOf));
    for (const { tasks, control } of batches) {
      if (!tasks.some((task) => held.has(keyOf(task)))) control.abort();
    }
  }

  get #tasks(): readonly ClaimedTask[] {
    return [...this.#batches].flatMap(({ tasks }) => tasks);
  }
}

function keyOf({ organizationId, logId, versionId, token }: HeldTask): string {
  return JSON.stringify([organizationId, logId, versionId, token]);
}
