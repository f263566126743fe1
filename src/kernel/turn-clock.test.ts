import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TurnClock } from './turn-clock.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

/** A clock, and moments at which something was due by it. */
function clockWith(...due: readonly number[]) {
  const clock = new TurnClock();
  const happened: number[] = [];
  const stops = due.map((ms) => clock.after(ms, () => happened.push(ms)));
  return { clock, happened, stops };
}

test('what is due happens once, and nothing that was prevented', () => {
  const { clock, happened, stops } = clockWith(500, 600, 700);
  stops[1]?.();
  vi.advanceTimersByTime(400);
  expect(happened).toEqual([]);
  vi.advanceTimersByTime(2_000);
  expect(happened).toEqual([500, 700]);
  clock.stop();
});

test('a turn of ten seconds is no time in which a peer was silent', () => {
  const { clock, happened } = clockWith(5_000);
  // The time passes without a turn: no timer fires meanwhile.
  vi.setSystemTime(Date.now() + 10_000);
  const before = performance.now();
  vi.spyOn(performance, 'now').mockReturnValue(before + 10_000);
  vi.advanceTimersToNextTimer();
  expect(clock.now).toBe(200);
  expect(happened).toEqual([]);
  vi.mocked(performance.now).mockRestore();
  clock.stop();
});
