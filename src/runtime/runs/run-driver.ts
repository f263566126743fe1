import type { ReadableRun } from '../events/readable-run.ts';
import type { Running, RunOutcome } from '../events/run-event.ts';
import type { LeaseHolder } from '../leases/lease-queries.ts';
import type { Run, RunOptions } from './run.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** What a run needs to be driven by a process, beside how it came to be. */
export type DriveOptions = Omit<RunOptions, 'parts' | 'leases' | 'signal'>;

/** What drives runs: this process. */
export interface RunDriver {
  readonly parts: RuntimeParts;
  readonly leases: LeaseHolder;
  /**
   * Drives a run from here on, whoever reads it.
   *
   * @param begin the steps that are left of it.
   * @param giveUp ends the run for good when it fires; without one, only a stop of the server does.
   */
  drive(
    options: DriveOptions,
    begin: (run: Run) => Running<RunOutcome>,
    giveUp?: AbortSignal,
  ): ReadableRun;
}
