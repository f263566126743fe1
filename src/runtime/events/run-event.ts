import type { ToolCall } from '../../contract/chat.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import type { EndedAs } from '../../logs/ended-as.ts';
import type { TurnRecord } from '../../logs/log-record.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import type { NumberedStoredEvent } from './stored-event.ts';

/** The log of a tool call that the server is running. */
export interface ChildLog {
  readonly id: string;
  readonly version: FileVersion;
}

/** Something that happens in a run: an event without its number, time and log. */
export type Happening =
  | { readonly type: 'agent_turn_start' }
  | { readonly type: 'agent_turn_continue' }
  /** A model call begins. */
  | { readonly type: 'agent_start' }
  | { readonly type: 'agent_update'; readonly delta: string }
  /** A model call has ended, and is on disk. */
  | { readonly type: 'agent_end'; readonly turn: TurnRecord }
  | { readonly type: 'tool_start'; readonly child: ChildLog; readonly call: ToolCall }
  | { readonly type: 'tool_update'; readonly child: ChildLog; readonly delta: string }
  | { readonly type: 'tool_end'; readonly log: VersionedLog; readonly call: ToolCall }
  | { readonly type: 'agent_turn_suspend'; readonly log: VersionedLog }
  | { readonly type: 'agent_turn_end'; readonly log: VersionedLog }
  | { readonly type: 'agent_turn_error'; readonly log: VersionedLog }
  /** A piece of one of a prompt's samples. */
  | { readonly type: 'sample_update'; readonly index: number; readonly delta: string }
  /** A sample is complete, or has failed; it is on disk. */
  | { readonly type: 'sample_end'; readonly turn: TurnRecord }
  /** A call of a prompt has ended, and is on disk. */
  | { readonly type: 'prompt_end'; readonly log: VersionedLog }
  /** A client's call of a tool has ended, and is on disk. */
  | { readonly type: 'tool_call_end'; readonly log: VersionedLog }
  /** The run cannot go on here, because of the server and not of the run. */
  | { readonly type: 'error'; readonly message: string };

/**
 * A turn, a tool's result, or a rest, with its events. It must be on disk before a reader receives
 * them. The process that drives the run numbers the events, writes them with the step, and then
 * emits them (R4).
 */
export interface Step {
  readonly type: 'step';
  readonly happenings: readonly Happening[];
  /** @throws `run_taken_over` (conflict) when the lease is stale. */
  readonly write: (progress: Progress) => Promise<void>;
}

/** Where a run stands after a step. */
export interface Progress {
  /** How many model calls it has made. */
  readonly iterations: number;
  /** The number of its last event. */
  readonly eventCount: number;
  /** Its events that are not written yet; those of the step come last. */
  readonly events: readonly NumberedStoredEvent[];
}

/** Yields the steps of a run and what happens between them; returns the result of the run. */
export type Running<Result> = AsyncGenerator<Happening | Step, Result>;

/** One event of a run. */
export type RunEvent = Happening & {
  /**
   * Starts at 1 for each log, and rises through every continue. It skips numbers when another
   * process takes the run over, because the last events of the first process may not be on disk
   * (R2).
   */
  readonly number: number;
  readonly at: Timestamp;
  /** The log of the run. */
  readonly logId: string;
  readonly version: FileVersion;
};

/** How a run came to rest. */
export interface RunOutcome {
  readonly log: VersionedLog;
  /** Null: the run has not ended, but waits. */
  readonly endedAs: EndedAs | null;
  /**
   * Set when the first step failed: the error with which the call is answered, in place of the log.
   * It is no PlatformError when the server itself is at fault.
   */
  readonly failure?: Error | undefined;
}
