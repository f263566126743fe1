import type { ChatMessage } from '../../../contract/chat.ts';
import type { LogForkRequest } from '../../../contract/fork.ts';
import { invalid } from '../../../kernel/errors.ts';
import { messagesOfTurn, pendingCalls } from '../../../logs/conversation.ts';
import type { LogView, TurnRecord } from '../../../logs/log-record.ts';
import { checkedAnswers } from './client-answers.ts';

/** What a fork has from the log that it is forked from. */
export interface ForkedHistory {
  /** The messages of the call. */
  readonly messages: readonly ChatMessage[];
  /** The turns before the first of the fork. They cost nothing, and were not sent by its run. */
  readonly turns: readonly TurnRecord[];
}

type ForkOptions = Pick<LogForkRequest, 'turn' | 'edits' | 'messages'>;

/**
 * The conversation of a log before one of its turns, with what a request changes in it.
 *
 * @throws `invalid` for a turn that the log does not have, a message that is not before the turn, a
 *   tool call before it that has no answer, an answer to a call that is not open there, or a
 *   conversation after whose end there is nothing to say.
 */
export function forkedHistory(
  { record, turns: all }: Pick<LogView, 'record' | 'turns'>,
  { turn: first, edits, messages: added }: ForkOptions,
): ForkedHistory {
  // A call that failed may have left the beginning of an answer. No conversation goes on after that.
  const turns = all.filter(({ error }) => error === null);
  if (first > turns.length + 1) {
    throw invalid(
      ['body', 'turn'],
      `The turns of this log can be run from 1 to ${turns.length + 1}.`,
    );
  }
  const before = turns.slice(0, first - 1);
  const conversation = [record.messages ?? [], ...before.map(messagesOfTurn)].flat();
  const edited = editedMessages(conversation, edits);
  requireOpenCalls(conversation, added ?? []);
  const messages = (record.messages ?? []).map(edited);
  const taken = before.map((turn) => takenTurn(turn, edited));
  const last = taken.pop();
  if (!last) return { messages: [...messages, ...(added ?? [])], turns: [] };
  return { messages, turns: [...taken, continued(last, added ?? [])] };
}

/** @returns a function that gives a message of the conversation its new content. */
function editedMessages(
  conversation: readonly ChatMessage[],
  edits: ForkOptions['edits'],
): (message: ChatMessage) => ChatMessage {
  const changed = new Map<ChatMessage, ChatMessage>();
  for (const [place, { index, content }] of (edits ?? []).entries()) {
    const message = conversation[index];
    const loc = ['body', 'edits', place, 'index'];
    if (!message) {
      throw invalid(loc, `Only ${conversation.length} messages come before the turn.`);
    }
    if (changed.has(message)) throw invalid(loc, `Message ${index} is edited twice.`);
    changed.set(message, { ...message, content: content ?? null });
  }
  return (message) => changed.get(message) ?? message;
}

/** @throws `invalid` for the first answer to a call that is not open at the end of a conversation. */
function requireOpenCalls(
  conversation: readonly ChatMessage[],
  added: readonly ChatMessage[],
): void {
  const asking = conversation.findLastIndex(({ role }) => role === 'assistant');
  const open = new Set(conversation[asking]?.tool_calls?.map(({ id }) => id));
  for (const { tool_call_id: id } of conversation.slice(asking + 1)) open.delete(id ?? '');
  for (const [index, { role, tool_call_id: id }] of added.entries()) {
    if (role !== 'tool' || open.delete(id ?? '')) continue;
    throw invalid(
      ['body', 'messages', index, 'tool_call_id'],
      id
        ? `No tool call \`${id}\` is open before the turn.`
        : 'A tool message must have the `tool_call_id` of the call that it answers.',
    );
  }
}

/** A turn as a fork has it. */
function takenTurn(turn: TurnRecord, edited: (message: ChatMessage) => ChatMessage): TurnRecord {
  const message = turn.message && edited(turn.message);
  return {
    ...turn,
    ...withoutUsage,
    message,
    // The vendor's own parts say what the model said. They would be sent in place of the new text.
    parts: message === turn.message ? turn.parts : null,
    results: turn.results.map(edited),
    continuation: turn.continuation?.map(edited) ?? null,
  };
}

/** Zeros and not nulls: what is unknown in one turn is unknown for the log. */
const withoutUsage = {
  input_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  prompt_cost: 0,
  output_cost: 0,
  price_table: null,
  provider_request: null,
  shared_messages: 0,
  provider_response: null,
};

/** The last turn before the fork's first, with the messages that a request adds. */
function continued(turn: TurnRecord, added: readonly ChatMessage[]): TurnRecord {
  const before = turn.continuation;
  if (before) return { ...turn, continuation: [...before, ...added] };
  const isOpen = pendingCalls(turn).length > 0;
  const hasCalls = (turn.message?.tool_calls ?? []).length > 0;
  if (!isOpen && added.length === 0) {
    if (hasCalls) return turn;
    throw invalid(
      ['body', 'messages'],
      'The model has answered in the turn before, and nothing follows. Give `messages` for it to answer.',
    );
  }
  return { ...turn, continuation: checkedAnswers(turn, added) };
}
