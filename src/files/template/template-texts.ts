import type { ChatContentPart, ChatMessage } from '../../contract/chat.ts';
import type { Fault } from '../../kernel/errors.ts';

/** One text of a template, and its place: `['body', 'template', 0, 'content']`. */
export interface TemplateText {
  readonly text: string;
  readonly loc: Fault['loc'];
}

/**
 * The texts to render: the contents of messages, and of contents that are lists the texts and the
 * URLs of images that have code in them.
 */
export function textsIn(messages: readonly ChatMessage[]): TemplateText[] {
  return messages.flatMap(({ content }, index) => {
    const loc = ['body', 'template', index, 'content'];
    if (typeof content === 'string') return [{ text: content, loc }];
    return (content ?? []).flatMap((part, at) => {
      if (part.type === 'text') return [{ text: part.text, loc: [...loc, at, 'text'] }];
      const { url } = part.image_url;
      return mayHaveCode(url) ? [{ text: url, loc: [...loc, at, 'image_url', 'url'] }] : [];
    });
  });
}

/** The messages with new texts, in the order of {@link textsIn}. */
export function withTexts(
  messages: readonly ChatMessage[],
  texts: readonly string[],
): ChatMessage[] {
  const rest = texts.values();
  const nextText = (old: string): string => rest.next().value ?? old;
  const withText = (part: ChatContentPart): ChatContentPart => {
    if (part.type === 'text') return { ...part, text: nextText(part.text) };
    const { image_url: image } = part;
    if (!mayHaveCode(image.url)) return part;
    return { ...part, image_url: { ...image, url: nextText(image.url) } };
  };

  return messages.map((message) => {
    const { content } = message;
    if (typeof content === 'string') return { ...message, content: nextText(content) };
    return content ? { ...message, content: content.map(withText) } : message;
  });
}

/** An image is mostly megabytes of base64, which no template language should read. */
function mayHaveCode(url: string): boolean {
  return url.includes('{{') || url.includes('{%');
}
