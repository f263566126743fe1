import { expect, test } from 'vitest';
import { ExactNumber } from '../kernel/exact-number.ts';
import { vendorJson } from './vendor-json.ts';

const listOf = (count: number) => `[${Array(count).fill('1.0').join(',')}]`;

test('JSON is read, with its digits, and anything else is the text that it is', () => {
  expect(vendorJson('[1.0]')).toEqual([new ExactNumber('1.0')]);
  expect(vendorJson('[1.0')).toBe('[1.0');
});

test('very many numbers are doubles, and too many are not read', () => {
  expect(vendorJson(listOf(300_000))).toEqual(Array(300_000).fill(1));
  const tooMany = listOf(1_000_000);
  expect(vendorJson(tooMany)).toBe(tooMany);
});
