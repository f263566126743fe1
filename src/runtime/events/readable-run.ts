import type { RunEvent, RunOutcome } from './run-event.ts';

/** A run as its readers see it, whether this process drives it, another does, or it is at rest. */
export interface ReadableRun {
  readonly logId: string;
  /** The number of the event after which a reader starts by default. */
  readonly before: number;
  /**
   * Resolves when the run comes to rest. Rejects when this process can no longer drive or follow
   * the run.
   */
  readonly outcome: Promise<RunOutcome>;
  /** The events of the run, until it comes to rest. @throws what `outcome` rejects with. */
  read(options: ReadOptions): AsyncGenerator<RunEvent, void>;
}

export interface ReadOptions {
  /** Ends the reading; the run goes on. */
  readonly signal: AbortSignal;
  /**
   * The number of the last event that the reader has: 0 for none. By default {@link
   * ReadableRun.before}.
   */
  readonly after?: number | undefined;
  /** True: ends at the first rest, even if the run has been continued since. */
  readonly toFirstRest?: boolean | undefined;
}
