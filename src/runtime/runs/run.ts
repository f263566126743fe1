import type { ToolCall, ToolFunction } from '../../contract/chat.ts';
import type { FileType } from '../../contract/kinds/index.ts';
import type { ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import type { FileKind } from '../../files/kind.ts';
import type { Snippets } from '../../files/template/rendering.ts';
import type { Timestamp } from '../../kernel/clock.ts';
import type { LogRecord, StoredCallOptions, TurnRecord } from '../../logs/log-record.ts';
import type { KindEvents } from '../events/kind-events.ts';
import type { Outbox } from '../events/outbox.ts';
import type { Running, RunOutcome } from '../events/run-event.ts';
import type { Lease, LeaseHolder } from '../leases/lease.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Notes } from './notes.ts';
import type { RunsBelow } from './runs-below.ts';
import type { RunsUnderWay } from './runs-under-way.ts';
import type { Transcript } from './transcript.ts';

/** How this process came to drive a run. */
export type RunOrigin =
  /** A call opened it in this process. */
  | { readonly type: 'called' }
  /** A client continued it at this time, with answers to its calls, or with keys that it lacked. */
  | { readonly type: 'continued'; readonly at: Timestamp; readonly gave: 'answers' | 'keys' }
  /** Another process drove it before, and this one goes on from what is on disk. */
  | { readonly type: 'taken_over' };

/** The run whose tool call a child run answers. */
export interface ParentRun {
  readonly logId: string;
  /**
   * True: the parent is suspended until the child ends. False: the parent drives the child (R6).
   */
  readonly waits: boolean;
}

/** The fields of a run that stay the same while this process drives it. */
interface RunCall<Parts extends EngineParts, K extends FileType> {
  readonly parts: Parts;
  readonly workspace: Workspace;
  readonly runnable: Runnable<Parts, K>;
  readonly version: FileVersion<K>;
  readonly lease: Lease;
  readonly keeper: RunKeeper;
  readonly origin: RunOrigin;
  /** Null for a run that is not a child run. */
  readonly parent: ParentRun | null;
  /** The file ids of the agents above this run, outermost first. */
  readonly ancestors: readonly string[];
  /** Shared by all runs of a tree that this process drives. */
  readonly below: RunsBelow;
  readonly keepOpen: boolean;
  /** The keys that came with the call or continue. */
  readonly providerApiKeys: ProviderApiKeys;
  readonly callOptions: StoredCallOptions;
  /** Fires when this process must stop driving the run; its reason says why. */
  readonly signal: AbortSignal;
}

/** The state of a run when this process starts to drive it. */
export interface RunOptions<Parts extends EngineParts = EngineParts>
  extends RunCall<Parts, FileType> {
  readonly record: LogRecord;
  readonly turns: readonly TurnRecord[];
  readonly tools: OfferedTools;
  /** The number of the last event that the run emitted before. */
  readonly eventCount: number;
}

/**
 * A run that this process drives. Some fields stay the same, others change. Each part that changes
 * has one owner:
 *
 * - `transcript`: the steps of the run's kind add turns and results, and `end-run.ts` closes the
 *   log;
 * - `tools`: the steps of the run's kind, before its first model call in this process;
 * - `notes`: the steps of the run's kind, and the model calls in them;
 * - `outbox`: `drive-run.ts`.
 */
export interface Run<Parts extends EngineParts = EngineParts, K extends FileType = FileType>
  extends RunCall<Parts, K> {
  readonly transcript: Transcript;
  readonly notes: Notes;
  readonly outbox: Outbox;
  /** Offers further tools to the model, by the function names that it calls them by. */
  readonly addTools: (added: OfferedTools['byName']) => void;
  readonly tools: OfferedTools;
  readonly record: LogRecord;
  readonly turns: readonly TurnRecord[];
  readonly eventCount: number;
}

/** How versions of a kind are run. The engine knows nothing else of a kind. */
export interface Runnable<Parts extends EngineParts = EngineParts, K extends FileType = FileType> {
  readonly kind: FileKind<K>;
  readonly events: KindEvents;
  /** True: a run that lacks keys is interrupted until a continue brings them. False: it ends. */
  readonly waitsForKeys: boolean;
  /** @throws `invalid` when the version cannot be run as requested. */
  check(parts: Parts, call: UncheckedCall<K>): void | Promise<void>;
  /**
   * Checks what every call of a version needs, without keys of its own.
   *
   * @throws `invalid` when no such call can succeed.
   */
  checkVersion(parts: Parts, workspace: Workspace, version: FileVersion<K>): void | Promise<void>;
  /** The tools that a version offers to its model. */
  tools(workspace: Workspace, version: FileVersion<K>): Promise<OfferedTools>;
  /** The providers whose keys came with the run's call only, and for which no other key exists. */
  missingKeys(
    parts: Parts,
    workspace: Workspace,
    options: StoredCallOptions,
  ): Promise<readonly string[]>;
  /**
   * Executes the steps of a run, from its first step or from where another process left it.
   *
   * @throws RunFailed when a step fails and the run cannot go on without it.
   */
  steps(run: Run<Parts, K>): Running<RunOutcome>;
}

/** Declares how a kind is run, with functions that know the kind of their version. */
export function defineRunnable<Parts extends EngineParts, K extends FileType>(
  runnable: Runnable<Parts, K>,
): Runnable<Parts> {
  // Safe because the engine only hands a runnable versions of its own kind: it finds both by `type`.
  return runnable as Runnable<Parts>;
}

/** The kinds that can be run, by the `type` of their files. */
export type Runnables<Parts extends EngineParts = EngineParts> = {
  readonly [K in FileType]?: Runnable<Parts>;
};

/** A call whose version has been found, before it is checked. */
export interface UncheckedCall<K extends FileType = FileType> {
  readonly workspace: Workspace;
  readonly version: FileVersion<K>;
  readonly record: LogRecord;
  readonly tools: OfferedTools;
  readonly providerApiKeys: ProviderApiKeys;
}

/** The tools that a run offers to its model. */
export interface OfferedTools {
  /** By the function names that the model calls them by. */
  readonly byName: ReadonlyMap<string, OfferedTool>;
  /** One sentence for each tool that could not be offered. */
  readonly notes: readonly string[];
  /**
   * The texts that replace references to tools in the template; undefined: references stay as they
   * are.
   */
  readonly snippets: Snippets | undefined;
}

/** A tool that a run offers to its model. */
export interface OfferedTool {
  readonly function: ToolFunction;
  /** True: a call of the tool ends the turn. */
  readonly stops: boolean;
  /** Runs a call on the server, and writes its result. Undefined: the client answers the call. */
  answer?(run: Run, call: ToolCall): Running<ToolOutcome>;
  /** True: each call of the tool is a child run. */
  readonly isRunBelow: boolean;
}

/** The outcome of a tool call on the server. */
export type ToolOutcome =
  | { readonly type: 'answered'; readonly output: string }
  /** The child run waits for the client, and so does the call. */
  | { readonly type: 'suspended' };

/** Holds the runs that this process drives. */
export interface RunKeeper {
  readonly leases: LeaseHolder;
  readonly underWay: RunsUnderWay;
  /**
   * Renews a run's lease, and writes its events.
   *
   * @param lost is called when another process has taken the run.
   * @returns a function that stops holding the run.
   */
  hold(run: Run, lost: (error: Error) => void): () => void;
  /** Writes the events that runs emitted since their last steps. */
  flush(): Promise<void>;
}
