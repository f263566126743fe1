/** Everything that an event of an agent's stream may be; the list of the v5 SDKs. */
export type EventType =
  | 'agent_turn_start'
  | 'agent_turn_suspend'
  | 'agent_turn_continue'
  | 'agent_turn_end'
  | 'agent_turn_error'
  | 'agent_start'
  | 'agent_update'
  | 'agent_end'
  | 'tool_start'
  | 'tool_update'
  | 'tool_end'
  | 'error';

/** One event of an agent's stream, as it stands after `data:`. */
export interface StreamEvent {
  readonly log_id: string;
  readonly message: string;
  readonly payload: unknown;
  readonly type: EventType;
  readonly created_at: string;
}
