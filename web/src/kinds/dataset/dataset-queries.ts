import { queryOptions } from '@tanstack/react-query';
import { readExact } from '../../api/client.ts';
import type { AnswerOf } from '../../api/types.ts';
import type { Datapoint } from './content.ts';

type DatapointPage = AnswerOf<'/v5/datasets/{id}/datapoints'>;

/** The most that the API answers at once. */
const pageSize = 1_000;

/** All datapoints of a version of a dataset. They never change. */
export function datapointsQuery(datasetId: string, versionId: string) {
  return queryOptions({
    queryKey: ['datapoints', datasetId, versionId],
    queryFn: async ({ signal }): Promise<readonly Datapoint[]> => {
      const found: Datapoint[] = [];
      for (let page = 1; ; page++) {
        const path = `/v5/datasets/${datasetId}/datapoints?version_id=${versionId}&page=${page}&size=${pageSize}`;
        const { records, total } = await readExact<DatapointPage>(path, { signal });
        found.push(...records);
        if (records.length === 0 || found.length >= total) return found;
      }
    },
    // Numbers that are kept as they were written are no values to look into.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
