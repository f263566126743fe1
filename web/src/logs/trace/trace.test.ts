import { expect, test } from 'vitest';
import { marksOf, scaleOf } from './scale.ts';
import { aNight, at, madeSpan, midnight } from './spans.fixture.ts';
import { totalsOf } from './totals.ts';
import { activeTime, idleShare, traceOf } from './trace.ts';

test('times count from the start of the log, and siblings stand in their order', () => {
  const trace = traceOf(aNight().toReversed(), midnight);
  expect(trace.startedAt).toBe(midnight);
  expect(trace.end).toBe(30_005_000);
  expect(trace.isOpen).toBe(false);
  expect(trace.children.get('a')?.map(({ span }) => span.id)).toEqual(['a*1', 'a*2', 'a*3']);
  expect(trace.byId.get('b')).toMatchObject({ start: 1_000, end: 2_000 });
});

test('a wait in which nothing else happened is folded, and does not count as active time', () => {
  const trace = traceOf(aNight(), midnight);
  expect(trace.folds).toEqual([[3_000, 30_003_000]]);
  expect(activeTime(trace)).toBe(5_000);
});

test('work during a wait is not folded', () => {
  const spans = [...aNight(), madeSpan('c', [10_000, 20_000], { parent_id: 'a' })];
  expect(traceOf(spans, midnight).folds).toEqual([
    [3_000, 10_000],
    [20_000, 30_003_000],
  ]);
});

test('what goes on reaches to now, and a wait that goes on is folded, too', () => {
  const spans = [
    madeSpan('a', [0], {
      kind: 'agent',
      status: 'suspended',
      waits: [{ from: at(1_000), until: null }],
    }),
    madeSpan('a*1', [0, 1_000], { parent_id: 'a', kind: 'turn', turn: 1 }),
  ];
  const trace = traceOf(spans, midnight + 61_000);
  expect(trace).toMatchObject({ end: 61_000, isOpen: true, folds: [[1_000, 61_000]] });
});

test('idle time is no wait: it stays true to scale, and is known', () => {
  const spans = [
    madeSpan('f', [0, 100_000], { kind: 'flow' }),
    madeSpan('b', [0, 1_000], { parent_id: 'f' }),
    madeSpan('c', [99_000, 100_000], { parent_id: 'f' }),
  ];
  const trace = traceOf(spans, midnight);
  expect(trace).toMatchObject({ folds: [], gaps: [[1_000, 99_000]] });
  expect(idleShare(trace)).toBe(0.98);
});

test('a span whose parent is missing stands at the top, and is not lost', () => {
  const trace = traceOf(
    [madeSpan('a', [0, 1]), madeSpan('b', [0, 1], { parent_id: 'gone' })],
    midnight,
  );
  expect(trace.children.get('')?.map(({ span }) => span.id)).toEqual(['a', 'b']);
});

test('turns that were taken from another log do not stretch the time', () => {
  const spans = [
    madeSpan('a', [100_000, 101_000], { kind: 'agent' }),
    madeSpan('a*1', [0, 1_000], { parent_id: 'a', kind: 'turn', turn: 1, copied: true }),
  ];
  expect(traceOf(spans, midnight)).toMatchObject({ startedAt: midnight + 100_000, end: 1_000 });
});

test('a fold takes 40 pixels, and the rest of the lane is true to scale', () => {
  const { folds } = traceOf(aNight(), midnight);
  const scale = scaleOf([0, 30_005_000], 540, folds);
  expect(scale.folds).toEqual([{ x: 300, width: 40, ms: 30_000_000 }]);
  expect([0, 1_000, 3_000, 30_003_000, 30_005_000].map(scale.x)).toEqual([0, 100, 300, 340, 540]);
});

test('a pixel has the time that is drawn at it', () => {
  const { folds } = traceOf(aNight(), midnight);
  const scale = scaleOf([0, 30_005_000], 540, folds);
  for (const x of [0, 50, 299, 310, 339, 341, 540])
    expect(scale.x(scale.time(x))).toBeCloseTo(x, 5);
});

test('an axis has round times, as many as fit, and none in a fold', () => {
  const { folds } = traceOf(aNight(), midnight);
  const scale = scaleOf([0, 30_005_000], 540, folds);
  const marks = marksOf(scale, [0, 30_005_000], { width: 540, apart: 76 });
  expect(marks.slice(0, 3)).toEqual([0, 1_000, 2_000]);
  expect(marks.some((ms) => ms > 3_000 && ms < 30_003_000)).toBe(false);
  const plain = scaleOf([0, 8_420], 560, []);
  expect(marksOf(plain, [0, 8_420], { width: 560, apart: 76 })).toEqual([
    0, 2_000, 4_000, 6_000, 8_000,
  ]);
});

test('totals count each model call once, whoever it belongs to', () => {
  const spans = [
    madeSpan('a', [0, 9], { kind: 'agent', prompt_cost: 3, prompt_tokens: 30 }),
    madeSpan('a*1', [0, 1], { kind: 'turn', prompt_cost: 1, prompt_tokens: 10, output_tokens: 5 }),
    madeSpan('a*2', [0, 1], { kind: 'turn', prompt_cost: 2, prompt_tokens: 20, status: 'error' }),
    madeSpan('p', [0, 1], { kind: 'prompt', model: 'm', tool_call_id: 'c' }),
    madeSpan('a*2*call_2', [0, 1], { kind: 'call', tool_call_id: 'call_2' }),
  ];
  expect(totalsOf(spans)).toEqual({
    cost: 3,
    hasUnknownCost: true,
    inputTokens: 30,
    outputTokens: 5,
    modelCalls: 3,
    toolCalls: 2,
    errors: 1,
  });
});
