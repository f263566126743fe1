import type { Workspace } from '../database/workspace.ts';
import { newId } from '../kernel/ids.ts';
import { errorFields } from '../kernel/logger.ts';
import { serverStopping } from './errors.ts';
import { expireSealedRuns, releaseLeases, renewLeases } from './lease-queries.ts';
import { LiveRun, type ReadableRun } from './live-run.ts';
import { Run, type RunOptions } from './run.ts';
import { RunCancelled } from './run-cancelled.ts';
import type { Happening, RunOutcome } from './run-event.ts';
import type { RuntimeParts } from './runtime-parts.ts';
import { sealedHours } from './sealed-conversation.ts';
import { storedRun } from './stored-run.ts';

/** Milliseconds between two renewals of the leases of this process: a third of their length. */
const renewIntervalMs = 5_000;
const expiryIntervalMs = 600_000;

/**
 * The runs that this process drives: it holds their leases while they are under way, and gives
 * them up when it stops.
 */
export class Runtime {
  readonly parts: RuntimeParts;
  /** This process, in the leases it holds. */
  readonly owner = newId('own');
  readonly #live = new Map<string, { readonly live: LiveRun; readonly control: AbortController }>();
  readonly #stopping = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(parts: RuntimeParts) {
    this.parts = parts;
    this.#timers = [
      setInterval(() => void this.#renew(), renewIntervalMs).unref(),
      setInterval(() => void this.#expire(), expiryIntervalMs).unref(),
    ];
  }

  /**
   * Drives a run from here on, whoever reads it.
   *
   * @param begin the steps that are left of it.
   * @param giveUp ends the run for good when it fires; without one, only a stop of the server does.
   */
  drive(
    options: Omit<RunOptions, 'parts' | 'owner' | 'signal' | 'ancestors'>,
    begin: (run: Run) => AsyncGenerator<Happening, RunOutcome>,
    giveUp?: AbortSignal,
  ): ReadableRun {
    const control = new AbortController();
    const cancel = () => control.abort(new RunCancelled());
    giveUp?.addEventListener('abort', cancel, { once: true });
    if (giveUp?.aborted) cancel();
    const { owner, parts } = this;
    const run = new Run({
      ...options,
      parts,
      owner,
      signal: control.signal,
      ancestors: [],
    });
    const live = new LiveRun(run, begin(run));
    const key = keyOf(options.workspace, live.logId);
    this.#live.set(key, { live, control });
    const forget = () => {
      giveUp?.removeEventListener('abort', cancel);
      if (this.#live.get(key)?.live === live) this.#live.delete(key);
    };
    live.outcome.then(forget, forget);
    return live;
  }

  /** A run to read, wherever it is driven. */
  find(workspace: Workspace, logId: string): ReadableRun {
    return (
      this.#live.get(keyOf(workspace, logId))?.live ??
      storedRun(workspace, logId, this.#stopping.signal)
    );
  }

  /** @throws `server_stopping` (unavailable) when no new run may begin. */
  requireRunning(): void {
    if (this.#stopping.signal.aborted) throw serverStopping();
  }

  /** How many runs this process drives. */
  get size(): number {
    return this.#live.size;
  }

  /**
   * Stops driving: gives up the leases at once, so that another process can take the runs over,
   * and ends what this one still does for them.
   */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const runs = [...this.#live.values()];
    this.#stopping.abort(serverStopping());
    for (const { control } of runs) control.abort(serverStopping());
    await releaseLeases(this.parts.database, this.owner).catch((error) => {
      this.parts.logger.warn(errorFields(error), 'Leases could not be released; they run out.');
    });
    await Promise.allSettled(runs.map(({ live }) => live.outcome));
  }

  async #renew(): Promise<void> {
    if (this.#live.size === 0) return;
    await renewLeases(this.parts.database, this.owner).catch((error) => {
      this.parts.logger.warn(
        errorFields(error),
        'Leases could not be renewed; they are tried again.',
      );
    });
  }

  async #expire(): Promise<void> {
    await expireSealedRuns(this.parts.database, sealedHours).catch((error) => {
      this.parts.logger.warn(errorFields(error), 'Sealed conversations could not be looked over.');
    });
  }
}

function keyOf({ organizationId }: Workspace, logId: string): string {
  return `${organizationId}/${logId}`;
}
