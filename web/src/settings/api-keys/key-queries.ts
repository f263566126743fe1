import { queryOptions } from '@tanstack/react-query';
import { answered, api } from '../../api/client.ts';
import type { ApiKey, MadeApiKey, Scope } from '../../api/types.ts';
import { queryClient } from '../../query/query-client.ts';

/** The keys that the reader may see: their own, for admins all. */
export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: async ({ signal }) => answered(await api.GET('/v5/api-keys', { signal })),
});

/** What a new key is to be. */
export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Undefined: it never expires. */
  readonly days: number | undefined;
  /** Whose it is; undefined: the reader's. */
  readonly memberId: string | undefined;
}

export async function makeKey({ name, scopes, days, memberId }: NewKey): Promise<MadeApiKey> {
  const body = {
    name,
    scopes: [...scopes],
    ...(days !== undefined && { expires_in_days: days }),
    ...(memberId !== undefined && { member_id: memberId }),
  };
  const made = answered(await api.POST('/v5/api-keys', { body }));
  await readAgain();
  return made;
}

export async function renameKey(id: string, name: string): Promise<void> {
  await api.PATCH('/v5/api-keys/{id}', { params: { path: { id } }, body: { name } });
  await readAgain();
}

/** Makes a key that takes the place of another, which works for some hours more. */
export async function rotateKey(id: string, overlapHours: number): Promise<MadeApiKey> {
  const params = { path: { id } };
  const body = { overlap_hours: overlapHours };
  const made = answered(await api.POST('/v5/api-keys/{id}/rotate', { params, body }));
  await readAgain();
  return made;
}

/** @param cancelsRuns whether the runs that the key began end, too. */
export async function revokeKey(id: string, cancelsRuns: boolean): Promise<void> {
  const params = { path: { id }, query: { cancel_runs: cancelsRuns } };
  await api.DELETE('/v5/api-keys/{id}', { params });
  await readAgain();
}

/** Whether programs can use it now. */
export function isUsable({ revoked_at: revoked, expires_at: expires }: ApiKey): boolean {
  return revoked === null && (expires === null || Date.parse(expires) > Date.now());
}

function readAgain(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
}
