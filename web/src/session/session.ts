import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiError } from '../api/api-error.ts';
import { answered, api } from '../api/client.ts';
import type { Me, Scope } from '../api/types.ts';

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    try {
      return answered(await api.GET('/v5/me'));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Whether somebody can sign in at all: a server without an owner is set up first. */
export const signInStateQuery = queryOptions({
  queryKey: ['sign-in-state'],
  queryFn: async () => answered(await api.GET('/v5/auth')),
});

/** Who is signed in, on pages that one sees only then. */
export function useMe(): Me | undefined {
  return useQuery(sessionQuery).data ?? undefined;
}

/** Whether the reader may do what needs a scope. */
export function useMay(scope: Scope): boolean {
  return useMe()?.caller.scopes.includes(scope) ?? false;
}
