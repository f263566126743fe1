import { expect, test } from 'vitest';
import { FairQueue } from './fair-queue.ts';

function queueOf(...names: readonly string[]) {
  const queue = new FairQueue<{
    owner: { organizationId: string; codeId: string };
    name: string;
  }>();
  for (const name of names) {
    queue.add({ owner: { organizationId: name.slice(0, 1), codeId: 'code' }, name });
  }
  const order = () => [...queue.inTurn()].map(({ name }) => name);
  const beginNext = () => {
    const [next] = queue.inTurn();
    if (next) queue.begin(next);
    return next?.name;
  };
  return { queue, order, beginNext };
}

test('organizations take turns, and each has its calls in the order in which they came', () => {
  const { order } = queueOf('a1', 'a2', 'a3', 'b1', 'c1', 'c2');
  expect(order()).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
});

test('an organization whose calls run waits for those with fewer', () => {
  const { queue, beginNext, order } = queueOf('a1', 'a2', 'a3', 'b1', 'b2');
  expect([beginNext(), beginNext(), beginNext()]).toEqual(['a1', 'b1', 'a2']);
  expect(order()).toEqual(['b2', 'a3']);
  queue.end({ organizationId: 'a', codeId: 'code' });
  queue.end({ organizationId: 'a', codeId: 'code' });
  expect(order()).toEqual(['a3', 'b2']);
});

test('the organization that was served last is last among equals', () => {
  const { queue, beginNext } = queueOf('a1', 'a2', 'b1', 'b2');
  const served = [];
  for (let call = 0; call < 4; call += 1) {
    const name = beginNext() ?? '';
    served.push(name);
    queue.end({ organizationId: name.slice(0, 1), codeId: 'code' });
  }
  expect(served).toEqual(['a1', 'b1', 'a2', 'b2']);
  expect(queue.size).toBe(0);
});

test('a call that gave up is not served', () => {
  const { queue, order } = queueOf('a1', 'a2');
  const first = queue.firstOf({ organizationId: 'a', codeId: 'code' });
  if (first) queue.remove(first);
  expect(order()).toEqual(['a2']);
});

test('the next of 100,000 calls is found without looking at the others', () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `a${index}`);
  const { queue, beginNext } = queueOf(...names);
  for (let call = 0; call < 1_000; call += 1) expect(beginNext()).toBe(`a${call}`);
  expect(queue.size).toBe(99_000);
});
