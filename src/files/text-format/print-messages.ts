import type { ChatContentPart, ChatMessage, ToolCall } from '../../contract/chat.ts';
import { indented } from './message-text.ts';
import { openingTag } from './tag.ts';

/**
 * Messages in tags, with a blank line between them. Leaves out what tags cannot express; the caller
 * reads the text back to find out.
 */
export function printMessages(messages: readonly ChatMessage[]): string {
  return messages.map(printMessage).join('\n');
}

function printMessage({
  role,
  content,
  name,
  tool_call_id: id,
  tool_calls: calls,
}: ChatMessage): string {
  const attributes = role === 'tool' ? { name: name ?? undefined, id: id ?? undefined } : {};
  const inner = calls ? calls.map(printCall).join('') : printContent(content);
  return `${openingTag(role, attributes)}>\n${inner}</${role}>\n`;
}

function printContent(content: ChatMessage['content']): string {
  if (typeof content === 'string') return indented(content, '  ');
  return (content ?? []).map(printPart).join('');
}

function printPart(part: ChatContentPart): string {
  switch (part.type) {
    case 'text':
      return `  <text>\n${indented(part.text, '    ')}  </text>\n`;
    case 'image_url': {
      const { url, detail } = part.image_url;
      return `  ${openingTag('image', { url, detail: detail ?? undefined })} />\n`;
    }
  }
}

function printCall({ id, function: { name, arguments: written } }: ToolCall): string {
  return `  ${openingTag('tool', { name, id })}>\n${indented(written ?? '', '    ')}  </tool>\n`;
}
