import { expect, test } from 'vitest';
import { mendMessages } from './anthropic/mend-messages.ts';
import { mendedStream } from './mended-stream.ts';

const events = [
  { type: 'message_start', message: {} },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Aye.' } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
].map((event) => `data:${JSON.stringify(event)}\r\n\r\n`);

/** What a package reads of these texts, after which the connection breaks. */
async function read(texts: readonly string[], chunks: unknown[] = []): Promise<string> {
  const left = [...texts];
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      const text = left.shift();
      if (text === undefined) controller.error(new Error('The connection broke.'));
      else controller.enqueue(new TextEncoder().encode(text));
    },
  });
  const { events } = mendMessages(() => undefined);
  return new Response(mendedStream(source, events, (chunk) => chunks.push(chunk))).text();
}

test('events are the same however they are cut', async () => {
  const whole = await read(events);
  expect(whole).toContain('"text":"Aye."');
  expect(await read(events.join('').split(/(?<=.)/s))).toBe(whole);
});

test('a whole answer is not lost with its connection', async () => {
  expect(await read(events)).toMatch(/data: \{"type":"message_stop"\}\n\n$/);
});

test('half an answer is', async () => {
  await expect(read(events.slice(0, 2))).rejects.toThrow('The connection broke.');
});

test('the events are kept as they came', async () => {
  const chunks: unknown[] = [];
  await read(events, chunks);
  expect(chunks[0]).toEqual({ type: 'message_start', message: {} });
  expect(chunks).toHaveLength(3);
});
