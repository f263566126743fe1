import { expect, test } from 'vitest';
import { RunsBelow } from './runs-below.ts';

const never = new AbortController().signal;

test('the last run that the limit allows begins, and the next one is told why not', async () => {
  const below = new RunsBelow({ atOnce: 10, inAll: 3 }, async () => 1);
  expect([await below.add(), await below.add()]).toEqual([undefined, undefined]);
  expect(await below.add()).toMatch(/has begun 3 runs below it.*RUNS_BELOW_IN_ALL/);
});

test('many at once count one by one', async () => {
  const below = new RunsBelow({ atOnce: 10, inAll: 50 }, async () => 0);
  const told = await Promise.all(Array.from({ length: 60 }, () => below.add()));
  expect(told.filter((text) => text !== undefined)).toHaveLength(10);
});

test('a level that is full keeps no place from the levels below', async () => {
  const below = new RunsBelow({ atOnce: 4, inAll: 100 }, async () => 0);
  await below.enter(1, never);
  const giveBack = await below.enter(1, never);
  const waiting = below.enter(1, never);
  for (const depth of [2, 3, 4, 5]) await below.enter(depth, never);
  giveBack();
  expect(await waiting).toBeTypeOf('function');
});
