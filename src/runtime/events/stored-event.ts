import type { Timestamp } from '../../kernel/clock.ts';

/**
 * An event in its stored form. It has only what other rows lack, and refers to the rest: to turns
 * by number, to logs and versions by id.
 */
export type StoredEvent = { readonly at: Timestamp } & (
  | { readonly type: 'agent_turn_start' | 'agent_turn_continue' | 'agent_start' }
  | { readonly type: 'agent_turn_end' | 'agent_turn_error' | 'prompt_end' | 'tool_call_end' }
  | { readonly type: 'agent_update'; readonly delta: string }
  | { readonly type: 'agent_end' | 'sample_end'; readonly turn: number }
  /**
   * @property turns how many turns the run had.
   * @property error why the run was interrupted; undefined when it was suspended.
   */
  | { readonly type: 'agent_turn_suspend'; readonly turns: number; readonly error?: string }
  | {
      readonly type: 'tool_start';
      readonly log: string;
      readonly version: string;
      readonly turn: number;
      readonly call: string;
    }
  | {
      readonly type: 'tool_update';
      readonly log: string;
      readonly version: string;
      readonly delta: string;
    }
  | {
      readonly type: 'tool_end';
      readonly log: string;
      readonly turn: number;
      readonly call: string;
    }
  | { readonly type: 'sample_update'; readonly index: number; readonly delta: string }
  | { readonly type: 'error'; readonly message: string }
);

export interface NumberedStoredEvent {
  readonly number: number;
  readonly event: StoredEvent;
}

/** A row of events with consecutive numbers. */
export interface EventChunk {
  /** The number of the first event. */
  readonly number: number;
  readonly events: readonly StoredEvent[];
}

/** Characters of text at which a row is full, so that a reader need not load much at once. */
const fullRow = 32_000;

/** Splits events into rows. */
export function chunksOf(numbered: readonly NumberedStoredEvent[]): readonly EventChunk[] {
  const chunks: { readonly number: number; readonly events: StoredEvent[] }[] = [];
  let characters = 0;
  for (const { number, event } of numbered) {
    const last = chunks.at(-1);
    characters += 'delta' in event ? event.delta.length : 0;
    if (last && last.number + last.events.length === number && characters <= fullRow) {
      last.events.push(event);
    } else {
      chunks.push({ number, events: [event] });
      characters = 'delta' in event ? event.delta.length : 0;
    }
  }
  return chunks;
}
