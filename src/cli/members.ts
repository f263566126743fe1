import { styleText } from 'node:util';
import {
  changeRoleOf,
  invitePerson,
  listPeople,
  removePerson,
  resetLink,
  setupLink,
} from '../administration.ts';
import { type Role, roles } from '../contract/accounts.ts';
import type { Given } from './command.ts';
import type { databaseOptions } from './options.ts';
import { printable, printableLines } from './printable.ts';
import { configWith } from './settings.ts';
import { aligned } from './table.ts';

type DatabaseOptions = Given<typeof databaseOptions>;
type RoleOptions = DatabaseOptions & { readonly role?: string };

/** `setup-link`: prints a link with which somebody becomes the owner. */
export async function printSetupLink(given: DatabaseOptions): Promise<void> {
  const link = await setupLink(configWith(given));
  if (link === undefined) throw new Error('The organization has an owner already.');
  console.log(link);
}

/** `list-members`: prints the people of the organization. */
export async function printMembers(
  given: DatabaseOptions & { readonly json?: boolean },
): Promise<void> {
  const people = await listPeople(configWith(given));
  if (given.json) {
    console.log(printableLines(JSON.stringify(people, null, 2)));
    return;
  }
  const [head = [], ...rows] = aligned([
    ['id', 'email', 'name', 'role', 'status'],
    ...people.map(({ id, email_address, full_name, role, status }) => [
      id,
      printable(email_address),
      printable(full_name ?? ''),
      role,
      status,
    ]),
  ]);
  const lines = rows.map((cells) => cells.join('  ').trimEnd());
  console.log([styleText('bold', head.join('  ').trimEnd()), ...lines].join('\n'));
}

/** `invite-member`: prints the link of an invitation. */
export async function printInvitation(given: RoleOptions, email: string): Promise<void> {
  console.log(await invitePerson(configWith(given), email, readRole(given.role ?? 'editor')));
}

/** `change-role`: gives a member another role. */
export async function printNewRole(given: RoleOptions, email: string): Promise<void> {
  if (given.role === undefined) throw new Error('Say which role: --role ROLE.');
  const { role } = await changeRoleOf(configWith(given), email, readRole(given.role));
  console.log(`${printable(email)} is ${role} now. Running servers know it within a second.`);
}

/** `remove-member`: removes a member. */
export async function printRemoved(given: DatabaseOptions, email: string): Promise<void> {
  await removePerson(configWith(given), email);
  console.log(`Removed ${printable(email)}. Running servers refuse their keys within a second.`);
}

/** `reset-password`: prints a link with which a member sets a new password. */
export async function printResetLink(given: DatabaseOptions, email: string): Promise<void> {
  console.log(await resetLink(configWith(given), email));
}

function readRole(text: string): Role {
  const role = roles.find((known) => known === text);
  if (role === undefined) {
    throw new Error(`--role has no role ${printable(text)}. Roles: ${roles.join(', ')}.`);
  }
  return role;
}
