import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../../api/client.ts';
import type { Role } from '../../api/types.ts';
import { queryClient } from '../../query/query-client.ts';
import { sessionQuery } from '../../session/session.ts';

/** A link that was made now. It is shown once. */
export interface NewLink {
  readonly url: string;
  readonly expires_at: string;
}

/** The people of the organization, without those who were removed. */
export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: async ({ signal }) =>
    answered(await api.GET('/v5/members', { signal })).filter(({ status }) => status !== 'removed'),
});

/** Who was invited and has not come yet. It takes `admin`. */
export const invitationsQuery = queryOptions({
  queryKey: ['invitations'],
  queryFn: async ({ signal }) => answered(await api.GET('/v5/invitations', { signal })),
});

export async function invite(email_address: string, role: Role): Promise<NewLink> {
  const link = answered(await api.POST('/v5/invitations', { body: { email_address, role } }));
  await readAgain();
  return link;
}

export async function renewInvitation(id: string): Promise<NewLink> {
  const params = { path: { id } };
  const link = answered(await api.POST('/v5/invitations/{id}/renew', { params }));
  await readAgain();
  return link;
}

export async function withdrawInvitation(id: string): Promise<void> {
  await api.DELETE('/v5/invitations/{id}', { params: { path: { id } } });
  await readAgain();
}

export async function changeRole(id: string, role: Role): Promise<void> {
  await api.PATCH('/v5/members/{id}', { params: { path: { id } }, body: { role } });
  await readAgain();
}

export async function removeMember(id: string): Promise<void> {
  await api.DELETE('/v5/members/{id}', { params: { path: { id } } });
  await readAgain();
}

/** A link with which a member sets a new password. */
export async function makeResetLink(id: string): Promise<NewLink> {
  return answered(await api.POST('/v5/members/{id}/reset', { params: { path: { id } } }));
}

export async function renameOrganization(name: string): Promise<void> {
  await api.PATCH('/v5/organization', { body: { name } });
  await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

/** @param name as it was typed. */
export async function deleteOrganization(name: string): Promise<void> {
  await api.DELETE('/v5/organization', { params: { query: { name } } });
}

/** Who I am may have changed, too. */
function readAgain(): Promise<unknown> {
  return Promise.all(
    [membersQuery, invitationsQuery, sessionQuery].map(({ queryKey }) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}
