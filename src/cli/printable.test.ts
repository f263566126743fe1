import { expect, test } from 'vitest';
import { printable, printableLines } from './printable.ts';

test.each([
  ['colours and cursor', '\u001b[2J\u001b[31mred', '\\u001b[2J\\u001b[31mred'],
  ['the eight-bit form of it', '\u009b2J', '\\u009b2J'],
  ['a title, and its end', '\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
  ['what goes back over the line', 'safe\r\b\u007fevil', 'safe\\u000d\\u0008\\u007fevil'],
  ['a turned direction', 'a\u202egpj.exe\u2066', 'a\\u202egpj.exe\\u2066'],
  ['separators of lines', 'a\u2028b\u2029c\u0085', 'a\\u2028b\\u2029c\\u0085'],
  ['what is not seen', 'a\u200b\ufeff\u{e0041}', 'a\\u200b\\ufeff\\udb40\\udc41'],
  ['half of a pair', 'a\ud83d', 'a\\ud83d'],
])('%s is written out', (_, text, written) => {
  expect(printable(text)).toBe(written);
});

test('what people write stays', () => {
  const text = 'Grüße, 你好, שלום, नमस्ते, می‌خواهم, 👩‍👩‍👧, └─ $1 "quoted" \\ 50 %';
  expect(printable(text)).toBe(text);
});

test('JSON means the same as before', () => {
  const value = { said: 'a\u009b2J\u{e0041}\u202e\n"\\', 'key\u0085': ['\u007f', '\u001b'] };
  const text = printableLines(JSON.stringify(value, null, 2));
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toMatch(/^[\n -~]+$/);
});
