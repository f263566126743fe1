import { isRecord } from '../../kernel/json-object.ts';
import { callFields } from '../openai/said-in-choices.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The parts of a message's content, which may also be one part, or a text. */
export function contentOf({ content }: Fields): readonly Fields[] {
  return (Array.isArray(content) ? content : [content]).flatMap((part) => {
    if (typeof part === 'string') return part === '' ? [] : [{ type: 'text', text: part }];
    return isRecord(part) ? [part] : [];
  });
}

/** The calls of a message, in the form of chat completions; there may be one alone. */
export function callsOf({ tool_calls: calls }: Fields) {
  return (Array.isArray(calls) ? calls : [calls]).filter(isRecord).map(callFields);
}
