import { expect, test } from 'vitest';
import { Semaphore } from './semaphore.ts';

const never = new AbortController().signal;

test('whoever finds no place waits for one, in the order of arrival', async () => {
  const semaphore = new Semaphore(1);
  const begun: string[] = [];
  const first = await semaphore.take(never);
  const others = ['second', 'third'].map(async (name) => {
    const giveBack = await semaphore.take(never);
    begun.push(name);
    return giveBack;
  });
  first();
  (await others[0])?.();
  await others[1];
  expect(begun).toEqual(['second', 'third']);
});

test('a place that is given back twice is one place', async () => {
  const semaphore = new Semaphore(1);
  const giveBack = await semaphore.take(never);
  giveBack();
  giveBack();
  await semaphore.take(never);
  const control = new AbortController();
  const waiting = semaphore.take(control.signal);
  control.abort(new Error('no place'));
  await expect(waiting).rejects.toThrow('no place');
});

test('whoever gives up takes no place', async () => {
  const semaphore = new Semaphore(1);
  const giveBack = await semaphore.take(never);
  const control = new AbortController();
  const waiting = semaphore.take(control.signal);
  control.abort(new Error('given up'));
  await expect(waiting).rejects.toThrow('given up');
  await expect(semaphore.take(control.signal)).rejects.toThrow('given up');
  giveBack();
  expect(await semaphore.take(never)).toBeTypeOf('function');
});
