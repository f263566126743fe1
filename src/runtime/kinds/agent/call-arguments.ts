import type { ToolCall } from '../../../contract/chat.ts';
import { parseExactJson } from '../../../kernel/exact-json.ts';
import { isRecord } from '../../../kernel/json-object.ts';

/**
 * The arguments of a call; undefined unless they are a JSON object. Some models write that object as
 * a JSON text, and an empty list or `null` where there are none.
 */
export function argumentsOf(call: ToolCall): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = parseExactJson(call.function.arguments || '{}');
    const inner = typeof value === 'string' ? parseExactJson(value) : value;
    if (inner === null || (Array.isArray(inner) && inner.length === 0)) return {};
    return isRecord(inner) ? inner : undefined;
  } catch {
    return undefined;
  }
}

/** The result of a call whose arguments are not a JSON object. The model can try again. */
export const badArguments = 'the arguments of the call are not a JSON object.';
