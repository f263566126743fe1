import { expect, test } from 'vitest';
import { describeNumbers, percentiles } from './describe-numbers.ts';

test('numbers are described by mean, sum, sample deviation and nine percentiles', () => {
  const { percentiles: shown, std, ...rest } = describeNumbers([4, 1, 3, 2]);
  expect(rest).toEqual({ mean: 2.5, sum: 10 });
  expect(std).toBeCloseTo(1.291, 4);
  expect(new Set(Object.keys(shown))).toEqual(
    new Set(['0', '25', '50', '75', '90', '95', '99', '99.9', '100']),
  );
  expect(shown).toMatchObject({ 0: 1, 25: 1.75, 50: 2.5, 75: 3.25, 100: 4 });
  expect(shown['90']).toBeCloseTo(3.7, 12);
  expect(shown['99.9']).toBeCloseTo(3.997, 12);
});

test('without numbers nothing is claimed, and one number has no deviation', () => {
  expect(describeNumbers([])).toEqual({ mean: null, sum: null, std: null, percentiles: {} });
  expect(describeNumbers([7])).toMatchObject({ mean: 7, sum: 7, std: null });
});

test('percentiles sort by number, and leave the list as it was', () => {
  const values = [10, 9, -1];
  expect(percentiles(values, [0, 50, 100])).toEqual([-1, 9, 10]);
  expect(values).toEqual([10, 9, -1]);
});

test('a sum does not lose small numbers beside a large one', () => {
  expect(describeNumbers([1e16, 1, -1e16])).toMatchObject({ sum: 1 });
});
