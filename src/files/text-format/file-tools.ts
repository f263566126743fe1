import { isRecord } from '../../kernel/json-object.ts';

/**
 * A tool of a file, with what people leave out or write otherwise: in OpenAI's form
 * (`{type: 'function', function: {…}}`) it is that function, and a function without a description,
 * which OpenAI takes, has an empty one, because v5 clients expect a text.
 */
export function plainTool(tool: unknown): unknown {
  if (!isRecord(tool)) return tool;
  if (tool['type'] === 'function' && isRecord(tool['function'])) {
    const { type: _, function: described, ...others } = tool;
    return plainTool({ ...described, ...others });
  }
  if (isRecord(tool['json_schema'])) {
    return { ...tool, json_schema: plainTool(tool['json_schema']) };
  }
  const hasName = typeof tool['name'] === 'string';
  return hasName && (tool['description'] ?? null) === null ? { ...tool, description: '' } : tool;
}
