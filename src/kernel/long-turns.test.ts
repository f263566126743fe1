import { expect, test } from 'vitest';
import { longTurn } from './long-turns.ts';

test('steps are taken one by one, with many turns of the event loop between them', async () => {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const taken: number[] = [];
  await Promise.all([1, 2, 3].map(() => longTurn('a').then(() => taken.push(turns))));
  isOver = true;
  const [first = 0, second = 0, third = 0] = taken;
  expect(second - first).toBeGreaterThan(50);
  expect(third - second).toBeGreaterThan(50);
});

test('who comes right after a step waits for as many turns', async () => {
  await longTurn('a');
  let turns = 0;
  const count = () => {
    turns += 1;
    if (turns < 50) setImmediate(count);
  };
  setImmediate(count);
  await longTurn('a');
  expect(turns).toBe(50);
});

test('owners are served one after the other', async () => {
  const taken: string[] = [];
  const step = (owner: string, name: string) => longTurn(owner).then(() => taken.push(name));
  await Promise.all([
    step('a', 'a1'),
    step('a', 'a2'),
    step('a', 'a3'),
    step('b', 'b1'),
    step('c', 'c1'),
    step('c', 'c2'),
  ]);
  expect(taken).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
});

test('a step may ask for the next one', async () => {
  const taken: string[] = [];
  const twice = async (owner: string) => {
    await longTurn(owner);
    taken.push(`${owner}1`);
    await longTurn(owner);
    taken.push(`${owner}2`);
  };
  await Promise.all([twice('a'), twice('b')]);
  expect(taken).toEqual(['a1', 'b1', 'a2', 'b2']);
});
