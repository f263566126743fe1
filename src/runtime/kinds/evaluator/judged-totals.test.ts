import { describe, expect, test } from 'vitest';
import type { LogView } from '../../../logs/log-record.ts';
import { latencyOf, sumTotals } from './judged-totals.ts';

const nothing = {
  prompt_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  prompt_cost: null,
  output_cost: null,
  provider_latency: null,
  start_time: null,
  end_time: null,
  error: null,
};
const usage = { prompt_tokens: 10, output_tokens: 4, prompt_cost: 0.5, output_cost: 0.25 };

function view(record: object, turns: readonly object[] = []): LogView {
  return {
    record: { type: 'agent', ...nothing, ...record },
    turns,
    run: null,
  } as unknown as LogView;
}

const turn = { error: null };
const child = {
  cost: 2,
  prompt_tokens: 100,
  output_tokens: 40,
  latency: 9,
  model_calls: 3,
  errors: 1,
};

describe('what a log and those below it took', () => {
  test('is added up, but for the time', () => {
    const times = {
      start_time: '2026-05-01T12:00:00.000000Z',
      end_time: '2026-05-01T12:00:02.500000Z',
    };
    expect(sumTotals(view({ ...usage, ...times }, [turn, turn]), [child, child])).toEqual({
      cost: 4.75,
      prompt_tokens: 210,
      output_tokens: 84,
      latency: 2.5,
      model_calls: 8,
      errors: 2,
    });
  });

  test('is not known when a part of it is not', () => {
    const parts = { cost: null, prompt_tokens: null };
    expect(sumTotals(view(usage, [turn]), [child, { ...child, ...parts }])).toMatchObject({
      ...parts,
      output_tokens: 84,
    });
    expect(sumTotals(view({}, [turn]), [child])).toMatchObject({
      cost: null,
      prompt_tokens: null,
      output_tokens: null,
    });
    expect(sumTotals(view({ ...usage, output_cost: null }, [turn]), [])).toMatchObject({
      cost: null,
      prompt_tokens: 10,
    });
  });

  test('is that of the logs below when it calls no model, or what it says of itself', () => {
    const { latency: _, ...sums } = child;
    expect(sumTotals(view({}), [child])).toEqual({ ...sums, latency: null });
    expect(sumTotals(view({ type: 'flow', ...usage }), [child])).toMatchObject({
      prompt_tokens: 110,
      model_calls: 3,
    });
  });

  test('is one model call for a prompt that your own code called', () => {
    expect(sumTotals(view({ type: 'prompt' }), [])).toMatchObject({ model_calls: 1, cost: null });
    expect(sumTotals(view({ type: 'prompt' }, [turn, turn]), [])).toMatchObject({ model_calls: 2 });
    expect(sumTotals(view({ type: 'tool' }), [])).toMatchObject({ model_calls: 0, cost: 0 });
  });

  test('counts one error for a log, whatever has failed in it', () => {
    const failed = { error: 'It failed.' };
    const errors = (...log: Parameters<typeof view>) => sumTotals(view(...log), [child]).errors;
    expect(errors({}, [turn, turn])).toBe(1);
    expect(errors(failed)).toBe(2);
    expect(errors({}, [turn, failed])).toBe(2);
    expect(errors(failed, [failed, failed])).toBe(2);
  });
});

test('the time of a log is that which was measured, or that between its start and end', () => {
  const [start_time, end_time] = ['2026-05-01T12:00:00.000000Z', '2026-05-01T12:00:03.000000Z'];
  expect(latencyOf(view({ start_time, end_time }))).toBe(3);
  expect(latencyOf(view({ start_time, end_time, provider_latency: 0 }))).toBe(0);
  expect(latencyOf(view({ start_time }))).toBeNull();
  expect(latencyOf(view({ end_time }))).toBeNull();
});
