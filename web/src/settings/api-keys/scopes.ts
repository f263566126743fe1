import type { Role, Scope } from '../../api/types.ts';

/** What each scope lets a key do. */
export const scopes: readonly { readonly scope: Scope; readonly about: string }[] = [
  { scope: 'run', about: 'Call agents, continue them, write logs' },
  { scope: 'read', about: 'See files, logs and evaluations' },
  { scope: 'write', about: 'Change files, deploy, evaluate' },
  { scope: 'admin', about: 'Everything: members, keys and providers, too' },
];

/** What a member with a role may do. A key of theirs does no more, whatever it is given. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  owner: ['run', 'read', 'write', 'admin'],
  admin: ['run', 'read', 'write', 'admin'],
  editor: ['run', 'read', 'write'],
  viewer: ['read'],
};
