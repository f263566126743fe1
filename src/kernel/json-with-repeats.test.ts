import { expect, test } from 'vitest';
import { jsonWithRepeats } from './json-with-repeats.ts';

test('reads back as the value, however often its parts are repeated', () => {
  const a = { name: 'a "quoted" \\ name', list: [1, null, { deep: true }] };
  const b = { name: 'b' };
  const value = { a, list: [a, b, { inside: a, text: '"0"' }], plain: 1, last: b };
  const expected = JSON.parse(JSON.stringify(value));
  expect(JSON.parse(jsonWithRepeats(value, [a, b]))).toEqual(expected);
});

test('objects that stand nowhere, and none at all, change nothing', () => {
  const value = { list: [1, 'two', null], nothing: undefined };
  expect(jsonWithRepeats(value, [])).toBe(JSON.stringify(value));
  expect(jsonWithRepeats(value, [{ elsewhere: true }])).toBe(JSON.stringify(value));
});
