import { expect, test } from 'vitest';
import { encodeSse, SSE_DONE } from './sse.ts';

test('an event is an id line, a data line and an empty line', () => {
  expect(encodeSse(7, { a: 'b' })).toBe('id: 7\ndata: {"a":"b"}\n\n');
});

test('an event is ASCII, and reads back as what it was', () => {
  const data = { text: 'Grüße 你好 🎉 \u2028 line\nbreak' };
  const line = encodeSse(1, data).split('\n')[1] ?? '';
  expect([...line].every((character) => character.charCodeAt(0) < 128)).toBe(true);
  expect(JSON.parse(line.slice('data: '.length))).toEqual(data);
});

test('no event has the mark of the end in it, in a value or in a key', () => {
  const data = { '[DONE]': 'so [DONE] it says' };
  const text = encodeSse(1, data);
  expect(text).not.toContain('[DONE]');
  expect(JSON.parse(text.split('\n')[1]?.slice(6) ?? '')).toEqual(data);
  expect(SSE_DONE).toBe('data: [DONE]\n\n');
});
