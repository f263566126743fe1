import { expect, test } from 'vitest';
import { betweenSlashes, withoutSlashes } from './slashes.ts';

test.each([
  ['a', 'a', 'a'],
  ['/a/b/', '/a/b', 'a/b'],
  ['//a//', '//a', 'a'],
  ['///', '', ''],
  ['', '', ''],
])('slashes around %j', (text, withoutEnd, between) => {
  expect(withoutSlashes(text)).toBe(withoutEnd);
  expect(betweenSlashes(text)).toBe(between);
});
