import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

export function environmentVariablesQuery(toolId: string) {
  return queryOptions({
    queryKey: ['file', toolId, 'environment-variables'],
    queryFn: async ({ signal }) => {
      const params = { path: { id: toolId } };
      const { data } = await api.GET('/v5/tools/{id}/environment-variables', { params, signal });
      return data ?? [];
    },
  });
}
