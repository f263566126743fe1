import { expect, test } from 'vitest';
import { readableBatches } from './readable-batches.ts';

const MB = 1024 * 1024;

test('what is small is one group', () => {
  const all = Array.from({ length: 1_000 }, (_, place) => ({ id: `${place}`, bytes: 8 * 1024 }));
  expect(readableBatches(all)).toEqual([all.map(({ id }) => id)]);
});

test('a group ends before it has more than 8 MB', () => {
  const all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, bytes: 3 * MB }));
  expect(readableBatches(all)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

test('exactly 8 MB are one group, a byte more are two', () => {
  expect(readableBatches([sized('a', 4 * MB), sized('b', 4 * MB)])).toEqual([['a', 'b']]);
  expect(readableBatches([sized('a', 4 * MB), sized('b', 4 * MB + 1)])).toEqual([['a'], ['b']]);
});

test('what is larger than a group is a group of its own', () => {
  expect(readableBatches([sized('a', 1), sized('b', 20 * MB), sized('c', 1)])).toEqual([
    ['a'],
    ['b'],
    ['c'],
  ]);
});

test('what a group shares counts once in it, and once more in the next', () => {
  const shared = { id: 'version', bytes: 3 * MB };
  const all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, bytes: 2 * MB, shared }));
  expect(readableBatches(all)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

test('nothing is no group', () => {
  expect(readableBatches([])).toEqual([]);
});

function sized(id: string, bytes: number) {
  return { id, bytes };
}
