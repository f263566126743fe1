import { expect, test } from 'vitest';
import { roles } from '../contract/accounts.ts';
import { effectiveScopes, isAbove, scopesOfRole } from './scopes.ts';

test.each([
  ['owner', ['run', 'read', 'write', 'admin']],
  ['admin', ['run', 'read', 'write', 'admin']],
  ['editor', ['run', 'read', 'write']],
  ['viewer', ['read']],
] as const)('a member who is %s may use the scopes %j', (role, expected) => {
  expect([...scopesOfRole(role)]).toEqual(expected);
});

test('`admin` of a key includes the other scopes, and no other scope includes one', () => {
  expect([...effectiveScopes(['admin'], 'owner')]).toEqual(['run', 'read', 'write', 'admin']);
  expect([...effectiveScopes(['write'], 'owner')]).toEqual(['write']);
  expect([...effectiveScopes(['run'], 'admin')]).toEqual(['run']);
});

test('a key never has more than the role that its member has now', () => {
  expect([...effectiveScopes(['admin'], 'editor')]).toEqual(['run', 'read', 'write']);
  expect([...effectiveScopes(['run', 'write'], 'viewer')]).toEqual([]);
  expect([...effectiveScopes(['run', 'read'], 'viewer')]).toEqual(['read']);
});

test('roles are ranked', () => {
  const above = roles.map((role) => roles.filter((other) => isAbove(role, other)));
  expect(above).toEqual([['admin', 'editor', 'viewer'], ['editor', 'viewer'], ['viewer'], []]);
});
