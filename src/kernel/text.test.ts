import { expect, test } from 'vitest';
import { clipText, mapStrings, storableText } from './text.ts';

test('text without NUL and lone surrogates is kept as it is', () => {
  expect(storableText('naïve 😀\n')).toBe('naïve 😀\n');
});

test('NUL and halves of surrogate pairs become U+FFFD', () => {
  expect(storableText('a\0b\ud83dc\ude00')).toBe('a\uFFFDb\uFFFDc\uFFFD');
});

test('text is clipped with an ellipsis that counts', () => {
  expect(clipText('abcdef', 6)).toBe('abcdef');
  expect(clipText('abcdefg', 6)).toBe('abcde…');
});

test('every string of a value is mapped, keys included', () => {
  const value = { a: ['x', 1, null, { x: 'yx' }], b: true };
  expect(mapStrings(value, (text) => text.replace('x', 'z'))).toEqual({
    a: ['z', 1, null, { z: 'yz' }],
    b: true,
  });
});

test('a value in which nothing changes is the same object', () => {
  const value = { a: [{ b: 'c' }] };
  expect(mapStrings(value, (text) => text)).toBe(value);
});

test('a key called __proto__ stays a key', () => {
  const value = JSON.parse('{"__proto__": {"a": "x"}}');
  expect(JSON.stringify(mapStrings(value, () => 'z'))).toBe('{"z":{"z":"z"}}');
  expect(JSON.stringify(mapStrings(value, (text) => (text === 'x' ? 'y' : text)))).toBe(
    '{"__proto__":{"a":"y"}}',
  );
});

test('what is nested too deep to store becomes null', () => {
  let value: unknown = 'bottom';
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  expect(JSON.stringify(mapStrings(value, (text) => text))).toHaveLength(500 * 2 + 4);
});
