import { expect, test } from 'vitest';
import { readPattern } from './foreign-pattern.ts';

test.each([
  ['(?P<year>\\d{4})-(?P=year)', '2024-2024', '2024-2025'],
  ['\\Aab\\Z', 'ab', 'Aab'],
  ['(?i)^sku', 'SKU-1', 'x'],
  ['^[[:alpha:]]+$', 'abc', 'a1'],
  ['^\\-\\@$', '-@', '-'],
  ['^(?>a|ab)c$', 'ac', 'c'],
  ['^\\p{L}+$', 'été', '1'],
  ['^\\pL+$', 'été', '1'],
  ['^[\\pL\\pN]+\\-$', 'é1-', '-'],
  ['^\\w+\\_\\d$', 'a_1', 'a-1'],
  ['\\(\\?P<', '(?P<', '(?'],
])('the pattern %s is read as its author meant it', (pattern, fits, doesNot) => {
  expect(readPattern(pattern)?.test(fits)).toBe(true);
  expect(readPattern(pattern)?.test(doesNot)).toBe(false);
});

test.each([
  'a++',
  '(?P>again)',
  '(',
  '(?(1)a|b)',
  '^\\p{IsLatin}+$',
  '\\Qa.b\\E',
  '^\\X$',
  '\\N{DASH}',
])('the pattern %s is not read', (pattern) => {
  expect(readPattern(pattern)).toBeUndefined();
});
