import type { ChatMessage, ToolCall } from '../../contract/chat.ts';
import type { LogRecord } from '../../logs/log-record.ts';

/** The message that tells the model what came of its call. */
export function toolMessage(call: ToolCall, content: string): ChatMessage {
  return { role: 'tool', tool_call_id: call.id, name: call.function.name, content };
}

/** The result of a call that has a log, for the model: the output, or the error in words. */
export function answerIn({ error, output }: Pick<LogRecord, 'error' | 'output'>): string {
  return error === null ? (output ?? '') : `Error: ${error}`;
}
