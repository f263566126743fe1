import type { OwnAccountChange } from '../../contract/me.ts';
import { inTransaction, type Workspace } from '../../database/workspace.ts';
import { invalid } from '../../kernel/errors.ts';
import type { Caller } from '../callers.ts';
import { memberNotFound, roleAboveYours, sessionNotFound } from '../errors.ts';
import { deleteLinksOf } from '../links/link-queries.ts';
import { makeLink, type NewLink } from '../links/links.ts';
import { findMember, findPassword, lockMember, updateMember } from '../members/member-queries.ts';
import { type Acting, requireActive } from '../members/members.ts';
import { isAbove } from '../scopes.ts';
import { type Passwords, requireGoodPassword } from './passwords.ts';
import { deleteSession, deleteSessionsOf, selectSessions } from './session-queries.ts';
import { forgiveTries, requireAccountTry } from './sign-in.ts';

export const listOwnSessions = selectSessions;

/** Ends a session of the member. @throws `session_not_found`. */
export async function endSession(workspace: Workspace, id: string): Promise<void> {
  if (!(await deleteSession(workspace, id))) throw sessionNotFound(id);
}

/**
 * Changes what a signed-in member may change of themselves. A new password ends their other sessions.
 *
 * @throws `invalid` for a wrong or a bad password; `too_many_tries`; `sign_in_busy`.
 */
export async function changeOwnAccount(
  passwords: Passwords,
  { workspace, id: sessionId }: Caller,
  { full_name, appearance, current_password, new_password }: OwnAccountChange,
): Promise<void> {
  const { memberId } = workspace;
  if (memberId === null) throw new Error('Only members sign in.');
  const stored = new_password
    ? await newPassword(passwords, workspace, memberId, {
        current: current_password ?? '',
        next: new_password,
      })
    : undefined;
  await inTransaction(workspace, async (workspace) => {
    requireActive(await lockMember(workspace, memberId), memberId);
    await updateMember(workspace, memberId, {
      ...(full_name ? { full_name } : {}),
      ...(appearance ? { appearance } : {}),
      ...(stored ? { password: stored } : {}),
    });
    if (!stored) return;
    await deleteSessionsOf(workspace, memberId, sessionId);
    await deleteLinksOf(workspace, memberId);
  });
}

/**
 * Makes a link with which a member sets a new password. Whoever makes it passes it on.
 *
 * @throws `member_not_found` for whoever cannot sign in; `role_above_yours`.
 */
export async function makeResetLink(
  { workspace, role: own }: Acting,
  memberId: string,
): Promise<NewLink> {
  return inTransaction(workspace, async (workspace) => {
    const member = await lockMember(workspace, memberId);
    if (!member) throw memberNotFound(memberId);
    const { role } = requireActive(member, memberId);
    if (isAbove(role, own)) throw roleAboveYours();
    return makeLink(workspace, 'reset', memberId);
  });
}

async function newPassword(
  passwords: Passwords,
  workspace: Workspace,
  memberId: string,
  { current, next }: { readonly current: string; readonly next: string },
): Promise<string> {
  const member = await findMember(workspace, memberId);
  const { email_address: email } = requireActive(member, memberId);
  // Whoever has found a session open could guess here, too.
  await requireAccountTry(workspace, email);
  if (!(await passwords.isRight(current, await findPassword(workspace, memberId)))) {
    throw invalid(['body', 'current_password'], 'This is not your password.');
  }
  await forgiveTries(workspace, email);
  requireGoodPassword(next, { email, field: 'new_password' });
  return passwords.hash(next);
}
