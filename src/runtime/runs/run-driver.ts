import type { ReadableRun } from '../events/readable-run.ts';
import type { Running, RunOutcome } from '../events/run-event.ts';
import type { LeaseHolder } from '../leases/lease.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Run, Runnable, RunOptions } from './run.ts';

/** The options to drive a run, without those that the process sets itself. */
export type DriveOptions<Parts extends EngineParts = EngineParts> = Omit<
  RunOptions<Parts>,
  'parts' | 'keeper' | 'signal' | 'below'
>;

/** The part of the runtime that drives runs. */
export interface RunDriver<Parts extends EngineParts = EngineParts> {
  readonly parts: Parts;
  readonly holder: LeaseHolder;
  /** How runs of a kind are run. @param type the type of their logs. */
  runnable(type: string): Runnable<Parts>;
  /** Starts to drive a run. The run goes on with or without readers. */
  drive(options: DriveOptions<Parts>, how?: HowToDrive<Parts>): ReadableRun;
}

interface HowToDrive<Parts extends EngineParts> {
  /** The steps to execute; by default those of the run's kind. */
  readonly begin?: ((run: Run<Parts>) => Running<RunOutcome>) | undefined;
  /** Cancels the run when it fires. */
  readonly cancelOn?: AbortSignal | undefined;
}
