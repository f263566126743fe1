import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Recording } from './recording-fetch.ts';
import { retryAdvice } from './retry-advice.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 30, 12) }));
afterEach(() => vi.useRealTimers());

const advice = (headers: Readonly<Record<string, string>>, body?: unknown) =>
  retryAdvice({ headers } as unknown as Recording, body);

test.each([
  ['3', 3_000],
  ['0.25', 250],
  ['2s', 2_000],
  ['1m30s', 90_000],
  ['450ms', 450],
  ['Mon, 30 Nov 2026 12:00:07 GMT', 7_000],
  ['Mon, 30 Nov 2026 11:00:00 GMT', 0],
  ['-1', 0],
  ['soon', undefined],
  ['', undefined],
])('`retry-after: %s` is a wait of %s ms', (header, expected) => {
  expect(advice({ 'retry-after': header }).retryAfterMs).toBe(expected);
});

test('`retry-after-ms` counts milliseconds, and goes first', () => {
  expect(advice({ 'retry-after-ms': '1500', 'retry-after': '9' }).retryAfterMs).toBe(1_500);
});

test.each([
  ['4s', 4_000],
  ['0.5s', 500],
  [{ seconds: 1, nanos: 500_000_000 }, 1_500],
])('Google’s delay is read from its error: %j', (retryDelay, expected) => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
  expect(advice({}, { error: { details } }).retryAfterMs).toBe(expected);
  expect(advice({}, [{ error: { details } }]).retryAfterMs).toBe(expected);
});

test('a vendor may say itself whether a repeat can succeed', () => {
  expect(advice({ 'x-should-retry': 'true' }).mayRepeat).toBe(true);
  expect(advice({ 'x-should-retry': 'false' }).mayRepeat).toBe(false);
  expect(advice({}).mayRepeat).toBeUndefined();
});

test('a call that a model wrote wrongly may be repeated', () => {
  expect(advice({}, { error: { code: 'tool_use_failed' } }).mayRepeat).toBe(true);
  expect(advice({}, { error: { code: 'invalid_request' } }).mayRepeat).toBeUndefined();
});
