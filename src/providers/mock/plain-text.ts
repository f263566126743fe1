import type { ChatMessage } from '../../contract/chat.ts';

/** The text of a message's content, with `[image]` in place of each image. */
export function plainText({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : '[image]')).join(' ');
}
