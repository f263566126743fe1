import type { ChatMessage } from '../../contract/chat.ts';

/** The text of a message's content; an image is the mark `[image]`. */
export function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => (part.type === 'text' ? part.text : '[image]')).join(' ');
}
