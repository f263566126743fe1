import {
  callsOf,
  chunksOf,
  type FakeAnswer,
  type FakeRequest,
  type FakeThinking,
  type FakeUsage,
  type FakeWire,
  fragments,
  named,
  parsed,
  someUsage,
  textOf,
} from './answer.ts';

/** Anthropic's messages: https://platform.claude.com/docs/en/api/messages */
export const messages: FakeWire = {
  path: /\/v1\/messages$/,
  whole: message,
  events: messageEvents,
  lastEvents: () => 2,
};

function anthropicUsage(usage: FakeUsage | null = someUsage) {
  const { input, cacheRead = 0, cacheWrite = 0, output, reasoning } = usage ?? someUsage;
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: output,
    ...(reasoning ? { output_tokens_details: { thinking_tokens: reasoning } } : {}),
    service_tier: 'standard',
  };
}

function messageFrame({ extra }: FakeAnswer, { body }: FakeRequest) {
  return { id: 'msg_fake', type: 'message', role: 'assistant', model: body['model'], ...extra };
}

function messageFinish(answer: FakeAnswer): string {
  return answer.finishReason ?? (answer.toolCalls ? 'tool_use' : 'end_turn');
}

function thinkingBlock(part: FakeThinking) {
  return 'redacted' in part
    ? { type: 'redacted_thinking', data: part.redacted }
    : { type: 'thinking', ...part };
}

function message(answer: FakeAnswer, request: FakeRequest) {
  const text = textOf(answer);
  return {
    ...messageFrame(answer, request),
    content: [
      ...(answer.thinking ?? []).map(thinkingBlock),
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...callsOf(answer, 'toolu').map(({ id, name, text: json }) => ({
        type: 'tool_use',
        id,
        name,
        input: parsed(json),
      })),
    ],
    stop_reason: messageFinish(answer),
    stop_sequence: null,
    usage: anthropicUsage(answer.usage),
  };
}

function messageEvents(answer: FakeAnswer, request: FakeRequest): string[] {
  const usage = anthropicUsage(answer.usage);
  const { output_tokens: output, output_tokens_details: details, ...ofInput } = usage;
  const start = {
    ...messageFrame(answer, request),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...ofInput, output_tokens: 1 },
  };
  const events = [named({ type: 'message_start', message: start }), named({ type: 'ping' })];
  let index = 0;
  const block = (content: object, deltas: readonly object[]) => {
    events.push(named({ type: 'content_block_start', index, content_block: content }));
    for (const delta of deltas) events.push(named({ type: 'content_block_delta', index, delta }));
    events.push(named({ type: 'content_block_stop', index: index++ }));
  };
  for (const part of answer.thinking ?? []) {
    if ('redacted' in part) block(thinkingBlock(part), []);
    else {
      block({ type: 'thinking', thinking: '', signature: '' }, [
        ...chunksOf(part.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: part.signature },
      ]);
    }
  }
  if (textOf(answer) !== '') {
    const chunks = chunksOf(answer.text ?? '');
    block(
      { type: 'text', text: '' },
      chunks.map((text) => ({ type: 'text_delta', text })),
    );
  }
  for (const { id, name, text } of callsOf(answer, 'toolu')) {
    block({ type: 'tool_use', id, name, input: {} }, [
      { type: 'input_json_delta', partial_json: '' },
      ...fragments(text).map((part) => ({ type: 'input_json_delta', partial_json: part })),
    ]);
  }
  events.push(
    named({
      type: 'message_delta',
      delta: { stop_reason: messageFinish(answer), stop_sequence: null },
      usage: { output_tokens: output, ...(details && { output_tokens_details: details }) },
    }),
    named({ type: 'message_stop' }),
  );
  return events;
}
