import type { Workspace } from '../../database/workspace.ts';
import { datasetKind } from '../kinds/dataset.ts';
import { getVersion, type VersionSelector } from '../resolve-version.ts';
import { type Datapoint, datapointsOnPage } from './datapoint-queries.ts';

/**
 * One page of the datapoints of a version, in their order, and how many it has.
 *
 * @throws what `getVersion` throws.
 */
export async function listDatapoints(
  workspace: Workspace,
  datasetId: string,
  selector: VersionSelector,
  page: { readonly page: number; readonly size: number },
): Promise<{ readonly records: readonly Datapoint[]; readonly total: number }> {
  const { versionId, spec } = await getVersion(workspace, datasetKind, datasetId, selector);
  const records = await datapointsOnPage(workspace, versionId, page);
  return { records, total: spec.datapoints_count };
}
