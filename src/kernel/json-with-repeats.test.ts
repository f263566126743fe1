import { expect, test } from 'vitest';
import { jsonWithRepeats } from './json-with-repeats.ts';

test('reads back as the values, however often their parts are repeated', () => {
  const a = { name: 'a "quoted" \\ name', list: [1, null, { deep: true }] };
  const b = { name: 'b' };
  const value = { a, list: [a, b, { inside: a, text: '"0"' }], plain: 1, last: b };
  const expected = JSON.parse(JSON.stringify(value));
  const texts = jsonWithRepeats([value, { b }], [a, b]);
  expect(texts.map((text) => JSON.parse(text))).toEqual([expected, { b: { name: 'b' } }]);
});

test('objects that stand nowhere, and none at all, change nothing', () => {
  const value = { list: [1, 'two', null], nothing: undefined };
  expect(jsonWithRepeats([value], [])).toEqual([JSON.stringify(value)]);
  expect(jsonWithRepeats([value], [{ elsewhere: true }])).toEqual([JSON.stringify(value)]);
});
