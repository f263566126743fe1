import type { FileType } from '../contract/kinds/index.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { type Clock, timestamp } from '../kernel/clock.ts';
import { contentId, newId } from '../kernel/ids.ts';
import type { FileVersion } from './file-version.ts';
import { givenDefaults, withGivenDefaults } from './given-defaults.ts';
import type { Fields, FileKind } from './kind.ts';

/**
 * A version that is tried before it is stored. Nothing else has its ids; equal specs have one version id.
 *
 * @param path that it would have; undefined: none yet.
 * @throws `invalid` for faults of the spec; see `FileKind.canonicalSpec`.
 */
export function draftVersion<K extends FileType>(
  clock: Clock,
  kind: FileKind<K>,
  spec: Fields,
  path = 'draft',
): FileVersion<K> {
  const now = timestamp(clock.now());
  const canonical = kind.canonicalSpec(spec);
  const draft = {
    type: kind.type,
    spec: withGivenDefaults(canonical, givenDefaults(kind, spec)),
    id: newId(kind.idPrefix),
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    directoryId: null,
    description: null,
    tags: [],
    readme: null,
    createdAt: now,
    updatedAt: now,
    createdBy: null,
    versionId: contentId(kind.versionIdPrefix, canonicalJson(canonical)),
    versionName: null,
    versionDescription: null,
    versionCreatedAt: now,
    versionUpdatedAt: now,
    versionCreatedBy: null,
    isDeleted: false,
    isFileDeleted: false,
    environments: [],
    versionLogsCount: 0,
    totalLogsCount: 0,
    lastUsedAt: null,
  };
  // Safe: the canonical form of a spec of a kind is a spec of that kind.
  return draft as unknown as FileVersion<K>;
}
