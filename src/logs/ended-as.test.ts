import { expect, test } from 'vitest';
import { endingText, isServerText } from './ended-as.ts';

test('the text of an end has its figures in the units that it names', () => {
  expect(endingText({ as: 'timed_out', timeoutMs: 90_500 })).toMatch(/took longer than 90\.5 s\./);
  expect(endingText({ as: 'given_up', times: 3 })).toMatch(/because 3 servers in a row stopped/);
  expect(endingText({ as: 'interrupted', providers: ['openai', 'google'] })).toMatch(
    /the keys for openai, google that/,
  );
});

test('the server writes the text of the ends that it makes, and of no others', () => {
  const own = [
    'cancelled',
    'broken',
    'not_resumable',
    'timed_out',
    'given_up',
    'interrupted',
  ] as const;
  const others = ['finished', 'failed', 'closed', 'expired', 'superseded', null] as const;
  expect(own.map(isServerText)).toEqual(own.map(() => true));
  expect(others.map(isServerText)).toEqual(others.map(() => false));
});
