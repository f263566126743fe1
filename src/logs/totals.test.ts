import { describe, expect, test } from 'vitest';
import { largestCount } from '../contract/log.ts';
import type { LogView, TurnRecord } from './log-record.ts';
import { promptTokens, storableCount, totalCost, totalUsage, usageOfLog } from './totals.ts';

const counts = {
  input_tokens: 10,
  cache_read_tokens: 200,
  cache_write_tokens: 3_000,
  output_tokens: 7,
  reasoning_tokens: 2,
  prompt_cost: 0.5,
  output_cost: 0.25,
  error: null,
};
const failed = { ...counts, input_tokens: null, output_cost: null, error: 'It failed.' };

describe('tokens', () => {
  test('of a prompt are those that were read from the cache and written to it, too', () => {
    expect(promptTokens(counts)).toBe(3_210);
    expect(promptTokens({ ...counts, cache_read_tokens: null })).toBe(3_010);
    expect(promptTokens({ ...counts, cache_write_tokens: null })).toBe(210);
    expect(promptTokens({ ...counts, input_tokens: null })).toBeNull();
  });

  test.each([
    [0, 0],
    [1, 1],
    [largestCount, largestCount],
    [largestCount + 1, null],
    [-1, null],
    [1.5, null],
    [Number.NaN, null],
    [null, null],
  ])('that a vendor counts as %s are stored as %s', (told, stored) => {
    expect(storableCount(told)).toBe(stored);
  });

  test('of turns are added up; a call that failed adds none', () => {
    const sums = { prompt_tokens: 6_420, output_tokens: 14, reasoning_tokens: 4 };
    expect(totalUsage([counts, failed, counts])).toEqual(sums);
  });

  test('are not known when those of one turn are not, or there is none', () => {
    const unknown = { prompt_tokens: null, output_tokens: null, reasoning_tokens: null };
    expect(totalUsage([failed])).toEqual(unknown);
    expect(totalUsage([])).toEqual(unknown);
    expect(totalUsage([counts, { ...counts, reasoning_tokens: null }])).toEqual({
      prompt_tokens: 6_420,
      output_tokens: 14,
      reasoning_tokens: null,
    });
  });

  test('that cannot be stored as a sum are not known', () => {
    const most = { ...counts, output_tokens: largestCount };
    expect(totalUsage([most, counts]).output_tokens).toBeNull();
  });
});

test('costs of turns are added up by input and output; a call that failed adds none', () => {
  expect(totalCost([counts, failed, counts])).toEqual({ prompt_cost: 1, output_cost: 0.5 });
  expect(totalCost([counts, { ...counts, prompt_cost: null }])).toEqual({
    prompt_cost: null,
    output_cost: 0.5,
  });
  expect(totalCost([])).toEqual({ prompt_cost: null, output_cost: null });
});

test('a log under way has the sums of its turns, any other log what is stored of it', () => {
  const stored = {
    prompt_tokens: 1,
    output_tokens: 2,
    reasoning_tokens: 3,
    prompt_cost: 4,
    output_cost: 5,
  };
  const usage = (run: object | null, turns: readonly object[]) =>
    usageOfLog({ record: stored, run, turns: turns as readonly TurnRecord[] } as LogView);
  const summed = { ...totalUsage([counts]), ...totalCost([counts]) };
  expect(usage({}, [counts])).toEqual(summed);
  expect(usage(null, [counts])).toEqual(stored);
  expect(usage({}, [])).toEqual(stored);
});
