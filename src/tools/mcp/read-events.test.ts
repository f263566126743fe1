import { expect, test } from 'vitest';
import { readEvents } from './read-events.ts';

/** The events of a text whose bytes come in pieces of a size. */
async function eventsOf(text: string, size: number) {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.slice(index * size, (index + 1) * size),
  );
  return Array.fromAsync(readEvents(ReadableStream.from(pieces)));
}

const sizes = [1, 2, 3, 5, 1_000];

test.each(sizes)('a stream in pieces of %i bytes is read, with any line ends', async (size) => {
  const stream =
    '\uFEFF: comment\r\n\r\nid: 1\r\nretry: 70\r\ndata:\r\n\r\n' +
    'event: message\rdata: é\rdata:  two\r\r' +
    'retry: soon\nid\ndata: last';
  expect(await eventsOf(stream, size)).toEqual([
    { id: '1', retryMs: 70, data: '' },
    { name: 'message', data: 'é\n two' },
    { id: '', data: 'last' },
  ]);
});

test.each(sizes)('JSON in pieces of %i bytes is one event', async (size) => {
  const json = JSON.stringify({ text: 'data: é\n\nid: 1' }, null, 2);
  const [event, ...more] = await eventsOf(`\r\n ${json}\n`, size);
  expect(JSON.parse(event?.data ?? '')).toEqual(JSON.parse(json));
  expect(more).toEqual([]);
});

test('a body that is neither has no events', async () => {
  expect(await eventsOf('<html>\n\n<p>no</p>\n\n</html>', 7)).toEqual([]);
  expect(await eventsOf('', 7)).toEqual([]);
});

test('a long line in many pieces is read in one go', async () => {
  const text = 'x'.repeat(2_000_000);
  expect(await eventsOf(`data: ${text}\n\n`, 500)).toEqual([{ data: text }]);
});
