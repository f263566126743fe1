import type { ChatMessage } from '../contract/chat.ts';

/** The text of a message: its content, or its text parts joined; null when it has none. */
export function textOf({ content }: ChatMessage): string | null {
  if (content === null || content === undefined || typeof content === 'string') {
    return content || null;
  }
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return texts.length === 0 ? null : texts.join('');
}
