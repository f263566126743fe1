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
import type { Transcript } from './transcript.ts';

/** How this process came to drive a run. */
export type RunOrigin =
  /** It was opened here. */
  | { readonly type: 'called' }
  /** A client continued it, at this moment: with answers to its calls, or with the keys it lacked. */
  | { readonly type: 'continued'; readonly at: Timestamp; readonly gave: 'answers' | 'keys' }
  /** Another process drove it before, and left it where it is. */
  | { readonly type: 'taken_over' };

/** The run whose tool call another one answers. */
export interface ParentRun {
  readonly logId: string;
  /** True: it is suspended until the other ends. False: it drives the other itself (R6). */
  readonly waits: boolean;
}

/** What is fixed of a run while this process drives it. */
interface RunCall<Parts extends EngineParts, K extends FileType> {
  readonly parts: Parts;
  readonly workspace: Workspace;
  readonly runnable: Runnable<Parts, K>;
  readonly version: FileVersion<K>;
  readonly lease: Lease;
  readonly keeper: RunKeeper;
  readonly origin: RunOrigin;
  /** Null for a run that a client called. */
  readonly parent: ParentRun | null;
  /** The agents that this one runs below, from the outermost, by the ids of their files. */
  readonly ancestors: readonly string[];
  readonly keepOpen: boolean;
  /** Keys of this call alone. */
  readonly providerApiKeys: ProviderApiKeys;
  readonly callOptions: StoredCallOptions;
  /** Fires when the run is driven no further here; its reason says why. */
  readonly signal: AbortSignal;
}

/** What a run is made of when this process begins to drive it. */
export interface RunOptions<Parts extends EngineParts = EngineParts>
  extends RunCall<Parts, FileType> {
  readonly record: LogRecord;
  readonly turns: readonly TurnRecord[];
  readonly tools: OfferedTools;
  /** Events that the log's streams have carried before. */
  readonly eventCount: number;
}

/**
 * A run under way in this process: what is fixed of it, and what changes. Each part that changes has
 * one owner:
 *
 * - `transcript`: the steps of its kind add turns and results, `end-run.ts` closes the log;
 * - `tools`: the steps of its kind, before its first model call here;
 * - `notes`: the steps of its kind, and the model calls that they make;
 * - `outbox`: `drive-run.ts`.
 */
export interface Run<Parts extends EngineParts = EngineParts, K extends FileType = FileType>
  extends RunCall<Parts, K> {
  readonly transcript: Transcript;
  readonly notes: Notes;
  readonly outbox: Outbox;
  /** Offers the model further tools, by the names that it is to know them by. */
  readonly addTools: (added: OfferedTools['byName']) => void;
  readonly tools: OfferedTools;
  readonly record: LogRecord;
  readonly turns: readonly TurnRecord[];
  readonly eventCount: number;
}

/**
 * How the versions of a kind are run: all that the engine knows of a kind. `Runnable<Parts, 'agent'>`
 * is handed agents; a plain `Runnable` is one whose kind does not matter, made by `defineRunnable`.
 */
export interface Runnable<Parts extends EngineParts = EngineParts, K extends FileType = FileType> {
  readonly kind: FileKind<K>;
  readonly events: KindEvents;
  /** True: a run that lacks keys waits for a continue that brings them. False: it ends. */
  readonly waitsForKeys: boolean;
  /** @throws `invalid` for a version that cannot be run as the request wants it. */
  check(parts: Parts, call: UncheckedCall<K>): void | Promise<void>;
  /** What a version offers its model to call. */
  tools(workspace: Workspace, version: FileVersion<K>): Promise<OfferedTools>;
  /** The vendors for which a run's call had brought keys, and for which there is no other key. */
  missingKeys(
    parts: Parts,
    workspace: Workspace,
    options: StoredCallOptions,
  ): Promise<readonly string[]>;
  /**
   * The steps of a run: from its first on, or from where it is when it was driven before.
   *
   * @throws RunFailed when a step fails that the run cannot go on without.
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

/** A call whose version has been found. */
export interface UncheckedCall<K extends FileType = FileType> {
  readonly workspace: Workspace;
  readonly version: FileVersion<K>;
  readonly record: LogRecord;
  readonly tools: OfferedTools;
  readonly providerApiKeys: ProviderApiKeys;
}

/** The tools that a run's model is offered. */
export interface OfferedTools {
  /** By the names that the model knows them by. */
  readonly byName: ReadonlyMap<string, OfferedTool>;
  /** What could not be offered, one sentence each. */
  readonly notes: readonly string[];
  /** What references to tools insert into the template; undefined: they stay as they are. */
  readonly snippets: Snippets | undefined;
}

/** A tool that a model is offered. */
export interface OfferedTool {
  readonly function: ToolFunction;
  /** A call of it ends the run's turn. */
  readonly stops: boolean;
  /** Runs a call on the server, and writes its result; without it the result is the client's to give. */
  answer?(run: Run, call: ToolCall): Running<ToolOutcome>;
  /** True: a call of it is a run of its own, below the run that made it. */
  readonly isRunBelow: boolean;
}

/** What came of a tool call that the server ran. */
export type ToolOutcome =
  | { readonly type: 'answered'; readonly output: string }
  /** The run below waits for the client; so does the call. */
  | { readonly type: 'suspended' };

/** Where this process keeps the runs that it drives. */
export interface RunKeeper {
  readonly leases: LeaseHolder;
  /**
   * Keeps a run's lease, and writes what it tells, until what is returned is called.
   *
   * @param lost is called when another process has taken the run.
   */
  hold(run: Run, lost: (error: Error) => void): () => void;
  /** Writes what runs have told since their last steps. */
  flush(): Promise<void>;
}
