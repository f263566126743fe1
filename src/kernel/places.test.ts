import { expect, test } from 'vitest';
import { Places, PlacesByKey } from './places.ts';

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function heldWork(name: string, begun: string[]) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const work = () => {
    begun.push(name);
    return promise;
  };
  return { work, end: () => resolve(name) };
}

test('no more work than there are places goes on at once, and the rest begins in its order', async () => {
  const places = new Places(2);
  const begun: string[] = [];
  const works = ['a', 'b', 'c', 'd'].map((name) => heldWork(name, begun));
  const done = works.map(({ work }) => places.take(work, never));
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  works[1]?.end();
  await done[1];
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const { end } of works) end();
  expect(await Promise.all(done)).toEqual(['a', 'b', 'c', 'd']);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

test('work that fails gives its place back', async () => {
  const places = new Places(1);
  await expect(places.take(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
  expect(await places.take(async () => 'yes', never)).toBe('yes');
});

test('work whose signal is aborted while it waits never begins, and takes no place', async () => {
  const places = new Places(1);
  const begun: string[] = [];
  const first = heldWork('a', begun);
  const second = heldWork('b', begun);
  const third = heldWork('c', begun);
  const leaving = new AbortController();
  const firstDone = places.take(first.work, never);
  const secondDone = places.take(second.work, leaving.signal);
  const thirdDone = places.take(third.work, never);
  leaving.abort(new Error('left'));
  await expect(secondDone).rejects.toThrow('left');
  first.end();
  third.end();
  expect(await Promise.all([firstDone, thirdDone])).toEqual(['a', 'c']);
  expect(begun).toEqual(['a', 'c']);
  await expect(places.take(second.work, leaving.signal)).rejects.toThrow('left');
});

test('work of one key does not wait for the work of another', async () => {
  const places = new PlacesByKey(1);
  const begun: string[] = [];
  const works = ['a1', 'a2', 'b1'].map((name) => heldWork(name, begun));
  const done = works.map(({ work }, index) => places.take(index < 2 ? 'a' : 'b', work, never));
  await Promise.resolve();
  expect(begun).toEqual(['a1', 'b1']);
  for (const { end } of works) end();
  expect(await Promise.all(done)).toEqual(['a1', 'a2', 'b1']);
  expect(await places.take('a', async () => 'later', never)).toBe('later');
});
