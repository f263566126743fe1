import { expect, test } from 'vitest';
import { isDifferent, wordDiff } from './word-diff.ts';

test('a word that was changed is removed and added, and what is around it stays', () => {
  expect(wordDiff('You are a careful teller.', 'You are a polite teller.')).toEqual([
    { type: 'same', text: 'You are a ' },
    { type: 'removed', text: 'careful' },
    { type: 'added', text: 'polite' },
    { type: 'same', text: ' teller.' },
  ]);
});

test.each([
  ['', 'new'],
  ['old', ''],
  ['a  b\n\nc', 'a b\nc d'],
  ['مرحبا بالعالم', 'مرحبا يا عالم'],
  ['{{name}}, hello', '{{first_name}}, hello'],
])('the pieces of %j and %j make both texts', (before, after) => {
  const pieces = wordDiff(before, after);
  const textWithout = (type: string) =>
    pieces.map((piece) => (piece.type === type ? '' : piece.text)).join('');
  expect([textWithout('added'), textWithout('removed')]).toEqual([before, after]);
});

test('equal texts do not differ', () => {
  expect(isDifferent(wordDiff('same', 'same'))).toBe(false);
  expect(wordDiff('', '')).toEqual([]);
});

test('texts with nothing in common are removed and added whole', () => {
  const words = (name: string) => Array.from({ length: 3_000 }, (_, n) => `${name}${n}`).join(' ');
  expect(wordDiff(words('a'), words('b')).map(({ type }) => type)).toEqual(['removed', 'added']);
});
