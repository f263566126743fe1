import { expect, test } from 'vitest';
import { accuracy, cohenKappa, confusionMatrix, pearson } from './agreement.ts';

const matrix = (...counts: number[][]) => ({ labels: counts.map((_, i) => `${i}`), counts });

test('κ of [[20, 5], [10, 15]] is 0.4', () => {
  expect(cohenKappa(matrix([20, 5], [10, 15]))).toBeCloseTo(0.4, 12);
  expect(accuracy(matrix([20, 5], [10, 15]))).toBe(0.7);
});

test('κ is 1 for full agreement, and below 0 for less than chance', () => {
  expect(cohenKappa(matrix([5, 0], [0, 5]))).toBe(1);
  expect(cohenKappa(matrix([0, 5], [5, 0]))).toBe(-1);
});

test('κ is not defined when both always say the same one thing, or nothing', () => {
  expect(cohenKappa(matrix([10, 0], [0, 0]))).toBeNull();
  expect(cohenKappa(confusionMatrix([]))).toBeNull();
  expect(accuracy(confusionMatrix([]))).toBeNull();
});

test('a confusion matrix has the given labels first, and then what else was said', () => {
  const pairs = [
    ['good', 'bad'],
    ['good', 'good'],
    ['good', 'odd'],
  ] as const;
  expect(confusionMatrix(pairs, ['bad', 'good'])).toEqual({
    labels: ['bad', 'good', 'odd'],
    counts: [
      [0, 0, 0],
      [1, 1, 1],
      [0, 0, 0],
    ],
  });
});

test('Pearson’s r is 1 on a line, and not defined when one side never changes', () => {
  const pairs = [
    [1, 2],
    [2, 4],
    [3, 6],
  ] as const;
  expect(pearson(pairs)).toBeCloseTo(1, 12);
  expect(pearson(pairs.map(([one, other]) => [one, -other]))).toBeCloseTo(-1, 12);
  expect(
    pearson([
      [1, 2],
      [2, 2],
      [3, 2],
    ]),
  ).toBeNull();
  expect(pearson([[1, 2]])).toBeNull();
  // R: cor(c(1, 2, 3, 4), c(1, 3, 2, 5))
  expect(
    pearson([
      [1, 1],
      [2, 3],
      [3, 2],
      [4, 5],
    ]),
  ).toBeCloseTo(0.8315, 4);
});
