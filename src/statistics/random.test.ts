import { expect, test } from 'vitest';
import { Random } from './random.ts';

const drawn = (seed: string, count: number) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.below(10));
};

test('the same seed gives the same numbers, another seed others', () => {
  expect(drawn('run_1 evv_1', 50)).toEqual(drawn('run_1 evv_1', 50));
  expect(drawn('run_1 evv_1', 50)).not.toEqual(drawn('run_1 evv_2', 50));
});

test('the numbers stay the same from one release to the next', () => {
  expect(drawn('run_1 evv_1', 10)).toMatchInlineSnapshot(`
    [
      9,
      8,
      0,
      5,
      4,
      0,
      6,
      0,
      6,
      9,
    ]
  `);
});

test('every number comes about as often', () => {
  const counts = new Array<number>(10).fill(0);
  for (const number of drawn('even', 100_000)) counts[number] = (counts[number] ?? 0) + 1;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});
