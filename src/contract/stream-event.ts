/** The types of the events in an agent's stream, as the v5 SDKs list them. */
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

/** One event in an agent's stream: the JSON after `data:`. */
export interface StreamEvent {
  readonly log_id: string;
  readonly message: string;
  readonly payload: unknown;
  readonly type: EventType;
  readonly created_at: string;
}
