import { expect, test } from 'vitest';
import { parseSearch, stringifySearch } from './search-text.ts';

test('an address can be read by a person, and read back', () => {
  const search = { view: 'trace', status: ['error', 'suspended'], q: 'rent & heat' };
  const text = stringifySearch({ ...search, nothing: undefined, empty: '' });
  expect(text).toBe('?view=trace&status=error&status=suspended&q=rent+%26+heat');
  expect(parseSearch(text)).toEqual(search);
  expect(stringifySearch({})).toBe('');
});
