import {
  callsOf,
  chunksOf,
  type FakeAnswer,
  type FakeWire,
  fragments,
  named,
  someUsage,
  textOf,
} from './answer.ts';

/** Cohere's chats: https://docs.cohere.com/reference/chat and its page on streams. */
export const cohereChat: FakeWire = {
  path: /\/v2\/chat$/,
  whole: (answer) => ({
    id: 'c14c80c3-fake',
    message: {
      role: 'assistant',
      content: contentOf(answer),
      ...(answer.toolCalls && { tool_calls: toolCalls(answer) }),
    },
    ...endOf(answer),
    ...answer.extra,
  }),
  events(answer) {
    const start = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };
    const events = [
      named({
        type: 'message-start',
        id: 'c14c80c3-fake',
        ...answer.extra,
        delta: { message: start },
      }),
    ];
    const content = (type: string, index: number, given?: object) =>
      named({ type, index, ...(given && { delta: { message: { content: given } } }) });
    const blocks = [
      ...thoughtsOf(answer).map((text) => ({ type: 'thinking', chunks: chunksOf(text) })),
      ...(textOf(answer) === '' ? [] : [{ type: 'text', chunks: chunksOf(answer.text ?? '') }]),
    ];
    blocks.forEach(({ type, chunks }, index) => {
      events.push(content('content-start', index, { type, [type]: '' }));
      for (const chunk of chunks) events.push(content('content-delta', index, { [type]: chunk }));
      events.push(content('content-end', index));
    });
    toolCalls(answer).forEach((call, index) => {
      const tool = (type: string, given?: object) =>
        named({ type, index, ...(given && { delta: { message: { tool_calls: given } } }) });
      const { arguments: json, ...ofCall } = call.function;
      events.push(tool('tool-call-start', { ...call, function: { ...ofCall, arguments: '' } }));
      for (const part of fragments(json)) {
        events.push(tool('tool-call-delta', { function: { arguments: part } }));
      }
      events.push(tool('tool-call-end'));
    });
    return [...events, named({ type: 'message-end', id: 'c14c80c3-fake', delta: endOf(answer) })];
  },
  lastEvents: () => 1,
};

function thoughtsOf({ thinking = [] }: FakeAnswer): string[] {
  return thinking.flatMap((part) => ('thinking' in part ? [part.thinking] : []));
}

function contentOf(answer: FakeAnswer) {
  const text = textOf(answer);
  return [
    ...thoughtsOf(answer).map((thinking) => ({ type: 'thinking', thinking })),
    ...(text === '' ? [] : [{ type: 'text', text }]),
  ];
}

function toolCalls(answer: FakeAnswer) {
  return callsOf(answer, 'call').map(({ id, name, text }) => ({
    id,
    type: 'function',
    function: { name, arguments: text },
  }));
}

function endOf({ finishReason, toolCalls: calls, usage }: FakeAnswer) {
  const { input, cacheRead, output } = usage ?? someUsage;
  const billed = { input_tokens: input + (cacheRead ?? 0), output_tokens: output };
  return {
    finish_reason: finishReason ?? (calls ? 'TOOL_CALL' : 'COMPLETE'),
    usage: {
      billed_units: billed,
      // What Cohere adds around a conversation is counted here, and is not billed.
      tokens: { input_tokens: billed.input_tokens + 60, output_tokens: output + 2 },
      ...(cacheRead === undefined ? {} : { cached_tokens: cacheRead }),
    },
  };
}
