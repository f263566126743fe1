import { crc32 } from 'node:zlib';
import {
  callsOf,
  chunksOf,
  type FakeAnswer,
  type FakeThinking,
  type FakeWire,
  fragments,
  parsed,
  someUsage,
  textOf,
} from './answer.ts';

/**
 * Amazon's Converse API:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html
 */
export const converse: FakeWire = {
  path: /\/model\/[^/]+\/converse(?:-stream)?$/,
  contentType: 'application/vnd.amazon.eventstream',
  isStream: ({ path }) => path.endsWith('/converse-stream'),
  whole: (answer) => ({
    metrics: { latencyMs: 42 },
    output: { message: { role: 'assistant', content: contentOf(answer) } },
    stopReason: stopReason(answer),
    usage: usageOf(answer),
    ...answer.extra,
  }),
  events(answer) {
    const events = [frame('messageStart', { role: 'assistant' })];
    let index = 0;
    const block = (start: object | undefined, deltas: readonly object[]) => {
      if (start) events.push(frame('contentBlockStart', { contentBlockIndex: index, start }));
      for (const delta of deltas) {
        events.push(frame('contentBlockDelta', { contentBlockIndex: index, delta, p: 'abcdef' }));
      }
      events.push(frame('contentBlockStop', { contentBlockIndex: index++ }));
    };
    for (const part of answer.thinking ?? []) {
      const pieces =
        'redacted' in part
          ? [{ redactedContent: part.redacted }]
          : [...chunksOf(part.thinking).map((text) => ({ text })), { signature: part.signature }];
      block(
        undefined,
        pieces.map((reasoningContent) => ({ reasoningContent })),
      );
    }
    if (textOf(answer) !== '') {
      block(
        undefined,
        chunksOf(answer.text ?? '').map((text) => ({ text })),
      );
    }
    for (const { id, name, text } of callsOf(answer, 'tooluse')) {
      block(
        { toolUse: { toolUseId: id, name } },
        fragments(text).map((input) => ({ toolUse: { input } })),
      );
    }
    const end = { metrics: { latencyMs: 42 }, usage: usageOf(answer), ...answer.extra };
    return [
      ...events,
      frame('messageStop', { stopReason: stopReason(answer) }),
      frame('metadata', end),
    ];
  },
  lastEvents: () => 2,
  event(data) {
    if (typeof data === 'string') return frame('contentBlockDelta', data);
    const [[type, payload] = ['', {}]] = Object.entries(data as object);
    return frame(type, payload);
  },
};

/**
 * A message of Amazon's binary streams: lengths, a checksum of them, headers, the payload, a checksum
 * of it all. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html
 */
function frame(type: string, payload: unknown): Uint8Array {
  const isException = type.endsWith('Exception');
  const headers = Buffer.concat([
    header(isException ? ':exception-type' : ':event-type', type),
    header(':content-type', 'application/json'),
    header(':message-type', isException ? 'exception' : 'event'),
  ]);
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  const start = Buffer.concat([prelude, checksum(prelude), headers, body]);
  return Buffer.concat([start, checksum(start)]);
}

function header(name: string, value: string): Uint8Array {
  const text = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  const TEXT = 7;
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([TEXT]),
    length,
    text,
  ]);
}

function checksum(bytes: Uint8Array): Uint8Array {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

function contentOf(answer: FakeAnswer) {
  const text = textOf(answer);
  return [
    ...(answer.thinking ?? []).map((part) => ({ reasoningContent: reasoningOf(part) })),
    ...(text === '' ? [] : [{ text }]),
    ...callsOf(answer, 'tooluse').map(({ id, name, text: json }) => ({
      toolUse: { toolUseId: id, name, input: parsed(json) },
    })),
  ];
}

function reasoningOf(part: FakeThinking) {
  return 'redacted' in part
    ? { redactedContent: part.redacted }
    : { reasoningText: { text: part.thinking, signature: part.signature } };
}

function stopReason({ finishReason, toolCalls }: FakeAnswer): string {
  return finishReason ?? (toolCalls ? 'tool_use' : 'end_turn');
}

function usageOf({ usage }: FakeAnswer) {
  const { input, cacheRead, cacheWrite, output } = usage ?? someUsage;
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + (cacheRead ?? 0) + (cacheWrite ?? 0) + output,
    ...(cacheRead === undefined ? {} : { cacheReadInputTokens: cacheRead }),
    ...(cacheWrite === undefined ? {} : { cacheWriteInputTokens: cacheWrite }),
  };
}
