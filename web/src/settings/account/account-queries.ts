import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../../api/client.ts';
import type { Me } from '../../api/types.ts';
import { queryClient } from '../../query/query-client.ts';
import { sessionQuery } from '../../session/session.ts';

/** Where the reader is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => answered(await api.GET('/v5/me/sessions', { signal })),
});

export async function changeName(name: string): Promise<void> {
  showMe(answered(await api.PATCH('/v5/me', { body: { full_name: name } })));
}

/** Sets a new password, which ends the other sessions. */
export async function changePassword(current: string, next: string): Promise<void> {
  const body = { current_password: current, new_password: next };
  showMe(answered(await api.PATCH('/v5/me', { body })));
  await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
}

export async function endSession(id: string): Promise<void> {
  await api.DELETE('/v5/me/sessions/{id}', { params: { path: { id } } });
  await queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey });
}

function showMe(me: Me): void {
  queryClient.setQueryData(sessionQuery.queryKey, me);
}
