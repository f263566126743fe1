/** The API's answers, as far as this example reads them. */

export interface StoredFile {
  readonly id: string;
  readonly version_id: string;
}

export interface ToolCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

interface Message {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly ToolCall[];
  readonly tool_call_id?: string;
}

export interface Costs {
  /** In US dollars; null when no model was called, or its price is not known. */
  readonly prompt_cost: number | null;
  readonly output_cost: number | null;
}

/** The log of a prompt or a tool, or of an agent. */
export interface Log extends Costs {
  readonly id: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly prompt?: object;
  readonly error: string | null;
  readonly trace_children: readonly Log[] | null;
}

export interface AgentLog extends Log {
  readonly agent: { readonly path: string; readonly model: string };
  /** All messages before the last one, which is the output. */
  readonly messages: readonly Message[];
  readonly output_message: Message | null;
  readonly turns: readonly Turn[];
}

/** A model call. */
interface Turn extends Costs {
  /** The model that answered, which may be a fallback; null when none answered. */
  readonly model: string | null;
  readonly started_at: string;
  readonly ended_at: string;
}

export interface RunEvent {
  readonly type: string;
  readonly log_id: string;
  readonly message: string;
  readonly payload: {
    readonly id: string;
    readonly output?: string | null;
    readonly error?: string | null;
    readonly previous_agent_message?: Message | null;
  } | null;
}
