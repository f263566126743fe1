import type { Workspace } from '../database/workspace.ts';
import { findLinkedVersions } from './file-queries.ts';
import type { FileVersion } from './file-version.ts';
import type { FileLink } from './kind.ts';
import { kindOf } from './kinds/index.ts';

/** Linked versions by {@link linkKey}. Links to files that do not exist have no entry. */
export type LinkedFiles = ReadonlyMap<string, FileVersion>;

/** Equal for links to the same version. */
export function linkKey({ fileId, versionId, environmentId }: Omit<FileLink, 'loc'>): string {
  return `${fileId} ${versionId ?? ''} ${environmentId ?? ''}`;
}

/** The links of a version, in the order of its spec. */
export function linksOf({ type, spec }: FileVersion): readonly FileLink[] {
  return kindOf(type).links(spec);
}

/**
 * Loads the files that some versions link to. For linked files of kinds whose links end, it loads
 * one level more.
 */
export async function loadLinkedFiles(
  workspace: Workspace,
  versions: readonly FileVersion[],
): Promise<LinkedFiles> {
  const linked = new Map<string, FileVersion>();
  const follow = async (from: readonly FileVersion[]) => {
    const links = from.flatMap(linksOf).filter((link) => !linked.has(linkKey(link)));
    const found = await findLinkedVersions(workspace, links);
    return links.flatMap((link, index) => {
      const version = found[index];
      if (!version) return [];
      linked.set(linkKey(link), version);
      return kindOf(version.type).linksEnd ? [version] : [];
    });
  };
  await follow(await follow(versions));
  return linked;
}
