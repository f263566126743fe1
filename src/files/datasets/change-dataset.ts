import type { DatapointContent } from '../../contract/kinds/dataset.ts';
import type { Workspace } from '../../database/workspace.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { FileVersion } from '../file-version.ts';
import { datasetKind } from '../kinds/dataset.ts';
import { presentFields } from '../present-fields.ts';
import { getVersion, type VersionSelector, versionChoice } from '../resolve-version.ts';
import { type StoreRequest, storeVersion } from '../upsert-version.ts';
import { lockFile } from '../version-queries.ts';
import { findNewestVersion, insertDatapoints, listLinkedIds } from './datapoint-queries.ts';
import { datapointsById, distinctDatapoints } from './distinct-datapoints.ts';
import {
  digestChange,
  findInVersion,
  insertParts,
  listSegments,
  loadSegments,
} from './segment-queries.ts';
import { type Part, partsOf, withAdded, withoutRemoved } from './segments.ts';

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
    const named = await datapointsById(fileId, given);
    const attributes = change.attributes ?? base?.spec.attributes;
    const { count, digest } = await digestChange(workspace, {
      base: base?.versionId,
      isRemoval: change.action === 'remove',
      ids: [...named.keys()],
      around: aroundIds(attributes),
    });
    return {
      spec: presentFields({ attributes, datapoints_count: count }),
      fingerprint: digest,
      async storeContent(versionId) {
        const parts =
          change.action === 'remove'
            ? await partsWithout(workspace, base?.versionId, named)
            : await partsWith(workspace, { fileId, base: base?.versionId, named });
        await insertParts(workspace, versionId, parts);
      },
    };
  });
}

/** The text around the sorted ids in that of which a version's fingerprint is made. */
function aroundIds(attributes: unknown): readonly [string, string] {
  const text = canonicalJson(presentFields({ attributes, datapoint_ids: [] }));
  return [text.slice(0, -']}'.length), ']}'];
}

/** Stores the datapoints that the base lacks. @returns the parts of the base, and these. */
async function partsWith(
  workspace: Workspace,
  {
    fileId,
    base,
    named,
  }: {
    readonly fileId: string;
    readonly base: string | undefined;
    readonly named: ReadonlyMap<string, DatapointContent>;
  },
): Promise<readonly Part[]> {
  const { found } = await findInVersion(workspace, base ?? '', [...named.keys()]);
  const added = [...named].filter(([id]) => !found.has(id));
  const ids = added.map(([id]) => id);
  await insertDatapoints(workspace, fileId, added);
  if (base === undefined) return partsOf(ids);
  const segments = await listSegments(workspace, base);
  if (segments.length === 0) return partsOf([...(await listLinkedIds(workspace, base)), ...ids]);
  return withAdded(segments, ids, (of) => loadSegments(workspace, of));
}

async function partsWithout(
  workspace: Workspace,
  base: string | undefined,
  named: ReadonlyMap<string, DatapointContent>,
): Promise<readonly Part[]> {
  if (base === undefined) return [];
  const segments = await listSegments(workspace, base);
  if (segments.length === 0) {
    return partsOf((await listLinkedIds(workspace, base)).filter((id) => !named.has(id)));
  }
  const { segments: touched } = await findInVersion(workspace, base, [...named.keys()]);
  return withoutRemoved(segments, named, touched, (of) => loadSegments(workspace, of));
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
