import type { Query } from '@tanstack/react-query';
import { answered, api } from '../api/client.ts';
import type { Me } from '../api/types.ts';
import { queryClient } from '../query/query-client.ts';
import { settleEndedSession } from './ended-session.ts';
import { sessionQuery } from './session.ts';

// Each way in is answered with who is signed in then. The session itself is in a cookie that no script can read.

export async function signIn(credentials: {
  readonly email_address: string;
  readonly password: string;
}): Promise<void> {
  entered(answered(await api.POST('/v5/auth/sign-in', { body: credentials })));
}

/** Ends the session. @param leave goes to the sign-in. */
export async function signOut(leave: () => Promise<void>): Promise<void> {
  await api.POST('/v5/auth/sign-out');
  await forgetSession(leave);
}

/** Leaves, and then forgets what the session has read: a page that is still open would read it again. */
export async function forgetSession(leave: () => Promise<void>): Promise<void> {
  queryClient.setQueryData(sessionQuery.queryKey, null);
  settleEndedSession(false);
  await leave();
  queryClient.removeQueries({ ...read, type: 'inactive' });
}

/** What the first-run setup asks for. */
export interface Setup {
  readonly token: string;
  readonly organization: string;
  readonly full_name: string;
  readonly email_address: string;
  readonly password: string;
}

/** Makes the owner, who is then signed in. @returns the first API key, which is shown once. */
export async function setUp(setup: Setup): Promise<string> {
  const { api_key: made, ...me } = answered(await api.POST('/v5/auth/setup', { body: setup }));
  entered(me);
  return made.key;
}

/** What an invitation says to whoever follows its link. */
export async function readInvitation(token: string) {
  return answered(await api.GET('/v5/auth/invitation/{token}', { params: { path: { token } } }));
}

/** Makes who was invited a member, who is then signed in. */
export async function acceptInvitation(
  token: string,
  member: { readonly full_name: string; readonly password: string },
): Promise<void> {
  const params = { path: { token } };
  entered(answered(await api.POST('/v5/auth/invitation/{token}', { params, body: member })));
}

/** Whom a link for a new password is for. */
export async function readReset(token: string) {
  return answered(await api.GET('/v5/auth/reset/{token}', { params: { path: { token } } }));
}

/** Gives a member a new password, and signs them in. */
export async function resetPassword(token: string, password: string): Promise<void> {
  const params = { path: { token } };
  entered(answered(await api.POST('/v5/auth/reset/{token}', { params, body: { password } })));
}

/** What a session has read. */
const read = { predicate: ({ queryKey }: Query) => queryKey[0] !== sessionQuery.queryKey[0] };

function entered(me: Me): void {
  const before = queryClient.getQueryData(sessionQuery.queryKey);
  const isSame = before?.member.id === me.member.id;
  queryClient.setQueryData(sessionQuery.queryKey, me);
  settleEndedSession(isSame);
  // What is shown may have changed meanwhile; what somebody else has read is not for this reader.
  if (isSame) void queryClient.invalidateQueries(read);
  else queryClient.removeQueries({ ...read, type: 'inactive' });
}
