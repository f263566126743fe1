import type { ChatContentPart, ChatMessage } from '../../contract/chat.ts';
import type { Fault } from '../../kernel/errors.ts';

/** One text of a template, and its place: `['body', 'template', 0, 'content']`. */
export interface TemplateText {
  readonly text: string;
  readonly loc: Fault['loc'];
}

/** The texts to render: the contents of messages, and text parts of contents that are lists. */
export function textsIn(messages: readonly ChatMessage[]): TemplateText[] {
  return messages.flatMap(({ content }, index) => {
    const loc = ['body', 'template', index, 'content'];
    if (typeof content === 'string') return [{ text: content, loc }];
    return (content ?? []).flatMap((part, at) =>
      part.type === 'text' ? [{ text: part.text, loc: [...loc, at, 'text'] }] : [],
    );
  });
}

/** The messages with new texts, in the order of {@link textsIn}. */
export function withTexts(
  messages: readonly ChatMessage[],
  texts: readonly string[],
): ChatMessage[] {
  const rest = texts.values();
  const nextText = (old: string): string => rest.next().value ?? old;
  const withText = (part: ChatContentPart): ChatContentPart =>
    part.type === 'text' ? { ...part, text: nextText(part.text) } : part;

  return messages.map((message) => {
    const { content } = message;
    if (typeof content === 'string') return { ...message, content: nextText(content) };
    return content ? { ...message, content: content.map(withText) } : message;
  });
}
