import { expect, test } from 'vitest';
import { filterBody, isFiltered, listQuery, readListSearch } from './list-search.ts';

test('an address says which logs are listed, and what it does not know is left out', () => {
  expect(
    readListSearch({
      search: 'rent',
      status: ['error', 'odd'],
      type: 'agent',
      last: '24h',
      min_cost: '0.5',
      min_latency: 'much',
      sort_by: 'nothing',
      nested: 'true',
    }),
  ).toEqual({
    search: 'rent',
    status: ['error'],
    type: ['agent'],
    last: '24h',
    min_cost: 0.5,
    nested: true,
  });
});

test('the API is asked by its own names, and not for logs below others', () => {
  const now = Date.parse('2026-11-30T10:00:30Z');
  const query = listQuery({ status: ['error', 'suspended'], last: '1h', peek: 'x' }, 'ag_1', now);
  expect(query.toString()).toBe(
    'file_id=ag_1&start_date=2026-11-30T09%3A00%3A00.000Z&in_trace_filter=false&status=error&status=suspended',
  );
  expect(listQuery({ nested: true }, undefined, now).toString()).toBe('');
});

test('the columns that are shown are no filter, and the API is not asked for them', () => {
  const search = readListSearch({ cols: ['time', 'cost'], peek: 'x', sort_by: 'cost' });
  expect(isFiltered(search)).toBe(false);
  expect(listQuery({ ...search, nested: true }, undefined, 0).toString()).toBe('sort_by=cost');
  expect(isFiltered(readListSearch({ judgment: 'ev_1:true' }))).toBe(true);
});

test('a request about what is filtered has the filters of the address', () => {
  const search = readListSearch({ status: 'error', min_cost: '0.5', search: 'rent', order: 'asc' });
  expect(filterBody(listQuery(search, 'ag_1', 0))).toEqual({
    file_id: 'ag_1',
    in_trace_filter: [false],
    status: ['error'],
    min_cost: 0.5,
    search: 'rent',
  });
});
