import type { ProviderApiKeys } from '../../contract/providers.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { secondsBetween, type Timestamp, timestamp } from '../../kernel/clock.ts';
import type {
  LogRecord,
  LogView,
  RunRecord,
  StoredCallOptions,
  TurnRecord,
} from '../../logs/log-record.ts';
import { totalCost, totalUsage } from '../../logs/totals.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { lastRequest } from '../../logs/wire-body.ts';
import type { Happening, RunEvent } from '../events/run-event.ts';
import { isOpeningEvent, storedEvent } from '../events/store-event.ts';
import type { NumberedStoredEvent } from '../events/stored-event.ts';
import type { AgentTools } from '../kinds/agent/agent-tools.ts';
import type { Lease } from '../leases/lease-queries.ts';
import type { Leases } from '../leases/leases.ts';
import type { RuntimeParts } from './runtime-parts.ts';

/** What a run is made of when this process begins to drive it. */
export interface RunOptions {
  readonly parts: RuntimeParts;
  readonly workspace: Workspace;
  readonly version: FileVersion;
  readonly tools: AgentTools;
  readonly record: LogRecord;
  readonly turns: readonly TurnRecord[];
  readonly lease: Lease;
  /** Where this process keeps the leases of its runs. */
  readonly leases: Leases;
  /** Events that the log's streams have carried before. */
  readonly eventCount: number;
  readonly keepOpen: boolean;
  /** When the client called it, or continued it, as the event of that is stored. */
  readonly openedAt?: Timestamp;
  /** Keys of this call alone. */
  readonly providerApiKeys: ProviderApiKeys;
  readonly callOptions: StoredCallOptions;
  readonly signal: AbortSignal;
  /** The run whose tool call this one answers; null for one that a client called. */
  readonly parentLogId: string | null;
  /** True: that run waits for it, and does not drive it. */
  readonly isDetached: boolean;
  /** True: what it did before is not known to this process, and must be looked up. */
  readonly isResumed: boolean;
  /** The agents that this one runs below, from the outermost, by the ids of their files. */
  readonly ancestors: readonly string[];
}

/**
 * A run under way in this process: its log and turns as they are on disk, and what the next step
 * needs. `run-agent.ts` drives it; nothing else changes it.
 */
export class Run {
  readonly parts: RuntimeParts;
  readonly workspace: Workspace;
  readonly version: FileVersion;
  readonly lease: Lease;
  readonly leases: Leases;
  readonly keepOpen: boolean;
  readonly providerApiKeys: ProviderApiKeys;
  readonly callOptions: StoredCallOptions;
  readonly signal: AbortSignal;
  readonly parentLogId: string | null;
  readonly isDetached: boolean;
  readonly isResumed: boolean;
  readonly ancestors: readonly string[];
  /** The body of the last model call, whole; what the next one has in common with it is not stored. */
  requestBefore: unknown;
  /** Events on their way to the disk. What is written after them must not be read before. */
  flushing: Promise<void> | undefined;
  readonly #turns: TurnRecord[];
  #tools: AgentTools;
  #record: LogRecord;
  #eventCount: number;
  /** Events that are told, or about to be, and not on disk. */
  #unwritten: NumberedStoredEvent[] = [];
  readonly #openedAt: Timestamp;
  #stdout: string;

  constructor(options: RunOptions) {
    this.parts = options.parts;
    this.workspace = options.workspace;
    this.version = options.version;
    this.#tools = options.tools;
    this.lease = options.lease;
    this.leases = options.leases;
    this.keepOpen = options.keepOpen;
    this.providerApiKeys = options.providerApiKeys;
    this.callOptions = options.callOptions;
    this.signal = options.signal;
    this.parentLogId = options.parentLogId;
    this.isDetached = options.isDetached;
    this.isResumed = options.isResumed;
    this.ancestors = options.ancestors;
    this.#turns = [...options.turns];
    this.requestBefore = lastRequest(options.turns);
    this.#record = options.record;
    this.#eventCount = options.eventCount;
    this.#openedAt = options.openedAt ?? options.record.created_at;
    this.#stdout = options.record.stdout ?? '';
  }

