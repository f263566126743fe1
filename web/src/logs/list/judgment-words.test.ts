import { expect, test } from 'vitest';
import { filterWords, judgmentFilter, judgmentWord, verdict } from './judgment-words.ts';
import type { RowJudgment } from './list-queries.ts';

const judgment = (
  return_type: RowJudgment['return_type'],
  said: Partial<RowJudgment>,
): RowJudgment => ({
  evaluator_id: 'ev_1',
  evaluator_version_id: 'evv_1',
  evaluator_name: 'Judge',
  judge: null,
  outcome: 'judged',
  return_type,
  value: null,
  options: null,
  ...said,
});
const yes = judgment('boolean', { value: 1 });
const no = judgment('boolean', { value: 0 });

test.each([
  [yes, 'Yes', 'true', 'Yes'],
  [no, 'No', 'false', 'No'],
  [judgment('number', { value: 1 }), '1', '>=1', 'at least 1'],
  [judgment('number', { value: 1234.56789 }), '1,234.568', '>=1234.56789', 'at least 1234.56789'],
  [judgment('number', { value: 0.000_123 }), '0.00012', '>=0.000123', 'at least 0.000123'],
  [judgment('select', { options: ['glad'] }), 'glad', '=glad', 'glad'],
  [judgment('multi_select', { options: ['a', 'b'] }), 'a, b', '=a', 'a'],
  [judgment('boolean', { outcome: 'error' }), 'Error', 'error', 'Error'],
  [judgment('boolean', { outcome: 'null' }), 'No judgment', 'null', 'No judgment'],
])('a judgment is said in a word, and found by it: %j', (one, word, filter, words) => {
  expect(judgmentWord(one)).toBe(word);
  expect(judgmentFilter(one)).toBe(filter);
  expect(filterWords(filter)).toBe(words);
});

test('what an evaluator says in a text has no filter', () => {
  expect(judgmentWord(judgment('text', {}))).toBe('A text');
  expect(judgmentFilter(judgment('text', {}))).toBeUndefined();
});

test('judges who agree say one thing; of others there is a mean, or a count', () => {
  expect(verdict([])).toBe('');
  expect(verdict([yes, yes])).toBe('Yes');
  expect(verdict([yes, no, yes])).toBe('2 of 3 yes');
  const numbers = [1, 0.5].map((value) => judgment('number', { value }));
  expect(verdict(numbers)).toBe('0.75');
  expect(verdict([...numbers, judgment('number', { outcome: 'error' })])).toBe('1, 0.5, Error');
  const options = [['glad'], ['sad']].map((one) => judgment('select', { options: one }));
  expect(verdict(options)).toBe('glad, sad');
});
