import type { ChatMessage, ToolCall } from '../../../contract/chat.ts';

/** The message that tells the model what came of its call. */
export function toolMessage(call: ToolCall, content: string): ChatMessage {
  return { role: 'tool', tool_call_id: call.id, name: call.function.name, content };
}

/** The arguments of a call; undefined unless they are a JSON object. */
export function argumentsOf(call: ToolCall): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(call.function.arguments || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Told to a model whose arguments are no JSON object, so that it can try again. */
export const badArguments = 'the arguments of the call are not a JSON object.';

/** What came of a tool call that the server ran. */
export type ToolOutcome =
  | { readonly type: 'answered'; readonly output: string }
  /** A nested agent waits for the client; so does the call. */
  | { readonly type: 'suspended' };
