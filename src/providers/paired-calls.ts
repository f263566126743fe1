import type { ChatMessage } from '../contract/chat.ts';
import type { PromptMessage } from './provider.ts';

/** The result of a call that nobody answered: a tool that ended the run, or a history that was cut. */
const noResult = 'There is no result: the call was not run.';

/**
 * A conversation in which every call has one result, right after the message that makes it, and no
 * result is without its call. Vendors refuse any other.
 *
 * @returns the same messages when nothing is missing.
 */
export function withPairedCalls(messages: readonly PromptMessage[]): {
  readonly messages: readonly PromptMessage[];
  readonly warnings: readonly string[];
} {
  const paired: PromptMessage[] = [];
  const warnings = new Set<string>();
  /** The calls of the last message that have no result yet. */
  let open = new Map<string, string>();
  /** Results without a call, which stand after the results that have one. */
  let strays: PromptMessage[] = [];
  const close = () => {
    for (const [id, name] of open) {
      warnings.add(`A call of \`${name}\` has no result; the model is told so.`);
      paired.push({ message: { role: 'tool', tool_call_id: id, content: noResult } });
    }
    paired.push(...strays);
    open = new Map();
    strays = [];
  };
  for (const said of messages) {
    const { message } = said;
    if (message.role !== 'tool') {
      close();
      open = new Map(message.tool_calls?.map((call) => [call.id, call.function.name]));
      paired.push(said);
    } else if (open.delete(message.tool_call_id ?? '')) {
      paired.push(said);
    } else {
      warnings.add('The result of a tool has no call; it is sent as a message of the user.');
      strays.push({ message: asUser(message) });
    }
  }
  close();
  return warnings.size === 0
    ? { messages, warnings: [] }
    : { messages: paired, warnings: [...warnings] };
}

function asUser({ content, tool_call_id: id }: ChatMessage): ChatMessage {
  const label = `Result of the tool call ${id ?? ''}`.trim();
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  return { role: 'user', content: [{ type: 'text', text: `${label}:` }, ...(parts ?? [])] };
}
