import { expect, test } from 'vitest';
import { intervalAlpha, nominalAlpha } from './krippendorff.ts';

/** Four observers of twelve things (Krippendorff 2011, page 7); 0 is nothing said. */
const observers = [
  [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
  [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
  [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
  [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
];
const things = Array.from({ length: 12 }, (_, thing) =>
  observers.map((values) => values[thing] ?? 0).filter((value) => value > 0),
);

test('α of the example of Krippendorff is 0.743 for names and 0.849 for numbers', () => {
  expect(nominalAlpha(things.map((values) => values.map(String)))).toBeCloseTo(0.743, 3);
  expect(intervalAlpha(things)).toBeCloseTo(0.849, 3);
});

test('α is 1 for full agreement, and below 0 for less than chance', () => {
  expect(
    nominalAlpha([
      ['a', 'a'],
      ['b', 'b', 'b'],
    ]),
  ).toBe(1);
  expect(
    nominalAlpha([
      ['a', 'b'],
      ['b', 'a'],
    ]),
  ).toBeLessThan(0);
});

test('α is not defined when nothing was judged twice, or everybody always says the same', () => {
  expect(nominalAlpha([['a'], ['b'], []])).toBeNull();
  expect(intervalAlpha([])).toBeNull();
  expect(
    intervalAlpha([
      [0.1, 0.1, 0.1],
      [0.1, 0.1],
    ]),
  ).toBeNull();
});
