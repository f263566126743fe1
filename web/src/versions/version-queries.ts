import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';

/** The text file of a version of an agent or a prompt. It never changes. */
export function versionTextQuery({
  id,
  type,
  version_id: versionId,
}: Pick<FileResponse, 'id' | 'type' | 'version_id'>) {
  return queryOptions({
    queryKey: ['version-text', id, versionId],
    queryFn: async ({ signal }) => {
      const { data = '' } = await api.GET(
        `/v5/${type === 'prompt' ? 'prompts' : 'agents'}/{id}/serialize`,
        {
          params: { path: { id }, query: { version_id: versionId } },
          parseAs: 'text',
          signal,
        },
      );
      return data;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
