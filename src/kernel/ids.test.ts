import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { contentId, newId } from './ids.ts';

test('an id is a prefix and 26 characters of lower-case base32', () => {
  expect(newId('log')).toMatch(/^log_[0-9a-hjkmnp-tv-z]{26}$/);
});

test('ids sort in the order in which they were made, within a millisecond too', () => {
  const ids = Array.from({ length: 20_000 }, () => newId('log'));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the id of a content is the beginning of its hash, and the same every time', () => {
  const id = contentId('dp', 'content');
  expect(id).toMatch(/^dp_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(contentId('dp', 'content')).toBe(id);
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  const bits = [...id.slice('dp_'.length)]
    .map((digit) => alphabet.indexOf(digit).toString(2).padStart(5, '0'))
    .join('');
  const hex = createHash('sha256').update('content').digest('hex');
  expect(
    BigInt(`0b${bits.slice(0, 128)}`)
      .toString(16)
      .padStart(32, '0'),
  ).toBe(hex.slice(0, 32));
  expect(new Set(Array.from({ length: 1_000 }, (_, n) => contentId('dp', `${n}`))).size).toBe(
    1_000,
  );
});
