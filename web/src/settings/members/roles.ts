import type { Role } from '../../api/types.ts';

/** What each role may do, from most to least. */
export const roles: readonly {
  readonly value: Role;
  readonly name: string;
  readonly hint: string;
}[] = [
  { value: 'owner', name: 'Owner', hint: 'as admin, and can delete the organization' },
  { value: 'admin', name: 'Admin', hint: 'members, keys, providers and environments, too' },
  { value: 'editor', name: 'Editor', hint: 'reads, runs, writes and deploys' },
  { value: 'viewer', name: 'Viewer', hint: 'reads' },
];

/** Nobody gives a role above their own. */
export function rolesUpTo(own: Role): typeof roles {
  return roles.slice(roles.findIndex(({ value }) => value === own));
}

export function roleName(role: Role): string {
  return roles.find(({ value }) => value === role)?.name ?? role;
}

/** Whether somebody with a role may change what another role is given. */
export function reaches(own: Role, other: Role): boolean {
  return rolesUpTo(own).some(({ value }) => value === other);
}
