import { expect, test } from 'vitest';
import { each, mapped } from './each.ts';

async function* words(ended: string[] = []): AsyncGenerator<string, number> {
  try {
    yield 'one';
    yield 'two';
    yield 'three';
    return 3;
  } finally {
    ended.push('ended');
  }
}

test('each value is taken in order, and the result is returned', async () => {
  const taken: string[] = [];
  expect(await each(words(), (word) => taken.push(word))).toBe(3);
  expect(taken).toEqual(['one', 'two', 'three']);
});

test('each value is changed or left out, and the result stays', async () => {
  const taken: number[] = [];
  const lengths = mapped(words(), (word) => (word === 'two' ? undefined : word.length));
  expect(await each(lengths, (length) => taken.push(length))).toBe(3);
  expect(taken).toEqual([3, 5]);
});

test('a generator that is ended early ends the one below it', async () => {
  const ended: string[] = [];
  for await (const word of mapped(words(ended), (word) => word)) {
    expect(word).toBe('one');
    break;
  }
  expect(ended).toEqual(['ended']);
});

test('what the one below throws is thrown on', async () => {
  const failing = (async function* (): AsyncGenerator<string, void> {
    yield 'one';
    throw new Error('broken');
  })();
  await expect(each(failing, () => {})).rejects.toThrow('broken');
});
