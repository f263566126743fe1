import { randomUUID } from 'node:crypto';
import { isRecord } from '../../kernel/json-object.ts';
import { inputOf } from '../input-of-call.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Blocks that the package reads, and that an answer can do without. */
const otherBlocks = new Set([
  'advisor_tool_result',
  'bash_code_execution_tool_result',
  'code_execution_tool_result',
  'compaction',
  'container_upload',
  'fallback',
  'mcp_tool_result',
  'mcp_tool_use',
  'server_tool_use',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
  'web_fetch_tool_result',
  'web_search_tool_result',
]);

export function isOtherBlock({ type }: Fields): boolean {
  return otherBlocks.has(String(type));
}

/** A block that an answer needs, with all that the package wants in it; undefined for others. */
export function essentialBlock(given: Fields): Fields | undefined {
  const { type } = given;
  switch (type) {
    case 'text':
      return { type, text: text(given['text']) };
    case 'thinking':
      return { type, thinking: text(given['thinking']), signature: text(given['signature']) };
    case 'redacted_thinking':
      return { type, data: text(given['data']) };
    case 'tool_use': {
      const { id, name, input, caller } = given;
      return {
        type,
        id: text(id) || `toolu_${randomUUID().replaceAll('-', '')}`,
        name: text(name),
        input: inputOf(input),
        ...(isRecord(caller) && { caller }),
      };
    }
    default:
      return undefined;
  }
}

/** The blocks of a content, which may be one block, or a text. */
export function blocksOf(content: unknown): readonly unknown[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (isRecord(content)) return [content];
  return Array.isArray(content) ? content : [];
}

/** The kind of a piece of a block; some servers leave it out. */
export function deltaType(delta: Fields): string {
  if (typeof delta['type'] === 'string') return delta['type'];
  if (typeof delta['text'] === 'string') return 'text_delta';
  return typeof delta['partial_json'] === 'string' ? 'input_json_delta' : 'undefined';
}

/** A text, which some servers send as parts; '' for anything else. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(text).join('');
  return isRecord(value) && typeof value['text'] === 'string' ? value['text'] : '';
}

/** The text of an input or of a piece of it, which some servers send as an object. */
export function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value);
}
