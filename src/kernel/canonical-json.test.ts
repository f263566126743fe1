import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { fingerprint } from './fingerprint.ts';

test('equal values have one text, whatever the order of their keys', () => {
  expect(canonicalJson({ b: [1, { d: 2, c: 3 }], a: null })).toBe(
    canonicalJson({ a: null, b: [1, { c: 3, d: 2 }] }),
  );
});

test('what is undefined is left out, null is not, and the order of a list counts', () => {
  expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

test('numbers are equal by value', () => {
  expect(canonicalJson(JSON.parse('{"t":1.0}'))).toBe(canonicalJson({ t: 1 }));
});

test('a fingerprint is 32 hex digits, and other for every other value', () => {
  expect(fingerprint({ a: 1 })).toMatch(/^[0-9a-f]{32}$/);
  expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: '1' }));
});
