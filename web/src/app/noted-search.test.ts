import { expect, test } from 'vitest';
import { readListSearch } from '../logs/list/list-search.ts';
import { leftOut } from './noted-search.ts';

test('what an address says and nobody knows is named, value by value', () => {
  const given = { status: ['error', 'odd'], min_cost: '0.50', min_latency: 'much', colour: 'red' };
  expect(leftOut(given, readListSearch(given))).toEqual([
    'status=odd',
    'min_latency=much',
    'colour=red',
  ]);
  const known = { status: 'error', nested: 'true', last: '24h', min_cost: '0.5' };
  expect(leftOut(known, readListSearch(known))).toEqual([]);
});
