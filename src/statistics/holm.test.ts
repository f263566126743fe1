import { expect, test } from 'vitest';
import { holmAdjusted } from './holm.ts';

test('p-values are multiplied by how many are left, and never fall', () => {
  const adjusted = holmAdjusted([0.04, 0.01, 0.03, 0.005]);
  expect(adjusted.map((value) => Number(value.toFixed(10)))).toEqual([0.06, 0.03, 0.06, 0.02]);
});

test('one value stays as it is, none gives none, and nothing exceeds 1', () => {
  expect(holmAdjusted([0.2])).toEqual([0.2]);
  expect(holmAdjusted([])).toEqual([]);
  expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1]);
});
