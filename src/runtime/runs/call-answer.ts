import type { ChatMessage, ToolCall } from '../../contract/chat.ts';
import type { LogRecord } from '../../logs/log-record.ts';

/** The message with the result of a tool call, for the model. */
export function toolMessage(call: ToolCall, content: string): ChatMessage {
  return { role: 'tool', tool_call_id: call.id, name: call.function.name, content };
}

/** The result of a call that has a log, for the model: the log's output, or its error as text. */
export function resultForModel({ error, output }: Pick<LogRecord, 'error' | 'output'>): string {
  return error === null ? (output ?? '') : `Error: ${error}`;
}
