import { expect, test } from 'vitest';
import { answererName } from './answerer-name.ts';

const member = { id: 'usr_1', email_address: 'maya@acme.test', full_name: 'Maya Kern' };
const key = { id: 'key_1', name: 'night shift' };

test('who answered is a person, or a program by its key', () => {
  expect(answererName({ member, api_key: null })).toBe('Maya Kern');
  expect(answererName({ member: { ...member, full_name: null }, api_key: null })).toBe(
    'maya@acme.test',
  );
  expect(answererName({ member, api_key: key })).toBe('API key night shift of Maya Kern');
  expect(answererName({ member: null, api_key: key })).toBe('API key night shift');
  expect(answererName(null)).toBeUndefined();
});
