import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { Datapoint } from './content.ts';

/** The most that the API answers at once. */
const pageSize = 1_000;

/** All datapoints of a version of a dataset. They never change. */
export function datapointsQuery(datasetId: string, versionId: string) {
  return queryOptions({
    queryKey: ['datapoints', datasetId, versionId],
    queryFn: async ({ signal }): Promise<readonly Datapoint[]> => {
      const found: Datapoint[] = [];
      for (let page = 1; ; page++) {
        const { data } = await api.GET('/v5/datasets/{id}/datapoints', {
          params: {
            path: { id: datasetId },
            query: { version_id: versionId, page, size: pageSize },
          },
          signal,
        });
        found.push(...(data?.records ?? []));
        if (!data || data.records.length === 0 || found.length >= data.total) return found;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
