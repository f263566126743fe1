import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';

/** The result of a tool call as text: the tool messages of some vendors can hold nothing else. */
export function textOfResult({ content = [], structuredContent }: CallToolResult): string {
  if (content.length > 0) return content.map(textOfPart).join('\n');
  return structuredContent === undefined ? '' : JSON.stringify(structuredContent);
}

function textOfPart(part: ContentBlock): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'resource':
      return 'text' in part.resource
        ? part.resource.text
        : `[${part.resource.mimeType ?? 'binary data'}: ${part.resource.uri}]`;
    case 'resource_link':
      return `[${part.name}: ${part.uri}]`;
    case 'image':
    case 'audio':
      return `[${part.mimeType}]`;
  }
}
