import type { Workspace } from '../../database/workspace.ts';
import { readableBatches } from '../../kernel/readable-batches.ts';
import { datasetKind } from '../kinds/dataset.ts';
import { getVersion, type VersionSelector } from '../resolve-version.ts';
import { type Datapoint, datapointsOnPage, findDatapoints } from './datapoint-queries.ts';

/**
 * One page of the datapoints of a version, in their order, and how many it has. They are read in
 * groups of which each fits into memory.
 *
 * @throws what `getVersion` throws.
 */
export async function listDatapoints(
  workspace: Workspace,
  datasetId: string,
  selector: VersionSelector,
  page: { readonly page: number; readonly size: number },
): Promise<{
  readonly groups: readonly (() => Promise<readonly Datapoint[]>)[];
  readonly total: number;
}> {
  const { versionId, spec } = await getVersion(workspace, datasetKind, datasetId, selector);
  const sizes = await datapointsOnPage(workspace, versionId, page);
  const groups = readableBatches(sizes).map((ids) => async () => {
    const found = await findDatapoints(workspace, ids);
    return ids.flatMap((id) => found.get(id) ?? []);
  });
  return { groups, total: spec.datapoints_count };
}
