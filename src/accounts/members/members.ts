import type { Role } from '../../contract/accounts.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import type { Caller } from '../callers.ts';
import { lastOwner, memberNotFound, roleAboveYours } from '../errors.ts';
import { revokeKeysOf } from '../keys/key-queries.ts';
import { deleteLinksOf } from '../links/link-queries.ts';
import { isAbove } from '../scopes.ts';
import { deleteSessionsOf } from '../sign-in/session-queries.ts';
import {
  findMember,
  lockMember,
  lockOwners,
  type Member,
  selectMembers,
  updateMember,
} from './member-queries.ts';

/** Whoever manages members: a caller, or the operator of the server. */
export type Acting = Pick<Caller, 'workspace' | 'role'>;

/** The people of an organization. */
export const listMembers = selectMembers;

/** @throws `member_not_found`. */
export async function getMember(workspace: Workspace, id: string): Promise<Member> {
  return requirePerson(await findMember(workspace, id), id);
}

/**
 * Gives a member another role. It applies to their sessions and keys at once, and within a second on
 * other servers.
 *
 * @throws `member_not_found`; `role_above_yours` (forbidden); `last_owner` (conflict).
 */
export async function changeRole(caller: Acting, id: string, role: Role): Promise<Member> {
  if (isAbove(role, caller.role)) throw roleAboveYours();
  return inTransaction(caller.workspace, async (workspace) => {
    await lockToChange(workspace, caller, id, { staysOwner: role === 'owner' });
    await updateMember(workspace, id, { role });
    return getMember(workspace, id);
  });
}

/**
 * Removes a member: their sessions end, their keys are revoked. What they made stays, with their name.
 *
 * @throws `member_not_found`; `role_above_yours` (forbidden); `last_owner` (conflict).
 */
export async function removeMember(caller: Acting, id: string): Promise<void> {
  await inTransaction(caller.workspace, async (workspace) => {
    await lockToChange(workspace, caller, id, { staysOwner: false });
    await updateMember(workspace, id, { status: 'removed', password: null });
    await revokeKeysOf(workspace, id);
    await deleteSessionsOf(workspace, id);
    await deleteLinksOf(workspace, id);
  });
}

/** @throws `member_not_found` for somebody who cannot sign in. */
export function requireActive(member: Member | undefined, id: string): Member {
  if (member?.status !== 'active') throw memberNotFound(id);
  return member;
}

function requirePerson(member: Member | undefined, id: string): Member {
  if (!member || member.status === 'system') throw memberNotFound(id);
  return member;
}

/**
 * Locks a member whose role or membership is to be changed. The owners are locked first: of two
 * requests that would take the last two owners away, the second one waits, and then sees one owner.
 */
async function lockToChange(
  workspace: Workspace,
  caller: Acting,
  id: string,
  { staysOwner }: { readonly staysOwner: boolean },
): Promise<void> {
  const owners = await lockOwners(workspace);
  const member = requirePerson(await lockMember(workspace, id), id);
  if (member.status === 'removed') throw memberNotFound(id);
  if (isAbove(member.role, caller.role)) throw roleAboveYours();
  if (!staysOwner && owners.includes(id) && owners.length === 1) throw lastOwner();
}
