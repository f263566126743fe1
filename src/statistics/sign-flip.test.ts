import { expect, test } from 'vitest';
import { signFlipTest } from './sign-flip.ts';

const repeated = (values: readonly number[], times: number) =>
  Array.from({ length: times }, () => values).flat();

test('few differences are counted: five of one sign are 2 of 32 ways', () => {
  expect(signFlipTest([1, 2, 3, 4, 5], 'seed')).toBe(2 / 32);
  expect(signFlipTest([1, 1, 1, -1], 'seed')).toBe(10 / 16);
});

test('differences of 0 say nothing', () => {
  expect(signFlipTest([], 'seed')).toBe(1);
  expect(signFlipTest([0, 0, 0], 'seed')).toBe(1);
  expect(signFlipTest([0, 1, 2, 3, 4, 5, 0], 'seed')).toBe(2 / 32);
});

test('the same seed gives the same value', () => {
  const differences = repeated([0.3, -0.2, 0.1, -0.1], 10);
  expect(signFlipTest(differences, 'a')).toBe(signFlipTest(differences, 'a'));
  expect(signFlipTest(differences, 'a')).not.toBe(signFlipTest(differences, 'b'));
});

test('counted, flipped and computed values agree', () => {
  // 40 differences of one size are a binomial: 26 or more of one sign have p 0.0807.
  const signs = [...repeated([1], 26), ...repeated([-1], 14)];
  expect(signFlipTest(signs, 'seed')).toBeCloseTo(0.0807, 2);
  // 4,000 with a sum of 120 lie 1.897 deviations out.
  const many = [...repeated([1], 2_060), ...repeated([-1], 1_940)];
  expect(signFlipTest(many, 'seed')).toBeCloseTo(0.0578, 3);
});

test('a clear difference is never impossible', () => {
  expect(signFlipTest(repeated([1], 100), 'seed')).toBe(1 / 10_001);
});
