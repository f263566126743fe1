import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { components } from '../../api/schema.gen.ts';
import type { InputTexts } from './inputs.ts';

export type Datapoint = components['schemas']['DatapointResponse'];

/** The first datapoints of a dataset, in the version that is deployed. */
export function datapointsQuery(datasetId: string) {
  return queryOptions({
    queryKey: ['file', datasetId, 'datapoints', 'first'],
    queryFn: async ({ signal }): Promise<readonly Datapoint[]> => {
      const params = { path: { id: datasetId }, query: { size: 100 } };
      const { data } = await api.GET('/v5/datasets/{id}/datapoints', { params, signal });
      return data?.records ?? [];
    },
  });
}

/** The inputs of a datapoint, as a person would write them. */
export function inputTextsOf({ inputs }: Datapoint): InputTexts {
  return Object.fromEntries(
    Object.entries(inputs ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** What the user says last in a datapoint; empty when nothing is said. */
export function lastMessageOf({ messages }: Datapoint): string {
  const last = messages?.findLast(({ role }) => role === 'user');
  return typeof last?.content === 'string' ? last.content : '';
}
