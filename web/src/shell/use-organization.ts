import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../session/session.ts';

/** The name of the organization in which the reader is. */
export function useOrganization(): string {
  return useQuery(sessionQuery).data?.organization.name ?? '';
}
