import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { FileVersion } from '../file-version.ts';
import { datasetKind } from '../kinds/dataset.ts';
import { presentFields } from '../present-fields.ts';
import { getVersion, type VersionSelector, versionChoice } from '../resolve-version.ts';
import { type StoreRequest, specFingerprint, storeVersion } from '../upsert-version.ts';
import { lockFile } from '../version-queries.ts';
import {
  findNewestVersion,
  insertDatapoints,
  linkDatapoints,
  listDatapointIds,
} from './datapoint-queries.ts';
import { datapointsById, distinctDatapoints } from './distinct-datapoints.ts';

/** A change of a dataset: the datapoints, and what to do with them. */
export interface DatasetChange extends StoreRequest {
  readonly action: 'set' | 'add' | 'remove';
  readonly datapoints: readonly DatapointContent[];
  /** If absent, the attributes of the base; with `set`, none. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  /** The version that `add` and `remove` start from; `set` starts from nothing. */
  readonly base: VersionSelector;
  /**
   * The base of a request that names none: the newest version, or the version that answers show.
   */
  readonly baseUnlessNamed: 'newest' | 'shown';
}

/**
 * Finds the version of a dataset that has these datapoints, or creates it. Versions with the same
 * datapoints and attributes are the same version, which keeps its first order.
 *
 * Changes of one dataset run one after the other: of two additions at once, the second starts from
 * the result of the first. Removing a datapoint that does not exist does nothing.
 *
 * @throws what `upsertVersion` throws; `invalid` when the base is named twice; `version_not_found`,
 *   `environment_not_found`, `nothing_deployed` (all not_found) for the base.
 */
export async function changeDataset(
  workspace: Workspace,
  change: DatasetChange,
): Promise<FileVersion<'dataset'>> {
  // Check the base even though `set` ignores it: a base that is named twice is refused.
  versionChoice(change.base);
  const given = await distinctDatapoints(change.datapoints);
  return storeVersion(workspace, datasetKind, change, async (workspace, { id: fileId }) => {
    await lockFile(workspace, fileId);
    const base = await findBase(workspace, fileId, change);
    const before = base ? await listDatapointIds(workspace, base.versionId) : [];
    const named = await datapointsById(fileId, given);
    const ids =
      change.action === 'remove'
        ? before.filter((id) => !named.has(id))
        : [...new Set([...before, ...named.keys()])];
    const attributes = change.attributes ?? base?.spec.attributes;
    return {
      spec: presentFields({ attributes, datapoints_count: ids.length }),
      fingerprint: specFingerprint(presentFields({ attributes, datapoint_ids: ids.toSorted() })),
      async storeContent(versionId) {
        const known = new Set(before);
        const added = [...named].filter(([id]) => !known.has(id));
        if (change.action !== 'remove') await insertDatapoints(workspace, fileId, added);
        await linkDatapoints(workspace, versionId, ids);
      },
    };
  });
}

async function findBase(
  workspace: Workspace,
  fileId: string,
  { action, base, baseUnlessNamed }: DatasetChange,
): Promise<Pick<FileVersion<'dataset'>, 'versionId' | 'spec'> | undefined> {
  if (action === 'set') return undefined;
  return baseUnlessNamed === 'newest' && versionChoice(base).by === 'default'
    ? findNewestVersion(workspace, fileId)
    : getVersion(workspace, datasetKind, fileId, base);
}
