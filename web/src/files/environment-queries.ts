import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { components } from '../api/schema.gen.ts';

export type Environment = components['schemas']['OrganizationEnvironmentResponse'];

/** All environments of the organization, the default one first. */
export const environmentsQuery = queryOptions({
  queryKey: ['environments'],
  queryFn: async ({ signal }) =>
    ((await api.GET('/v5/environments', { signal })).data ?? []).toSorted(defaultFirst),
});

/** For sorting: the default environment, then the others in their order. */
export function defaultFirst(a: Pick<Environment, 'tag'>, b: Pick<Environment, 'tag'>): number {
  return Number(b.tag === 'default') - Number(a.tag === 'default');
}
