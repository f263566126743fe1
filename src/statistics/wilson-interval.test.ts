import { expect, test } from 'vitest';
import { wilsonInterval } from './wilson-interval.ts';

test.each([
  [8, 10, 0.4902, 0.9433],
  [0, 30, 0, 0.1135],
  [30, 30, 0.8865, 1],
  [95, 100, 0.8882, 0.9785],
  [2, 3, 0.2077, 0.9385],
])('%i of %i lies between %f and %f', (successes, total, low, high) => {
  const interval = wilsonInterval(successes, total);
  expect(interval?.low).toBeCloseTo(low, 4);
  expect(interval?.high).toBeCloseTo(high, 4);
  expect(interval?.level).toBe(0.95);
});

test('none of all is exactly 0 at its low end, all of them exactly 1 at its high end', () => {
  expect(wilsonInterval(0, 7)?.low).toBe(0);
  expect(wilsonInterval(7, 7)?.high).toBe(1);
});

test('a higher level is wider', () => {
  const [narrow, wide] = [wilsonInterval(8, 10, 0.9), wilsonInterval(8, 10, 0.99)];
  expect(wide?.low).toBeLessThan(narrow?.low ?? 0);
  expect(wide?.high).toBeGreaterThan(narrow?.high ?? 1);
});

test('nothing has no interval', () => {
  expect(wilsonInterval(0, 0)).toBeUndefined();
});
