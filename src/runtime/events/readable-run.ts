import type { RunEvent, RunOutcome } from './run-event.ts';

/** A run as its readers see it, whether it is under way here, elsewhere, or over. */
export interface ReadableRun {
  readonly logId: string;
  /** The event after which a reader begins that names none. */
  readonly before: number;
  /** Settles when the run comes to rest. Rejects when it can no longer be driven. */
  readonly outcome: Promise<RunOutcome>;
  /** Its events, until it comes to rest. Throws why it can no longer be driven. */
  read(options: ReadOptions): AsyncGenerator<RunEvent, void>;
}

export interface ReadOptions {
  /** Ends the reading; the run goes on. */
  readonly signal: AbortSignal;
  /** The last event that the reader has: 0 for none. By default {@link ReadableRun.before}. */
  readonly after?: number | undefined;
  /** True: ends where the run came to rest first, though it may have been continued since. */
  readonly toFirstRest?: boolean | undefined;
}
