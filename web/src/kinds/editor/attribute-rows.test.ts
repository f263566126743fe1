import { expect, test } from 'vitest';
import { cellText, readCell, rowsOf, valuesOf } from './attribute-rows.ts';

test.each([
  ['three', 'three'],
  ['3', 3],
  ['-1.5', -1.5],
  ['true', true],
  ['truely', 'truely'],
  ['[1, 2]', [1, 2]],
  ['{"a": 1}', { a: 1 }],
  ['"3"', '3'],
  ['{{name}}', '{{name}}'],
  ['007', '007'],
  ['12345678901234567890', '12345678901234567890'],
  ['', ''],
])('%s is read as %j', (text, value) => {
  expect(readCell(text)).toEqual(value);
});

test.each([3, '3', 'true', true, null, '"', { a: ['b'] }, '[x', ''])(
  '%j comes back as it was',
  (value) => {
    expect(readCell(cellText(value))).toEqual(value);
  },
);

test('lines say what attributes are, and lines without a name say nothing', () => {
  const attributes = { team: 'support', size: 3, nested: { a: 1 } };
  expect(valuesOf(rowsOf(attributes))).toEqual(attributes);
  expect(valuesOf([{ name: '', text: 'x' }])).toEqual({});
});
