import { expect, test } from 'vitest';
import { bareEvents, numberedEvents } from './event-stream.ts';

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
