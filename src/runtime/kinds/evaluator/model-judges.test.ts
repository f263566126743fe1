import { expect, test } from 'vitest';
import { ProviderPace } from '../../models/provider-pace.ts';
import { ModelJudges } from './model-judges.ts';

const never = new AbortController().signal;

test('no more judges are asked at once than the vendor takes, and the next as soon as one has answered', async () => {
  const clock = { now: 0 };
  const pace = new ProviderPace(() => clock.now);
  for (; clock.now < 3_000; clock.now += 1_000) pace.refused('org', 'openai');
  expect(pace.limit('org', 'openai')).toBe(1);
  const judges = new ModelJudges(4, pace);
  let asked = 0;
  const most: number[] = [];
  const judge = async () => {
    asked += 1;
    most.push(asked);
    // Others that may be asked begin in this time.
    await new Promise((resolve) => setImmediate(resolve));
    asked -= 1;
  };
  const take = (organization: string) => judges.take(organization, 'openai', judge, never);
  await Promise.all([take('org'), take('org'), take('org')]);
  expect(most).toEqual([1, 1, 1]);
  await Promise.all([take('other'), take('other')]);
  expect(most.slice(3)).toEqual([1, 2]);
});
