import { expect, test } from 'vitest';
import { mcnemar } from './mcnemar.ts';

test.each([
  [10, 3, 0.0923],
  [1, 9, 0.0215],
  [0, 0, 1],
  [5, 5, 1],
  [0, 1, 1],
  [0, 10, 2 / 1024],
])('%i wins against %i losses have p %f', (wins, losses, p) => {
  expect(mcnemar(wins, losses)).toBeCloseTo(p, 4);
});

test('thousands of pairs neither overflow nor vanish', () => {
  expect(mcnemar(5_000, 5_100)).toBeCloseTo(0.3247, 3);
  expect(mcnemar(2_000, 8_000)).toBeLessThan(1e-300);
});
