import { expect, test } from 'vitest';
import { readLogSearch, readZoom, writeZoom } from './log-search.ts';

test('an address says how a log is looked at, and what it does not know is left out', () => {
  expect(readLogSearch({ view: 'trace', span: 'log_1*2', zoom: '0-250.5' })).toEqual({
    view: 'trace',
    span: 'log_1*2',
    zoom: '0-250.5',
  });
  expect(readLogSearch({ view: 'sideways', span: 3, zoom: '9-1', other: 'x' })).toEqual({});
});

test('a zoom is read as it was written', () => {
  expect(readZoom(writeZoom([12.3456, 2_400.4]))).toEqual([12.35, 2_400]);
  expect([readZoom(undefined), readZoom('a-b'), writeZoom(undefined)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
