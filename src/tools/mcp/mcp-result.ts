import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';

/** The result of a call as text, which is all that a tool message of every vendor can hold. */
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
