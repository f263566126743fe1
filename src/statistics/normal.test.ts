import { expect, test } from 'vitest';
import { normalQuantile, normalShareBelow } from './normal.ts';

test.each([
  [0.5, 0],
  [0.975, 1.959964],
  [0.995, 2.575829],
  [0.025, -1.959964],
  [0.0005, -3.290527],
])('the share %f lies below %f', (share, z) => {
  expect(normalQuantile(share)).toBeCloseTo(z, 4);
  expect(normalShareBelow(z)).toBeCloseTo(share, 6);
});
