import { expect, test } from 'vitest';
import { newId } from './ids.ts';

test('an id is a prefix and 26 characters of lower-case base32', () => {
  expect(newId('log')).toMatch(/^log_[0-9a-hjkmnp-tv-z]{26}$/);
});

test('ids sort in the order in which they were made, within a millisecond too', () => {
  const ids = Array.from({ length: 20_000 }, () => newId('log'));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});
