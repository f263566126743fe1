import { isDeepStrictEqual } from 'node:util';
import type { ChatMessage } from '../../../contract/chat.ts';
import { type Fault, PlatformError } from '../../../kernel/errors.ts';
import { pendingCalls } from '../../../logs/conversation.ts';
import type { LogView, TurnRecord } from '../../../logs/log-record.ts';

/** Whether a continue with these messages was made before. */
export function hasContinuedWith({ turns }: LogView, messages: readonly ChatMessage[]): boolean {
  return turns.some((turn) => {
    if (!turn.continuation) return false;
    const { answers, faults } = answersTo(turn, messages);
    return faults.length === 0 && isDeepStrictEqual(answers, turn.continuation);
  });
}

/**
 * The messages of a continue; see {@link answersTo}. @throws `invalid` when they do not answer the
 * open calls.
 */
export function checkedAnswers(
  turn: TurnRecord,
  messages: readonly ChatMessage[],
): readonly ChatMessage[] {
  const { answers, faults } = answersTo(turn, messages);
  if (faults.length === 0) return answers;
  throw new PlatformError(
    'invalid',
    'invalid',
    'The messages do not answer the pending tool calls.',
    {
      faults,
    },
  );
}

/**
 * The messages of a continue in the order that vendors want: first the answers, in the order of
 * their calls, then the rest. An answer to a call that the server has answered is left out.
 */
function answersTo(
  turn: TurnRecord,
  messages: readonly ChatMessage[],
): { readonly answers: readonly ChatMessage[]; readonly faults: readonly Fault[] } {
  const pending = pendingCalls(turn).map(({ id }) => id);
  const known = new Set((turn.message?.tool_calls ?? []).map(({ id }) => id));
  const answers = new Map<string, ChatMessage>();
  const faults: Fault[] = [];
  messages.forEach((message, index) => {
    if (message.role !== 'tool') return;
    const id = message.tool_call_id;
    const fault = (msg: string) =>
      faults.push({ loc: ['body', 'messages', index, 'tool_call_id'], msg, type: 'value_error' });
    if (!id) fault('A tool message must have the `tool_call_id` of the call that it answers.');
    else if (!known.has(id)) fault(`The agent made no tool call \`${id}\`.`);
    else if (answers.has(id)) fault(`Tool call \`${id}\` is answered twice.`);
    else answers.set(id, message);
  });
  const missing = pending.filter((id) => !answers.has(id));
  if (missing.length > 0) {
    const ids = missing.map((id) => `\`${id}\``).join(', ');
    faults.push({
      loc: ['body', 'messages'],
      msg: `Tool messages are missing for these tool calls: ${ids}.`,
      type: 'value_error',
    });
  }
  const ordered = pending.flatMap((id) => answers.get(id) ?? []);
  return { answers: [...ordered, ...messages.filter(({ role }) => role !== 'tool')], faults };
}
