import { expect, test } from 'vitest';
import { bootstrapMean } from './bootstrap.ts';
import { Random } from './random.ts';

/** Skewed values with a mean of about 1. */
function waits(count: number): number[] {
  const random = new Random('waits');
  return Array.from({ length: count }, () => -Math.log((random.bits() + 1) / 2 ** 32));
}

test('the interval of a mean is about two standard errors on each side', () => {
  const values = Array.from({ length: 100 }, (_, index) => index);
  const interval = bootstrapMean(values, { seed: 'run_1 evv_1' });
  // Mean 49.5, standard error 2.887.
  expect(interval?.low).toBeCloseTo(49.5 - 1.96 * 2.887, 0);
  expect(interval?.high).toBeCloseTo(49.5 + 1.96 * 2.887, 0);
  expect(interval?.level).toBe(0.95);
});

test('the same seed gives the same interval, another seed nearly the same', () => {
  const values = waits(200);
  const first = bootstrapMean(values, { seed: 'a' });
  expect(bootstrapMean(values, { seed: 'a' })).toEqual(first);
  const other = bootstrapMean(values, { seed: 'b' });
  expect(other).not.toEqual(first);
  expect(other?.low).toBeCloseTo(first?.low ?? 0, 1);
});

test('below five values there is no interval; equal values have one of no width', () => {
  expect(bootstrapMean([1, 2, 3, 4], { seed: 'a' })).toBeUndefined();
  expect(bootstrapMean([2, 2, 2, 2, 2], { seed: 'a' })).toMatchObject({ low: 2, high: 2 });
});

test('drawn and computed intervals agree', () => {
  const drawn = bootstrapMean(waits(2_000), { seed: 'a' });
  const computed = bootstrapMean(waits(2_001), { seed: 'a' });
  // The standard error is 0.022: both ends agree to within a tenth of it.
  expect(Math.abs((computed?.low ?? 0) - (drawn?.low ?? 0))).toBeLessThan(0.0022);
  expect(Math.abs((computed?.high ?? 0) - (drawn?.high ?? 0))).toBeLessThan(0.0022);
});

test('clusters of equal values are as wide as their number says', () => {
  const random = new Random('clusters');
  const documents = Array.from({ length: 40 }, () => random.below(100));
  const values = documents.flatMap((value) => new Array<number>(25).fill(value));
  const clusters = documents.flatMap((_, index) => new Array<string>(25).fill(`document ${index}`));
  const alone = bootstrapMean(documents, { seed: 'a' });
  const together = bootstrapMean(values, { seed: 'a', clusters });
  const naive = bootstrapMean(values, { seed: 'a' });
  const width = (interval = alone) => (interval?.high ?? 0) - (interval?.low ?? 0);
  expect(width(together)).toBeCloseTo(width(alone), 6);
  expect(width(naive)).toBeLessThan(width(alone) / 4);
});

test('four clusters are too few, however many values they have', () => {
  const clusters = Array.from({ length: 100 }, (_, index) => `document ${index % 4}`);
  expect(bootstrapMean(waits(100), { seed: 'a', clusters })).toBeUndefined();
});
