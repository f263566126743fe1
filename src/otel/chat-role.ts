import type { ChatMessage } from '../contract/chat.ts';

const roles: ReadonlyMap<string, ChatMessage['role']> = new Map([
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['chatbot', 'assistant'],
  ['model', 'assistant'],
  ['ai', 'assistant'],
  ['system', 'system'],
  ['developer', 'developer'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);

/** Our role for a vendor's name of it: Cohere's `CHATBOT` is the assistant. */
export function chatRole(
  name: string | null | undefined,
  unknown: ChatMessage['role'] = 'user',
): ChatMessage['role'] {
  return roles.get(name?.toLowerCase() ?? '') ?? unknown;
}
