import { isRecord } from '../../kernel/json-object.ts';
import type { ModelRequest } from '../provider.ts';
import { isWantedBack } from '../wanted-back.ts';

/**
 * Restores what the package changes in messages: the role `developer`, tool-call arguments that are
 * no JSON object, which the model should see as it wrote them, and fields that the server wants
 * back.
 */
export function withMessagesAsGiven(
  body: Readonly<Record<string, unknown>>,
  { messages: given }: ModelRequest,
  { hasDevelopers }: { readonly hasDevelopers: boolean },
): object {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length !== given.length) return body;
  let isChanged = false;
  const adapted = messages.map((sent: unknown, index) => {
    const message = given[index]?.message;
    if (!isRecord(sent) || message === undefined) return sent;
    if (hasDevelopers && message.role === 'developer' && sent['role'] === 'system') {
      isChanged = true;
      return { ...sent, role: 'developer' };
    }
    const calls = message.tool_calls ?? [];
    const wanted = given[index]?.parts?.find(isWantedBack);
    if (message.role !== 'assistant' || (calls.length === 0 && !wanted)) return sent;
    isChanged = true;
    return {
      ...sent,
      ...wanted?.message,
      ...(calls.length > 0 && {
        tool_calls: calls.map(({ id, type, function: call }, at) => ({
          id,
          type,
          function: { name: call.name, arguments: call.arguments ?? '{}' },
          ...wanted?.calls[at],
        })),
      }),
    };
  });
  return isChanged ? { ...body, messages: adapted } : body;
}
