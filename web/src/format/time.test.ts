import { expect, test } from 'vitest';
import { moment } from './time.ts';

const now = new Date('2026-11-24T12:00:00Z');

test.each([
  ['2026-11-24T09:30:05Z', /^\d\d:30:05$/],
  ['2026-11-20T09:30:05Z', /^20 Nov \d\d:30:05$/],
  ['2025-11-20T09:30:05Z', /^20 Nov 2025 \d\d:30:05$/],
])('%s is shown as %s', (iso, shown) => {
  expect(moment(iso, now)).toMatch(shown);
});
