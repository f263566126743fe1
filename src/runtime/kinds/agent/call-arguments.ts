import type { ToolCall } from '../../../contract/chat.ts';

/** The arguments of a call; undefined unless they are a JSON object. */
export function argumentsOf(call: ToolCall): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(call.function.arguments || '{}');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The result of a call whose arguments are not a JSON object. The model can try again. */
export const badArguments = 'the arguments of the call are not a JSON object.';
