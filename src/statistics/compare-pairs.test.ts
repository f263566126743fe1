import { expect, test } from 'vitest';
import { comparePairs, type Pair } from './compare-pairs.ts';

const pairs = (count: number, baseline: number, candidate: number): Pair[] =>
  Array.from({ length: count }, () => ({ baseline, candidate }));
const options = { seed: 'run_1 run_2 evv_1', isBoolean: true, better: 'higher' } as const;

test('10 wins against 3 losses have p 0.0923', () => {
  const all = [...pairs(10, 0, 1), ...pairs(3, 1, 0), ...pairs(20, 1, 1), ...pairs(7, 0, 0)];
  const comparison = comparePairs(all, options);
  expect(comparison).toMatchObject({
    pairs: 40,
    baseline: 23 / 40,
    candidate: 30 / 40,
    method: 'mcnemar',
    wins: 10,
    losses: 3,
    ties: 27,
  });
  expect(comparison.difference).toBeCloseTo(0.175, 12);
  expect(comparison.pValue).toBeCloseTo(0.0923, 4);
  expect(comparison.low).toBeLessThan(0.02);
  expect(comparison.high).toBeGreaterThan(0.3);
});

test('identical Runs have difference 0 and p 1', () => {
  const same = { difference: 0, low: 0, high: 0, pValue: 1, wins: 0, losses: 0, ties: 9 };
  expect(comparePairs([...pairs(5, 1, 1), ...pairs(4, 0, 0)], options)).toMatchObject(same);
  const numbers = comparePairs(pairs(9, 0.3, 0.3), { ...options, isBoolean: false });
  expect(numbers).toMatchObject({ ...same, method: 'sign_flip' });
});

test('below five pairs there are means and counts, but neither interval nor p-value', () => {
  expect(comparePairs(pairs(4, 0, 1), options)).toMatchObject({
    method: 'too_few',
    difference: 1,
    low: null,
    high: null,
    pValue: null,
    wins: 4,
  });
  expect(comparePairs([], options)).toMatchObject({ baseline: null, difference: null });
});

test('averaged trials and clusters are tested by flipping signs', () => {
  const trials = [...pairs(4, 1 / 3, 1), ...pairs(4, 0, 1)];
  expect(comparePairs(trials, options)).toMatchObject({ method: 'sign_flip', pValue: 2 / 256 });
  const clusters = trials.map((_, index) => `document ${index % 5}`);
  const clustered = comparePairs(trials, { ...options, clusters });
  expect(clustered).toMatchObject({ method: 'sign_flip', pValue: 2 / 32 });
});

test('where less is better, less is a win', () => {
  const cheaper = comparePairs(pairs(6, 0.5, 0.4), {
    ...options,
    isBoolean: false,
    better: 'lower',
  });
  expect(cheaper).toMatchObject({ wins: 6, losses: 0, pValue: 2 / 64 });
  expect(cheaper.high).toBeLessThan(0);
});
