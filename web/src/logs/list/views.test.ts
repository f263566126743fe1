import { expect, test } from 'vitest';
import { standardViews, viewOf } from './views.ts';

test('a view is known by its filters, whatever their order, and whatever is peeked at', () => {
  const mine = { name: 'Slow ones', search: { sort_by: 'latency', status: ['error'] } } as const;
  const views = [...standardViews, mine];
  expect(viewOf({}, views)?.name).toBe('All');
  expect(viewOf({ status: ['error'], peek: 'log_1' }, views)?.name).toBe('Errors');
  expect(viewOf({ status: ['error'], sort_by: 'latency' }, views)).toBe(mine);
  expect(viewOf({ search: 'rent' }, views)).toBeUndefined();
});
