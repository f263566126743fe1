import type { RunEvent } from './run-event.ts';
import type { StoredEvent } from './stored-event.ts';

/** Whether the statement that opens or continues a run writes this event. */
export function isOpeningEvent(type: RunEvent['type']): boolean {
  return type === 'agent_turn_start' || type === 'agent_turn_continue';
}

/** The form in which an event is stored. @param turns how many turns the run has so far. */
export function storedEvent(event: RunEvent, turns: number): StoredEvent {
  const { at } = event;
  switch (event.type) {
    case 'agent_update':
      return { type: event.type, at, delta: event.delta };
    case 'agent_end':
    case 'sample_end':
      return { type: event.type, at, turn: event.turn.number };
    case 'agent_turn_suspend':
      return { type: event.type, at, turns };
    case 'tool_start':
      return {
        type: event.type,
        at,
        log: event.child.id,
        version: event.child.version.versionId,
        turn: turns,
        call: event.call.id,
      };
    case 'tool_update':
      return {
        type: event.type,
        at,
        log: event.child.id,
        version: event.child.version.versionId,
        delta: event.delta,
      };
    case 'tool_end':
      return {
        type: event.type,
        at,
        log: event.log.view.record.id,
        turn: turns,
        call: event.call.id,
      };
    case 'sample_update':
      return { type: event.type, at, index: event.index, delta: event.delta };
    case 'error':
      return { type: event.type, at, message: event.message };
    default:
      return { type: event.type, at };
  }
}
