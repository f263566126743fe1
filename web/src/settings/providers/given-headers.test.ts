import { expect, test } from 'vitest';
import { givenHeaders, sentHeaders } from './given-headers.ts';

test('a header that is there keeps its value until another one is typed', () => {
  const [team, trace] = givenHeaders({ 'X-Team': '***', 'X-Trace': '***' });
  if (!team || !trace) throw new Error('Both are there.');
  expect(sentHeaders([team, { ...trace, value: 'on' }])).toEqual({
    'X-Team': '***',
    'X-Trace': 'on',
  });
});

test('a new header has the value that was typed; one without a name is left out', () => {
  const added = { key: 0, name: ' X-New ', value: '', isKept: false };
  expect(sentHeaders([added, { ...added, name: ' ' }])).toEqual({ 'X-New': '' });
  expect(givenHeaders(undefined)).toEqual([]);
});
