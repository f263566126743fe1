import { expect, test } from 'vitest';
import { ApiError } from '../../api/api-error.ts';
import { faultAt, faultsOf, placeText } from './faults.ts';

const refused = (...loc: readonly (string | number)[]) =>
  faultsOf(new ApiError(422, { detail: [{ loc: ['body', ...loc], msg: 'No.', type: 'invalid' }] }));

test('a fault of a commit and one of a run are at the same field', () => {
  const place = ['tools', 1, 'json_schema', 'name'] as const;
  expect(faultAt(refused(...place), 'tools.1.json_schema.name')).toBe('No.');
  expect(faultAt(refused('agent', ...place), 'tools.1.json_schema.name')).toBe('No.');
});

test('a fault in something is told by what it is in', () => {
  const faults = refused('inputs', 'user.name');
  expect(faultAt(faults, 'inputs.user')).toBe('name: No.');
  expect(faultAt(faults, 'inputs.use')).toBeUndefined();
});

test('a place is told in words', () => {
  expect(placeText('tools.1.json_schema.name')).toBe('Tools 2, name');
  expect(placeText('presence_penalty')).toBe('Presence penalty');
});

test('what is no refusal has no faults', () => {
  expect(faultsOf(new TypeError('offline')).size).toBe(0);
  expect(faultsOf(new ApiError(409, { detail: 'Taken.' })).size).toBe(0);
});
