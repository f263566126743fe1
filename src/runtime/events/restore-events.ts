import type { ChatMessage, ToolCall } from '../../contract/chat.ts';
import type { Workspace } from '../../database/workspace.ts';
import { findVersionsById } from '../../files/file-queries.ts';
import type { FileVersion } from '../../files/file-version.ts';
import { timestamp } from '../../kernel/clock.ts';
import { logNotFound } from '../../logs/errors.ts';
import { findLog, loadLogs } from '../../logs/log-queries.ts';
import type { LogView, TurnRecord } from '../../logs/log-record.ts';
import { totalCost, totalUsage } from '../../logs/totals.ts';
import type { VersionedLog } from '../../logs/versioned-log.ts';
import { versioned } from '../../logs/versioned-log.ts';
import { waitingRun } from '../../logs/waiting-run.ts';
import type { EventsOfKind } from './kind-events.ts';
import type { Happening, RunEvent } from './run-event.ts';
import type { NumberedStoredEvent, StoredEvent } from './stored-event.ts';

/** Rebuilds the events of a run from the stored events and the rows that they refer to. */
export class EventRestorer {
  readonly #workspace: Workspace;
  readonly #logId: string;
  readonly #kinds: EventsOfKind;
  #log: VersionedLog | undefined;
  readonly #versions = new Map<string, FileVersion>();

  constructor(workspace: Workspace, logId: string, kinds: EventsOfKind) {
    this.#workspace = workspace;
    this.#logId = logId;
    this.#kinds = kinds;
  }

  /** The log as it was when it was last read. Reads it the first time. */
  async log(): Promise<VersionedLog> {
    this.#log ??= await this.#readLog();
    return this.#log;
  }

  /** Reads the log again. */
  async logNow(): Promise<VersionedLog> {
    this.#log = await this.#readLog();
    return this.#log;
  }

  /**
   * The first event of the run, which is not stored; undefined for kinds whose runs begin without
   * one.
   */
  async opening(): Promise<RunEvent | undefined> {
    const log = await this.log();
    const { record } = log.view;
    const { opening } = this.#kinds(record.type);
    return opening && wholeEvent(log, 1, record.created_at, opening);
  }

  /**
   * The events that stand in for those of a run at rest when they are not stored: how it began and
   * how it ended.
   *
   * @param last the number of the last event that the reader has.
   */
  async summary(last: number): Promise<readonly RunEvent[]> {
    const log = await this.logNow();
    const at = timestamp(new Date());
    const happenings = this.#kinds(log.view.record.type).summary(log);
    const missed = last === 0 ? happenings : happenings.slice(-1);
    return missed.map((happening, index) => wholeEvent(log, last + index + 1, at, happening));
  }

  /** The events in order. An event is left out when a row that it refers to has been deleted. */
  async *restore(events: readonly NumberedStoredEvent[]): AsyncGenerator<RunEvent, void> {
    // Read the log again: a row that an event refers to was written in the same commit as the
    // event, so a log that was read earlier would lack that turn or result.
    if (events.some(({ event }) => refersToLog(event))) await this.logNow();
    for (const { number, event } of events) {
      const log = await this.log();
      const happening = await this.#happening(log.view, event);
      if (happening) yield wholeEvent(log, number, event.at, happening);
    }
  }

  async #happening(view: LogView, event: StoredEvent): Promise<Happening | undefined> {
    switch (event.type) {
      case 'agent_end':
      case 'sample_end': {
        const turn = turnOf(view, event.turn);
        return turn && { type: event.type, turn };
      }
      case 'tool_start': {
        const call = callOf(view, event);
        const version = await this.#version(event.version);
        return call && version && { type: 'tool_start', call, child: { id: event.log, version } };
      }
      case 'tool_update': {
        const version = await this.#version(event.version);
        const { log: id, delta } = event;
        return version && { type: 'tool_update', delta, child: { id, version } };
      }
      case 'tool_end': {
        const call = callOf(view, event);
        const [child] = await loadLogs(this.#workspace, [event.log]);
        const version = child && (await this.#version(child.record.version_id));
        return call && version && { type: 'tool_end', call, log: { view: child, version } };
      }
      case 'agent_turn_suspend':
        return {
          type: event.type,
          log: { ...(await this.log()), view: suspendedView(view, event) },
        };
      case 'agent_turn_end':
      case 'agent_turn_error':
      case 'prompt_end':
      case 'tool_call_end':
        return { type: event.type, log: await this.log() };
      case 'agent_turn_start':
      case 'agent_turn_continue':
      case 'agent_start':
        return { type: event.type };
      default: {
        const { at, ...happening } = event;
        return happening;
      }
    }
  }

  async #version(id: string): Promise<FileVersion | undefined> {
    const known = this.#versions.get(id) ?? (await findVersionsById(this.#workspace, [id])).get(id);
    if (known) this.#versions.set(id, known);
    return known;
  }

  async #readLog(): Promise<VersionedLog> {
    const view = await findLog(this.#workspace, this.#logId);
    if (!view) throw logNotFound(this.#logId);
    return versioned(this.#workspace, view);
  }
}

function wholeEvent(
  { version, view }: VersionedLog,
  number: number,
  at: RunEvent['at'],
  happening: Happening,
): RunEvent {
  return Object.assign({ number, at, logId: view.record.id, version }, happening);
}

function refersToLog({ type }: StoredEvent): boolean {
  return !['agent_start', 'agent_update', 'tool_update', 'sample_update'].includes(type);
}

function turnOf({ turns }: LogView, number: number): TurnRecord | undefined {
  return turns.find((turn) => turn.number === number);
}

function callOf(
  view: LogView,
  { turn, call }: { readonly turn: number; readonly call: string },
): ToolCall | undefined {
  const message: ChatMessage | null | undefined = turnOf(view, turn)?.message;
  return message?.tool_calls?.find(({ id }) => id === call);
}

/**
 * A log as it was when its run came to rest after `turns` turns: suspended, or interrupted with
 * `error`.
 */
function suspendedView(
  view: LogView,
  { turns: count, error }: { readonly turns: number; readonly error?: string },
): LogView {
  const isNow = view.run?.state === 'suspended' && view.turns.length === count;
  if (isNow && error === undefined) return view;
  const turns = view.turns
    .slice(0, count)
    .map((turn, index) => (index === count - 1 ? { ...turn, continuation: null } : turn));
  return {
    turns,
    record: {
      ...view.record,
      ...totalUsage(turns),
      ...totalCost(turns),
      log_status: 'incomplete',
      ended_as: null,
      end_time: null,
      provider_latency: null,
      finish_reason: turns.at(-1)?.finish_reason ?? null,
      output: null,
      output_message: null,
      error: error ?? null,
      provider_request: null,
      provider_response: null,
    },
    run: waitingRun(count, error === undefined ? {} : { state: 'interrupted' }),
  };
}
