import { expect, test } from 'vitest';
import { inBackground } from './background.ts';
import { bootstrapMean } from './bootstrap.ts';

const values = Array.from({ length: 500 }, (_, index) => index % 7);

test('a function gives the same in the background', async () => {
  const all = await Promise.all(
    ['a', 'b', 'c'].map((seed) => inBackground('org', 'bootstrapMean', values, { seed })),
  );
  expect(all).toEqual(['a', 'b', 'c'].map((seed) => bootstrapMean(values, { seed })));
  expect(await inBackground('org', 'bootstrapMean', [1], { seed: 'a' })).toBeUndefined();
});

test('the thread that asks is free meanwhile', async () => {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await inBackground('org', 'bootstrapMean', values, { seed: 'a' });
  isDone = true;
  expect(turns).toBeGreaterThan(10);
});

test('a failure is told, and the next call has a new thread', async () => {
  const none = null as unknown as readonly number[];
  await expect(inBackground('org', 'bootstrapMean', none, { seed: 'a' })).rejects.toThrow();
  expect(await inBackground('org', 'bootstrapMean', values, { seed: 'a' })).toBeDefined();
});
