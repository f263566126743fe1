import { expect, test } from 'vitest';
import { merge } from './merge.ts';

async function* saying(words: readonly string[], gate?: Promise<void>) {
  for (const word of words) {
    yield word;
    await gate;
  }
  return words.length;
}

test('generators run side by side, and their results keep the order of the generators', async () => {
  const gate = Promise.withResolvers<void>();
  const merged = merge([saying(['slow 1', 'slow 2'], gate.promise), saying(['fast 1', 'fast 2'])]);
  const said: string[] = [];
  let step = await merged.next();
  for (; !step.done; step = await merged.next()) {
    said.push(step.value);
    if (said.includes('fast 2')) gate.resolve();
  }
  expect(said).toEqual(['slow 1', 'fast 1', 'fast 2', 'slow 2']);
  expect(step.value).toEqual([2, 2]);
});

test('no more than so many run at once, and each begins when another has ended', async () => {
  let [underWay, most] = [0, 0];
  async function* counted(): AsyncGenerator<string, number> {
    underWay += 1;
    most = Math.max(most, underWay);
    yield 'begun';
    yield 'on';
    underWay -= 1;
    return most;
  }
  const merged = merge(Array.from({ length: 7 }, counted), 3);
  const said: string[] = [];
  let step = await merged.next();
  for (; !step.done; step = await merged.next()) said.push(step.value);
  expect(step.value).toHaveLength(7);
  expect(said).toHaveLength(14);
  expect(most).toBe(3);
});

test('when one throws, the others are ended, and the error is thrown', async () => {
  let isEnded = false;
  async function* endless() {
    try {
      for (;;) yield 'on';
    } finally {
      isEnded = true;
    }
  }
  // biome-ignore lint/correctness/useYield: it fails before it says anything
  async function* failing(): AsyncGenerator<string, void> {
    throw new Error('broken');
  }
  const merged = merge<string, void>([endless(), failing()]);
  await expect(async () => {
    for (;;) if ((await merged.next()).done) return;
  }).rejects.toThrow('broken');
  await expect.poll(() => isEnded).toBe(true);
});
