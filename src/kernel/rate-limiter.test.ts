import { expect, test } from 'vitest';
import { RateLimiter } from './rate-limiter.ts';

function limiterOf(perMinute: number) {
  let now = 0;
  const limiter = new RateLimiter(perMinute, () => now);
  const wait = (seconds: number) => {
    now += seconds * 1_000;
  };
  return { limiter, wait };
}

test('so many may come at once, and the next is told after how many seconds', () => {
  const { limiter } = limiterOf(3);
  expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([0, 0, 0, 20]);
});

test('tokens come back evenly, and never more than a minute has', () => {
  const { limiter, wait } = limiterOf(3);
  for (let n = 0; n < 3; n += 1) limiter.take('a');
  wait(19.9);
  expect(limiter.take('a')).toBe(1);
  wait(0.2);
  expect(limiter.take('a')).toBe(0);
  expect(limiter.take('a')).toBe(20);
  wait(3_600);
  expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([0, 0, 0, 20]);
});

test('each name is counted for itself, and what is given back does not count', () => {
  const { limiter } = limiterOf(1);
  expect(limiter.take('a')).toBe(0);
  expect(limiter.take('b')).toBe(0);
  limiter.giveBack('a');
  expect(limiter.take('a')).toBe(0);
  expect(limiter.take('a')).toBe(60);
});

test('without a limit nothing is refused', () => {
  const { limiter } = limiterOf(0);
  for (let n = 0; n < 1_000; n += 1) expect(limiter.take('a')).toBe(0);
});

test('ten thousand names are kept, and then the one that was seen least recently is forgotten', () => {
  const { limiter } = limiterOf(1);
  for (let n = 0; n < 10_000; n += 1) limiter.take(`name ${n}`);
  expect(limiter.take('name 0')).toBe(60);
  limiter.take('one more');
  expect(limiter.take('name 0')).toBe(60);
  expect(limiter.take('name 1')).toBe(0);
});
