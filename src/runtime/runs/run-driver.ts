import type { ReadableRun } from '../events/readable-run.ts';
import type { Running, RunOutcome } from '../events/run-event.ts';
import type { LeaseHolder } from '../leases/lease.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Run, Runnable, RunOptions } from './run.ts';

/** What a run needs to be driven by a process, beside what the process has itself. */
export type DriveOptions<Parts extends EngineParts = EngineParts> = Omit<
  RunOptions<Parts>,
  'parts' | 'keeper' | 'signal'
>;

/** What drives runs: this process. */
export interface RunDriver<Parts extends EngineParts = EngineParts> {
  readonly parts: Parts;
  readonly holder: LeaseHolder;
  /** How the runs of a kind are run, by the `type` of their logs. */
  runnable(type: string): Runnable<Parts>;
  /** Drives a run from here on, whether it is read or not. */
  drive(options: DriveOptions<Parts>, how?: HowToDrive<Parts>): ReadableRun;
}

interface HowToDrive<Parts extends EngineParts> {
  /** The steps that are left of it; by default those of its kind. */
  readonly begin?: ((run: Run<Parts>) => Running<RunOutcome>) | undefined;
  /** Ends the run for good when it fires; without one, only a stop of the server does. */
  readonly giveUp?: AbortSignal | undefined;
}
