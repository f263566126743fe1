import { isDeepStrictEqual } from 'node:util';
import type { ChatMessage, ToolCall } from '../contract/chat.ts';
import { kindOf } from '../files/kinds/index.ts';
import type { LogView, TurnRecord } from './log-record.ts';

/**
 * The messages that a turn added: the model's message, the server's tool results, the client's
 * answers.
 */
export function messagesOfTurn({ message, results, continuation }: TurnRecord): ChatMessage[] {
  if (message === null) return [];
  return [message, ...inOrderOfCalls(message, results), ...(continuation ?? [])];
}

/**
 * The messages of a log: those of the request, then those of an agent's turns. The last message is
 * left out if it is the log's output. The turns of a prompt are alternative samples, so they add no
 * messages.
 */
export function messagesOfLog({ record, turns, run }: LogView): readonly ChatMessage[] {
  const own = record.messages ?? [];
  const isConversation = kindOf(record.type).log?.turns === 'conversation';
  if (record.messages_replaced || !isConversation || turns.length === 0) return own;
  const added = turns.flatMap(messagesOfTurn);
  const last = turns.at(-1)?.message;
  const output = run === null && isDeepStrictEqual(last, record.output_message) ? last : undefined;
  return [...own, ...added.filter((message) => message !== output)];
}

/**
 * The model's last message, whose calls the client must answer; null when the run does not wait.
 */
export function previousAgentMessage({ turns, run }: LogView): ChatMessage | null {
  return run?.state === 'suspended' ? (turns.at(-1)?.message ?? null) : null;
}

/** The calls of a turn that have no answer. */
export function pendingCalls({ message, results }: TurnRecord): readonly ToolCall[] {
  const answered = new Set(results.map((result) => result.tool_call_id));
  return (message?.tool_calls ?? []).filter(({ id }) => !answered.has(id));
}

function inOrderOfCalls(message: ChatMessage, results: readonly ChatMessage[]): ChatMessage[] {
  if (results.length < 2) return [...results];
  const order = (message.tool_calls ?? []).map(({ id }) => id);
  return results.toSorted(
    (a, b) => order.indexOf(a.tool_call_id ?? '') - order.indexOf(b.tool_call_id ?? ''),
  );
}
