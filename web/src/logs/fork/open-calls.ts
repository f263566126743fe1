import type { LogResponse } from '../../api/types.ts';
import type { CallBlock } from '../conversation/blocks.ts';
import { readJsonText } from '../values/json-text.ts';

/** The calls of the last turn of an agent that nobody has answered. */
export function openCallsOf({ messages }: Pick<LogResponse, 'messages'>): readonly CallBlock[] {
  const last = messages.findLast(({ role }) => role === 'assistant');
  const answered = new Set(messages.map(({ tool_call_id: id }) => id));
  return (last?.tool_calls ?? [])
    .filter(({ id }) => !answered.has(id))
    .map(({ id, function: { name, arguments: text } }) => ({
      type: 'call',
      id,
      name,
      argumentsText: text ?? '',
      arguments: readJsonText(text ?? ''),
      status: 'waiting',
      result: undefined,
      saying: '',
      span: undefined,
    }));
}
