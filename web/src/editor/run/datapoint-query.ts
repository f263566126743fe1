import { queryOptions } from '@tanstack/react-query';
import { readExact } from '../../api/client.ts';
import type { AnswerOf, Schemas } from '../../api/types.ts';
import type { InputTexts } from './inputs.ts';

export type Datapoint = Schemas['DatapointResponse'];

/** The first datapoints of a dataset, in the version that is deployed. */
export function datapointsQuery(datasetId: string) {
  return queryOptions({
    queryKey: ['file', datasetId, 'datapoints', 'first'],
    queryFn: async ({ signal }): Promise<readonly Datapoint[]> => {
      const path = `/v5/datasets/${datasetId}/datapoints?size=100`;
      const page = await readExact<AnswerOf<'/v5/datasets/{id}/datapoints'>>(path, { signal });
      return page.records;
    },
    // Numbers that are kept as they were written are no values to look into.
    structuralSharing: false,
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
