import type { Role } from '../../contract/accounts.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { newId } from '../../kernel/ids.ts';
import type { Caller } from '../callers.ts';
import { alreadyAMember, invitationNotFound, roleAboveYours } from '../errors.ts';
import { type Invitation, selectInvitations } from '../links/link-queries.ts';
import { makeLink, type NewLink } from '../links/links.ts';
import { isAbove } from '../scopes.ts';
import { deleteMember, insertMember, isTakenElsewhere, lockMember } from './member-queries.ts';
import type { Acting } from './members.ts';

export const listInvitations = (workspace: Workspace) => selectInvitations(workspace);

/**
 * Invites somebody. No mail is sent: whoever invites passes the link on.
 *
 * @throws `role_above_yours` (forbidden); `already_a_member` (conflict), also for who is invited.
 */
export async function invite(
  { workspace, role: own }: Acting,
  { email_address, role }: { readonly email_address: string; readonly role: Role },
): Promise<NewLink> {
  if (isAbove(role, own)) throw roleAboveYours();
  return inTransaction(workspace, async (workspace) => {
    const id = newId('usr');
    const member = { email_address, role, status: 'invited' } as const;
    // First: a statement that fails would end the transaction.
    if (await isTakenElsewhere(workspace, email_address)) throw alreadyAMember(email_address);
    if (!(await insertMember(workspace, id, member))) throw alreadyAMember(email_address);
    return makeLink(workspace, 'invitation', id);
  });
}

/** Makes a new link for an invitation; the old one works no more. @throws `invitation_not_found`. */
export async function renewInvitation(caller: Caller, id: string): Promise<NewLink> {
  return inTransaction(caller.workspace, async (workspace) => {
    const { member_id } = await lockInvitation(workspace, caller, id);
    return makeLink(workspace, 'invitation', member_id);
  });
}

/** Takes an invitation back. @throws `invitation_not_found`. */
export async function withdrawInvitation(caller: Caller, id: string): Promise<void> {
  await inTransaction(caller.workspace, async (workspace) => {
    const { member_id } = await lockInvitation(workspace, caller, id);
    // Whoever was invited has made nothing. Their link goes with them.
    await deleteMember(workspace, member_id);
  });
}

async function lockInvitation(
  workspace: Workspace,
  { role }: Caller,
  id: string,
): Promise<Invitation> {
  const [invitation] = await selectInvitations(workspace, id);
  const member = invitation && (await lockMember(workspace, invitation.member_id));
  // Accepted or withdrawn meanwhile.
  if (!invitation || member?.status !== 'invited') throw invitationNotFound(id);
  if (isAbove(member.role, role)) throw roleAboveYours();
  return invitation;
}
