import type { InvitationAcceptance, PasswordReset } from '../../contract/sign-in.ts';
import type { Database } from '../../database/database.ts';
import { inTransaction, openWorkspace, type Workspace } from '../../database/workspace.ts';
import { alreadyAMember, linkNotFound } from '../errors.ts';
import type { Purpose } from '../links/link-queries.ts';
import { deleteLinksOf } from '../links/link-queries.ts';
import { readLink, useLink } from '../links/links.ts';
import {
  findMember,
  isTakenElsewhere,
  lockMember,
  type Member,
  type MemberChange,
  selectOrganization,
  updateMember,
} from '../members/member-queries.ts';
import { requireGoodPassword } from './passwords.ts';
import { deleteSessionsOf } from './session-queries.ts';
import { type From, forgiveTries, type SignInParts, startSession } from './sign-in.ts';

/** What an invitation is to. */
export interface OpenInvitation {
  readonly organizationName: string;
  readonly member: Member;
  readonly expiresAt: string;
}

/** The invitation behind a link. @throws `link_not_found`. */
export async function readInvitation(database: Database, token: string): Promise<OpenInvitation> {
  const { workspace, memberId, expiresAt } = await behindLink(database, 'invitation', token);
  const member = await findMember(workspace, memberId);
  if (!member) throw linkNotFound();
  const { name } = await selectOrganization(workspace);
  return { organizationName: name, member, expiresAt };
}

/**
 * Makes whoever was invited a member with a password, and signs them in.
 *
 * @returns the token of the session.
 * @throws `link_not_found`; `invalid` for a bad password; `already_a_member`; `sign_in_busy`.
 */
export async function acceptInvitation(
  parts: SignInParts,
  token: string,
  { full_name, password }: InvitationAcceptance,
  from: From,
): Promise<string> {
  return givePassword(
    parts,
    { purpose: 'invitation', token, password, from },
    {
      full_name,
      status: 'active',
    },
  );
}

/** Whom a link for a new password is for. @throws `link_not_found`. */
export async function readReset(database: Database, token: string) {
  const { workspace, memberId, expiresAt } = await behindLink(database, 'reset', token);
  const member = await findMember(workspace, memberId);
  if (member?.status !== statusBefore.reset) throw linkNotFound();
  return { email_address: member.email_address, expires_at: expiresAt };
}

/**
 * Gives a member a new password, ends all their sessions, and signs them in.
 *
 * @returns the token of the session.
 * @throws `link_not_found`; `invalid` for a bad password; `sign_in_busy`.
 */
export async function resetPassword(
  parts: SignInParts,
  token: string,
  { password }: PasswordReset,
  from: From,
): Promise<string> {
  return givePassword(parts, { purpose: 'reset', token, password, from }, {});
}

/** Whom a link of a purpose is for: whoever has another status has no use for it. */
const statusBefore = { invitation: 'invited', reset: 'active' } as const;

async function givePassword(
  { database, passwords }: SignInParts,
  {
    purpose,
    token,
    password,
    from,
  }: {
    readonly purpose: keyof typeof statusBefore;
    readonly token: string;
    readonly password: string;
    readonly from: From;
  },
  changes: MemberChange,
): Promise<string> {
  // First: whoever has no link cannot make the server compute passwords.
  const { workspace, memberId } = await behindLink(database, purpose, token);
  const { email_address: email = '' } = (await findMember(workspace, memberId)) ?? {};
  requireGoodPassword(password, { email });
  const stored = await passwords.hash(password);
  return inTransaction(workspace, async (workspace) => {
    const member = await lockMember(workspace, memberId);
    await useLink(workspace, purpose, token);
    if (member?.status !== statusBefore[purpose]) throw linkNotFound();
    if (await isTakenElsewhere(workspace, email)) throw alreadyAMember(email);
    if (!(await updateMember(workspace, memberId, { ...changes, password: stored }))) {
      throw alreadyAMember(email);
    }
    await deleteSessionsOf(workspace, memberId);
    await deleteLinksOf(workspace, memberId);
    await forgiveTries(workspace, email);
    const session = await startSession(workspace, memberId, stored, from);
    if (session === undefined) throw new Error('Nobody else can change a member who is locked.');
    return session;
  });
}

async function behindLink(
  database: Database,
  purpose: Purpose,
  token: string,
): Promise<{
  readonly workspace: Workspace;
  readonly memberId: string;
  readonly expiresAt: string;
}> {
  const { organizationId, memberId, expiresAt } = await readLink(database, purpose, token);
  if (memberId === null) throw linkNotFound();
  return { workspace: openWorkspace(database, organizationId, memberId), memberId, expiresAt };
}
