import { expect, test } from 'vitest';
import { axisTime, bytes, counted, dollars, duration, percent } from './format.ts';

test.each([
  [0, '<1ms'],
  [0.7, '<1ms'],
  [212.4, '212ms'],
  [999.7, '1.00s'],
  [1_851, '1.85s'],
  [9_999, '10.0s'],
  [59_990, '1m 00s'],
  [134_000, '2m 14s'],
  [3_599_900, '1h 00m'],
  [11_100_000, '3h 05m'],
  [190_000_000, '2d 4h'],
])('%d ms are shown as %s', (ms, shown) => {
  expect(duration(ms)).toBe(shown);
});

test('an axis has no digits that say nothing', () => {
  expect([0, 0.5, 250, 2_500, 5_000, 90_000, 120_000, 3_600_000].map(axisTime)).toEqual([
    '0',
    '0.5ms',
    '250ms',
    '2.5s',
    '5s',
    '1m 30s',
    '2m',
    '1h',
  ]);
});

test('a cost has four decimals under a dollar', () => {
  expect([0, 0.00001, 0.0248, 0.5, 12.345, 1482.6].map(dollars)).toEqual([
    '$0',
    '<$0.0001',
    '$0.0248',
    '$0.5000',
    '$12.35',
    '$1,482.60',
  ]);
});

test('one is one, and others are many', () => {
  expect([counted(1, 'error'), counted(7044, 'span'), counted(0, 'log')]).toEqual([
    '1 error',
    '7,044 spans',
    '0 logs',
  ]);
  expect([bytes(412), bytes(64_000), bytes(5_200_000)]).toEqual(['412 B', '64 KB', '5.2 MB']);
});

test('a share is a percentage, and a small one is not none', () => {
  expect([0, 0.00001, 0.0071, 0.099, 0.12, 1].map(percent)).toEqual([
    '0%',
    '<0.1%',
    '0.7%',
    '9.9%',
    '12%',
    '100%',
  ]);
});
