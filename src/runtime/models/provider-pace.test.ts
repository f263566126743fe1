import { describe, expect, test } from 'vitest';
import { ProviderPace } from './provider-pace.ts';

function paceAt(start = 0) {
  const clock = { now: start };
  return { clock, pace: new ProviderPace(() => clock.now) };
}

describe('the pace of a vendor', () => {
  test('begins with eight calls at once, and grows by one when as many have succeeded', () => {
    const { pace } = paceAt();
    expect(pace.limit('org', 'openai')).toBe(8);
    for (let call = 0; call < 9; call += 1) pace.answered('org', 'openai');
    expect(pace.limit('org', 'openai')).toBe(9);
  });

  test('is halved by a refusal, once for all that come within a second', () => {
    const { pace, clock } = paceAt();
    for (let call = 0; call < 5; call += 1) pace.refused('org', 'openai');
    expect(pace.limit('org', 'openai')).toBe(4);
    clock.now = 1_000;
    pace.refused('org', 'openai');
    expect(pace.limit('org', 'openai')).toBe(2);
    for (clock.now = 2_000; clock.now < 9_000; clock.now += 1_000) pace.refused('org', 'openai');
    expect(pace.limit('org', 'openai')).toBe(1);
  });

  test('is nothing for as long as the vendor asked to wait', () => {
    const { pace, clock } = paceAt();
    pace.refused('org', 'openai', 3_000);
    expect(pace.limit('org', 'openai')).toBe(0);
    clock.now = 3_000;
    expect(pace.limit('org', 'openai')).toBe(4);
  });

  test('is of one organization and one vendor', () => {
    const { pace } = paceAt();
    pace.refused('org', 'openai', 3_000);
    expect(pace.limit('other', 'openai')).toBe(8);
    expect(pace.limit('org', 'anthropic')).toBe(8);
  });
});
