import type { ToolCall } from '../../contract/chat.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import type { EndedAs } from '../../logs/ended-as.ts';
import type { TurnRecord } from '../../logs/log-record.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import type { NumberedStoredEvent } from './stored-event.ts';

/** The log of a tool call that the server runs, while it runs. */
export interface ChildLog {
  readonly id: string;
  readonly version: FileVersion;
}

/** What happens in a run. */
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
  /** A piece of one of the samples that a prompt is asked for. */
  | { readonly type: 'sample_update'; readonly index: number; readonly delta: string }
  /** A sample is there, or failed; it is on disk. */
  | { readonly type: 'sample_end'; readonly turn: TurnRecord }
  /** A prompt's call has ended, and is on disk. */
  | { readonly type: 'prompt_end'; readonly log: VersionedLog }
  /** The call of a tool by itself has ended, and is on disk. */
  | { readonly type: 'tool_call_end'; readonly log: VersionedLog }
  /** The run cannot go on here, for a reason that is not its own. */
  | { readonly type: 'error'; readonly message: string };

/**
 * A turn, a tool's result, or a rest: something that must be on disk before its events are sent. The
 * driver of the run numbers the events, writes the step with them, and then sends them (R4).
 */
export interface Step {
  readonly type: 'step';
  readonly happenings: readonly Happening[];
  /** @throws `run_taken_over` (conflict) when the lease is stale. */
  readonly write: (progress: Progress) => Promise<void>;
}

/** Where a run stands after a step. */
export interface Progress {
  /** Model calls so far. */
  readonly iterations: number;
  /** The number of its last event. */
  readonly eventCount: number;
  /** Its events that are not written yet, those of the step last. */
  readonly events: readonly NumberedStoredEvent[];
}

/** The steps of a run, and what happens between them. */
export type Running<Result> = AsyncGenerator<Happening | Step, Result>;

/** One event of a run's stream. */
export type RunEvent = Happening & {
  /**
   * From 1 in each log, rising through every continue. It leaps when the process that drove the run
   * died, since its last numbers may not be on disk (R2).
   */
  readonly number: number;
  readonly at: Timestamp;
  /** The agent's log. */
  readonly logId: string;
  readonly version: FileVersion;
};

/** How a run came to rest. */
export interface RunOutcome {
  readonly log: VersionedLog;
  /** Null: it has not ended, but waits for its client. */
  readonly endedAs: EndedAs | null;
  /**
   * Answers the request that waited for the run, in place of the log: its first step had failed. A
   * fault of ours is no PlatformError.
   */
  readonly failure?: Error | undefined;
}
