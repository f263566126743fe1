import { type Role, roles, type Scope, scopes } from '../contract/accounts.ts';

const ofRole: Readonly<Record<Role, readonly Scope[]>> = {
  owner: scopes,
  admin: scopes,
  editor: ['run', 'read', 'write'],
  viewer: ['read'],
};

/** The scopes of a member’s session. */
export function scopesOfRole(role: Role): ReadonlySet<Scope> {
  return new Set(ofRole[role]);
}

/** What a key may do now: never more than the role that its member has now. */
export function effectiveScopes(given: readonly Scope[], role: Role): ReadonlySet<Scope> {
  const wanted = given.includes('admin') ? scopes : given;
  return new Set(ofRole[role].filter((scope) => wanted.includes(scope)));
}

/** Whether a role may do more than another. */
export function isAbove(role: Role, other: Role): boolean {
  return roles.indexOf(role) < roles.indexOf(other);
}