  get tools(): AgentTools {
    return this.#tools;
  }

  get record(): LogRecord {
    return this.#record;
  }

  get turns(): readonly TurnRecord[] {
    return this.#turns;
  }

  get lastTurn(): TurnRecord | undefined {
    return this.#turns.at(-1);
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  /** True: vendors are asked for streams. */
  get stream(): boolean {
    return this.callOptions.stream ?? false;
  }

  /** Gives what happened its number in the log's stream, and notes that it is to be written. */
  event(happening: Happening): RunEvent {
    this.#eventCount += 1;
    const isOpening = isOpeningEvent(happening.type);
    const at = isOpening ? this.#openedAt : this.#now();
    const common = { number: this.#eventCount, at, logId: this.record.id, version: this.version };
    const event: RunEvent = Object.assign(common, happening);
    if (this.record.save && !isOpening) {
      const stored = storedEvent(event, this.#turns.length);
      this.#unwritten.push({ number: event.number, event: stored });
    }
    return event;
  }

  /** Takes back events that could not be written, and were not told. */
  forget(events: readonly RunEvent[]): void {
    this.#eventCount -= events.length;
    if (this.record.save) this.#unwritten.splice(this.#unwritten.length - events.length);
  }

  /** The events that are to be written. */
  get unwritten(): readonly NumberedStoredEvent[] {
    return this.#unwritten;
  }

  /** Hands over the events that are to be written; the caller writes them, or puts them back. */
  takeUnwritten(): readonly NumberedStoredEvent[] {
    const events = this.#unwritten;
    this.#unwritten = [];
    return events;
  }

  putBack(events: readonly NumberedStoredEvent[]): void {
    this.#unwritten = [...events, ...this.#unwritten];
  }

  #now(): Timestamp {
    return timestamp(this.parts.clock.now());
  }

  /** Notes a turn that is on disk, or about to be. */
  addTurn(turn: TurnRecord): void {
    this.#turns.push(turn);
  }

  /** Offers the model further tools, by the names that it is to know them by. */
  addTools(tools: AgentTools['byName']): void {
    this.#tools = { ...this.#tools, byName: new Map([...this.#tools.byName, ...tools]) };
  }

  /** Notes a tool result that is on disk. */
  addResult(message: TurnRecord['results'][number]): void {
    const turn = this.#turns.pop();
    if (!turn) throw new Error('A tool result came before the first turn.');
    this.#turns.push({ ...turn, results: [...turn.results, message] });
  }

  /** Adds lines to what the log shows as `stdout`: what a provider or a link left out. */
  note(lines: readonly string[]): void {
    for (const line of lines) {
      if (!this.#stdout.includes(line)) this.#stdout += `${line}\n`;
    }
  }

  /** The log as it is when the run comes to rest. */
  closing(outcome: Partial<LogRecord>): LogRecord {
    const end = this.#now();
    const { start_time: start, end_time: given, created_at: created } = this.#record;
    this.#record = {
      ...this.#record,
      ...totalUsage(this.#turns),
      ...totalCost(this.#turns),
      log_status: this.keepOpen ? 'incomplete' : 'complete',
      end_time: given ?? end,
      provider_latency: secondsBetween(start ?? created, given ?? end),
      finish_reason: this.lastTurn?.finish_reason ?? null,
      stdout: this.#stdout === '' ? null : this.#stdout,
      ...outcome,
    };
    return this.#record;
  }

  /** What an answer about the log is written from; `run` is null when the run has ended. */
  log(run: RunRecord | null): VersionedLog {
    const view: LogView = { record: this.#record, turns: this.#turns, run };
    return { view, version: this.version };
  }
}
