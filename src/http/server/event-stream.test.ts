import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import {
  bareEvents,
  EventStream,
  type NumberedEvent,
  numberedEvents,
  type StreamEnd,
} from './event-stream.ts';

const body = { output: 'Hello.' };

test('a bare stream has no line but `data:` and empty ones, in silence and at its end, too', () => {
  const { event, ping, end } = bareEvents;
  const text = event({ number: 1, body }) + ping + event({ number: 2, body });
  for (const ending of [end.done, end.broken_off]) {
    const lines = (text + ending).split('\n').filter((line) => line !== '');
    expect(lines.map((line) => JSON.parse(line.replace('data: ', '')))).toEqual([body, body]);
  }
});

test('a numbered stream says how it ended, and when to come back', () => {
  const { event, ping, end } = numberedEvents;
  expect(event({ number: 7, body })).toBe('id: 7\ndata: {"output":"Hello."}\n\n');
  expect(ping).toBe(': ping\n\n');
  expect(end).toEqual({ done: 'data: [DONE]\n\n', broken_off: 'retry: 1000\n\n' });
});

afterEach(() => vi.useRealTimers());

test('a stream pings in every 15 seconds of silence, and a ping is no event', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const { stream, say } = silentStream();
  vi.advanceTimersByTime(14_999);
  expect(read(stream)).toBe('');
  vi.advanceTimersByTime(1);
  expect(read(stream)).toBe(': ping\n\n');
  vi.advanceTimersByTime(10_000);
  await say({ number: 1, body });
  expect(read(stream)).toBe('id: 1\ndata: {"output":"Hello."}\n\n');
  // The silence begins anew with the event.
  vi.advanceTimersByTime(14_999);
  expect(read(stream)).toBe('');
  vi.advanceTimersByTime(15_001);
  expect(read(stream)).toBe(': ping\n\n: ping\n\n');
  stream.destroy();
});

/** A stream that says nothing until it is told to, and somebody who reads it. */
function silentStream() {
  let next = Promise.withResolvers<NumberedEvent>();
  async function* events(): AsyncGenerator<NumberedEvent, StreamEnd> {
    for (;;) yield await next.promise;
  }
  const stream = new EventStream(events(), numberedEvents, () => undefined);
  stream.setEncoding('utf8');
  stream.read();
  return {
    stream,
    async say(event: NumberedEvent) {
      const { resolve } = next;
      next = Promise.withResolvers();
      resolve(event);
      await setImmediate();
    },
  };
}

function read(stream: EventStream): string {
  return (stream.read() as string | null) ?? '';
}
