import type { ChatMessage, LogResponse, ToolCall } from '../../api/types.ts';

interface Happened<Type extends string, Payload> {
  readonly type: Type;
  readonly log_id: string;
  readonly message: string;
  readonly payload: Payload;
  readonly created_at: string;
}

/** An event of an agent's stream, as `docs/agents.md` lists them. */
export type AgentEvent =
  | Happened<'agent_turn_start' | 'agent_turn_continue' | 'agent_start' | 'error', null>
  | Happened<'agent_update', { readonly output: string | null }>
  | Happened<'tool_update', { readonly output: string | null }>
  | Happened<
      'agent_end',
      {
        readonly output_message: ChatMessage | null;
        /** When the model call ended. */
        readonly created_at: string;
      }
    >
  | Happened<'tool_start', ToolCall>
  | Happened<'tool_end', LogResponse>
  | Happened<'agent_turn_suspend' | 'agent_turn_end' | 'agent_turn_error', LogResponse>;

/** A piece of a prompt's stream, as `docs/prompts.md` describes it: new words of one of its samples. */
export interface PromptPiece {
  readonly index: number;
  readonly output: string;
}
