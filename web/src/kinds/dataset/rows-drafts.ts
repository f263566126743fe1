import type { Drafts } from '../../editor/draft/drafts.ts';
import { queryClient } from '../../query/query-client.ts';
import { isChange } from './changes.ts';
import { changedVersions, dropChanges, readChanges, writeChanges } from './changes-store.ts';
import { datapointsQuery } from './dataset-queries.ts';
import { onOtherRows, together } from './merge.ts';

/** Changes of the rows of datasets. */
export const rowsDrafts: Drafts = {
  has: hasChanges,
  last: (datasetId) =>
    changedVersions(datasetId).find((versionId) => hasChanges(datasetId, versionId)),
  move: async (datasetId, from, to) => {
    const rows = await queryClient.fetchQuery(datapointsQuery(datasetId, to));
    const moved = onOtherRows(readChanges(datasetId, from).changes, rows);
    const both = together(readChanges(datasetId, to).changes, moved);
    // There is room for one of the two.
    dropChanges(datasetId, from);
    writeChanges(datasetId, to, both);
  },
  drop: dropChanges,
  replaces: false,
  newest: ([newest]) => newest,
};

function hasChanges(datasetId: string, versionId: string): boolean {
  return isChange(readChanges(datasetId, versionId).changes);
}
